"""A mail server fails in the worst ways: comments are taken all the same, and every mail arrives."""

import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.comments.smtp import FakeServer
from tests.serving import MANAGE, Site, eventually

pytestmark = pytest.mark.sqlite  # which these sites have

ENQUEUE = """
from comments.outbox import enqueue
for number in range(3):
    enqueue("queue", f"moderator{number}@example.org", f"Mail {number}", "Text")
"""
MAKE_DUE = "UPDATE comments_outboxmail SET next_try_at = '2020-01-01 00:00:00' WHERE next_try_at IS NOT NULL"
NOT_SENT = "SELECT 1 FROM comments_outboxmail WHERE sent_at IS NULL"


@pytest.fixture
def mail_server(site: Site) -> Iterator[FakeServer]:
    with FakeServer().running() as server:
        site.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        subprocess.run([*MANAGE, "shell", "--verbosity=0", "-c", ENQUEUE], env=site.environ, check=True)
        yield server


@pytest.mark.parametrize("fault", [pytest.param("hang", marks=pytest.mark.at_length), "hold"])
def test_a_crash_in_the_middle_of_a_mail_loses_none_and_doubles_at_most_that_one(
    site: Site, mail_server: FakeServer, fault: str
) -> None:
    """The server says nothing at all, or nothing more once it has the mail."""
    mail_server.fault = fault
    process = site.start()
    eventually(lambda: mail_server.faults)
    assert site.comment("While the mail server keeps the worker waiting.").status == 303
    assert not mail_server.over.is_set()
    site.kill(process)
    mail_server.fault = ""
    site.query(MAKE_DUE)  # as it is when the lease of the worker that was killed has ended …
    site.query("DELETE FROM comments_sweep")  # … and its turn is over
    site.start()
    eventually(lambda: not site.query(NOT_SENT))
    received = Counter(message["Message-ID"] for message in mail_server.received)
    assert sorted(received.values()) == ([1, 1, 2] if fault == "hold" else [1, 1, 1])
