"""Sources of signals that fail in every way that a source can fail."""

import math
import os
import socket
import time
from collections.abc import Iterable, Iterator

from comments.spam import Evidence, Signal, Submission


def raises(submission: Submission) -> Iterable[Signal]:
    raise RuntimeError(submission.text)


def talks_nonsense(submission: Submission) -> Iterator[Signal]:
    yield Signal("good", -40.0, "It is by a friend.")
    yield Signal("bad", math.nan, "It is by an enemy.", Evidence("text", 0, 3, "never said"))


def is_too_slow(submission: Submission) -> Iterator[Signal]:
    end = time.thread_time() + 0.25
    while time.thread_time() < end:
        pass
    yield Signal("good", -40.0, "It is by a friend.")


def is_offline(submission: Submission) -> Iterable[Signal]:
    """Asks a server that takes the connection and never answers."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=0.1) as connection,
    ):
        connection.recv(1)
    return ()


is_offline.remote = True  # type: ignore[attr-defined]  # it keeps a time limit of its own


def ends_its_process(submission: Submission) -> Iterable[Signal]:
    os._exit(1)


def hangs(submission: Submission) -> Iterable[Signal]:
    while True:
        pass


def answers(submission: Submission) -> Iterator[Signal]:
    yield Signal("answer", 1.0, "It was asked.")
