"""Whoever waits longest for the database is the next to write."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction

from tests.serving import eventually

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


class Writer(Thread):
    def __init__(self, order: list["Writer"]) -> None:
        super().__init__()
        self.order, self.refused = order, False
        self.start()

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.order.append(self)
        except OperationalError:
            self.refused = True
        finally:
            connection.close()


@contextmanager
def writers(number: int) -> Iterator[list[Writer]]:
    """So many come one after the other while somebody else is before them, who goes when the block ends."""
    came, order = [], list[Writer]()
    queue = Path(f"{connection.settings_dict['NAME']}.queue")
    with queue.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        for _ in range(number):
            came.append(Writer(order))
            eventually(lambda: waiting(queue) == len(came))
        yield order
    for writer in came:
        writer.join()
    assert [writer for writer in came if not writer.refused] == order


def waiting(queue: Path) -> int:
    """How many the kernel knows to wait for the lock of the file."""
    inode = os.stat(queue).st_ino
    locks = Path("/proc/locks").read_text().splitlines()
    return sum("-> FLOCK" in lock and f":{inode} " in lock for lock in locks)


def test_writers_go_in_the_order_in_which_they_came() -> None:
    with writers(5) as order:
        assert order == []
    assert len(order) == 5


def test_who_has_waited_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as impatient:
        impatient.setitem(connection.settings_dict["OPTIONS"], "timeout", 0)
        with writers(2) as order:
            pass
    assert order == []
