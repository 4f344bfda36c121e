"""The server stops, starts and loses processes, and those who ask notice nothing."""

import os
import signal
import socket
from collections import Counter
from contextlib import closing

import pytest

from tests.faults.conftest import FULL
from tests.serving import Answer, Site, eventually, steadily

pytestmark = pytest.mark.sqlite  # which these sites have

TIMES = 10 if FULL else 1
PER_SECOND = 50 if FULL else 20


def ask_and_comment(site: Site, number: int) -> Answer:
    """Every tenth request sends a comment."""
    if number % 10:
        return site.get(site.post)
    return site.comment(f"Comment {number}.", source=f"10.0.{number // 250}.{number % 250}")


def assert_all_were_answered(site: Site, statuses: Counter[int]) -> None:
    assert set(statuses) == {200, 303}, statuses
    assert site.query("SELECT count(*), count(DISTINCT body) FROM comments_comment") == [(statuses[303],) * 2]


def test_no_request_fails_while_the_site_stops_and_starts(site: Site) -> None:
    process = site.start()
    with steadily(lambda number: ask_and_comment(site, number), per_second=PER_SECOND) as asked:
        for _time in range(TIMES):
            site.stop(process)
            process = site.start()
    assert_all_were_answered(site, Counter(answer.result().status for answer in asked))


@pytest.mark.at_length
def test_no_request_fails_while_each_process_is_replaced(site: Site) -> None:
    process = site.start()
    with steadily(lambda number: ask_and_comment(site, number), per_second=PER_SECOND) as asked:
        for _time in range(TIMES):
            before = site.servers(process)
            process.send_signal(signal.SIGHUP)
            eventually(lambda before=before: len(site.servers(process) - before) == 2)
            eventually(lambda before=before: not site.servers(process) & before)
    assert_all_were_answered(site, Counter(answer.result().status for answer in asked))


def test_a_server_process_that_dies_is_replaced_and_the_others_go_on(site: Site) -> None:
    process = site.start()
    before = site.servers(process)
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    assert {site.get("/").status for _time in range(50)} == {200}
    eventually(lambda: len(site.servers(process) - before) == 1)
    assert {site.get("/").status for _time in range(50)} == {200}


def test_a_request_that_has_begun_is_answered_before_the_site_stops(site: Site) -> None:
    process = site.start("--no-worker")
    form = b"name=Min-ji&comment=It+came+late."
    head = f"POST {site.post}comments/ HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: {len(form)}\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n"
    with closing(socket.create_connection(site.listener.getsockname(), timeout=60)) as connection:
        connection.sendall((head + kind).encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        process.terminate()
        eventually(lambda: len(site.servers(process)) < 2)  # the other had nothing to do
        connection.sendall(form)
        assert connection.recv(20).startswith(b"HTTP/1.1 303")
    assert process.wait(timeout=60) == 0
    assert site.query("SELECT body FROM comments_comment") == [("It came late.",)]
