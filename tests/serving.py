"""A real site for tests: `serve` in a process tree of its own, on a database of its own, asked over HTTP."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
# What systemd does before it starts a service that has a socket.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""


def eventually(question: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def children(pid: int) -> dict[int, str]:
    """Process id and command line of the children that run."""
    found = {}
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in listed.read_text().split():
            found[int(child)] = Path(f"/proc/{child}/cmdline").read_text()
    return found


class Answer(NamedTuple):
    status: int  # 0 if the connection ended without an answer
    body: str = ""
    retry_after: str | None = None


class Site:
    """Its socket is ours, as it is systemd's on a server, and stays open while the site stops and starts."""

    def __init__(self, folder: Path, database: Path, post: str, **environ: str) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.host = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.database, self.post = database, post
        self.memory = TemporaryDirectory(dir="/dev/shm")
        self.environ = {
            **os.environ,
            "SITE_URL": f"http://{self.host}",
            "DATABASE_URL": f"sqlite:///{database}",
            "MEDIA_ROOT": str(folder / "media"),
            "MEMORY_DIR": self.memory.name,
            "TRUSTED_PROXY_HOPS": "1",  # so that every commenter has an address of their own
            **environ,
        }
        self.log = folder / "log"
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str, under: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """The first process of the tree, which is a process group of its own. Waits until the site is ready."""
        fd = self.listener.fileno()
        command = [*under, sys.executable, "-c", HAND_OVER, str(fd), *MANAGE, "serve", *options]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, env=self.environ, stdout=log, stderr=log, pass_fds=[fd], start_new_session=True
            )
        self.started.append(process)
        eventually(lambda: self.get("/healthz").status == 200)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        assert process.wait(timeout=120) == 0

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """The whole tree at once, as a crash of the machine would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                self.kill(process)
        self.listener.close()
        self.memory.cleanup()

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def comment(self, text: str, *, source: str = "192.0.2.1", headers: dict[str, str] | None = None) -> Answer:
        form = urlencode({"name": "Min-ji", "comment": text})
        kind = "application/x-www-form-urlencoded"
        return self.ask(
            "POST", f"{self.post}comments/", form, {"Content-Type": kind, "X-Forwarded-For": source, **(headers or {})}
        )

    def ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Answer:
        """On a connection of its own, and only once."""
        connection = HTTPConnection(self.host, timeout=300)
        try:
            connection.request(method, path, body, {"Connection": "close", **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(), response.headers["Retry-After"])
        except (OSError, HTTPException):
            return Answer(0)
        finally:
            connection.close()

    def query(self, sql: str, *parameters: object) -> list[Any]:
        with closing(sqlite3.connect(self.database, timeout=20)) as database, database:
            return database.execute(sql, parameters).fetchall()

    def servers(self, process: subprocess.Popen[bytes]) -> set[int]:
        """The processes that answer requests."""
        return {pid for pid, command in children(process.pid).items() if "worker" not in command}


@contextmanager
def steadily(ask: Callable[[int], Answer], *, per_second: int) -> Iterator[list[Future[Answer]]]:
    """Ask so often meanwhile, whether or not earlier questions are answered. What is asked is numbered from 0."""
    stop, asked = Event(), list[Future[Answer]]()

    def go_on() -> None:
        while not stop.wait(1 / per_second):
            asked.append(pool.submit(ask, len(asked)))

    with ThreadPoolExecutor(1000) as pool:
        asker = Thread(target=go_on)
        asker.start()
        try:
            yield asked
        finally:
            stop.set()
            asker.join()
