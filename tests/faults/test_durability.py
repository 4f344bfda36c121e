"""What was acknowledged stays, once, whatever happens to the processes, to other writers and to the disk."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import pytest

from tests.faults.conftest import FULL
from tests.serving import Site, eventually

pytestmark = pytest.mark.sqlite  # which these sites have

COMMENTS, KILLS = (1000, 20) if FULL else (40, 2)
SECONDS = 60
SYNCED = 100


def source(number: int) -> str:
    return f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"


def stored(site: Site) -> list[str]:
    return [body for (body,) in site.query("SELECT body FROM comments_comment")]


def test_no_acknowledged_comment_is_lost_or_doubled_when_every_process_is_killed(site: Site) -> None:
    process = site.start()
    acknowledged: list[str] = []

    def send_until_taken(number: int) -> None:
        """As somebody does who sees no answer, and presses the button again."""
        text = f"Comment {number}."
        while (answer := site.comment(text, source=source(number))).status != 303:
            assert answer.status == 0, answer
        acknowledged.append(text)

    with ThreadPoolExecutor(8) as pool:
        sending = [pool.submit(send_until_taken, number) for number in range(COMMENTS)]
        for kill in range(1, KILLS + 1):
            eventually(lambda kill=kill: len(acknowledged) >= kill * COMMENTS // (KILLS + 1))
            site.kill(process)
            assert set(acknowledged) <= set(stored(site))
            process = site.start()
        for sent in sending:
            sent.result()
    assert sorted(stored(site)) == sorted(acknowledged)
    assert len(acknowledged) == len(set(acknowledged)) == COMMENTS
    assert site.query("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.at_length
def test_thirty_two_writers_at_once_are_all_answered(site: Site) -> None:
    site.start("--no-worker")
    ends, statuses, lock = time.monotonic() + SECONDS, [], Lock()

    def write(writer: int) -> None:
        number = 0
        while time.monotonic() < ends:
            answer = site.comment(
                f"Comment {number} of {writer}.", source=f"10.{writer}.{number // 250}.{number % 250}"
            )
            number += 1
            with lock:
                statuses.append(answer.status)

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(write, range(32)))
    assert set(statuses) == {303}
    assert len(stored(site)) == len(statuses)


@pytest.mark.at_length
def test_each_comment_is_on_the_disk_before_it_is_acknowledged(site: Site, tmp_path: Path) -> None:
    """A killed process takes nothing along, synced or not; a power cut does. So the calls themselves are counted."""
    calls = tmp_path / "calls"
    traced = ("strace", "-f", "-qq", "-s", "16", "-e", "trace=fsync,fdatasync,write,writev,sendto,sendmsg")
    site.start("--no-worker", "--workers=1", under=(*traced, "-o", str(calls)))
    for number in range(SYNCED):
        assert site.comment(f"Comment {number}.", source=source(number)).status == 303
    answered = re.split(r'"HTTP/1.1 303', calls.read_text())[:-1]
    assert len(answered) == SYNCED
    assert all(re.search(r"sync(\(\d+| resumed>)\) += 0", before) for before in answered)
