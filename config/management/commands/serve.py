"""The production server and the worker beside it, in one process tree in the foreground."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connections
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from config import logs
from config.encoding import Application, only_utf_8
from config.health import migrated
from config.listener import Server, leave_in_order, listen
from config.processes import end_with_parent

THREADS = 16  # requests that one process answers at a time
DRAIN = 25  # seconds that running requests are given when the server stops
OVERLAP = 1  # second that a process gets to start before the one that it replaces stops, at SIGHUP
PATIENCE = 8  # seconds in which PostgreSQL has to answer what a page asks
RESTART_PAUSE = 5  # seconds before a worker that died is replaced


class Command(BaseCommand):
    help = "Serve the site, and do its deferred work, until stopped."
    requires_system_checks: list[str] = []  # all are made below, with those of the database

    def add_arguments(self, parser: CommandParser) -> None:
        port = (urlsplit(settings.SITE_URL).port if not settings.PRODUCTION else None) or 8000
        parser.add_argument("--bind", type=address, default=f"127.0.0.1:{port}", metavar="HOST:PORT")
        parser.add_argument("--workers", type=int, default=2, help="processes that answer requests (default: 2)")
        parser.add_argument("--no-worker", action="store_true", help="leave the deferred work to another `worker`")

    def handle(self, *, bind: tuple[str, int], workers: int, no_worker: bool, **options: Any) -> None:
        if found := list(faults()):
            raise CommandError("\n".join(found))
        first = not User.objects.filter(is_active=True, is_superuser=True).exists()
        connections.close_all()  # none may be shared with the processes that are forked
        listener = socket_at(*bind)
        host, port = listener.getsockname()[:2]
        server = Server(
            listener,
            target="config.wsgi:application",
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            respawn_interval=OVERLAP,
            workers_kill_timeout=DRAIN,
            log_level=LogLevels.error,
        )
        self.stdout.write(f"Serving {settings.SITE_URL}/ on {host}:{port}. Stop with Ctrl-C.")
        if first:
            self.stdout.write("There is no administrator yet. Make one with: manage.py createsuperuser")
        self.stdout.flush()
        with nullcontext() if no_worker else worker_beside():
            server.serve(target_loader=partial(load, os.getpid(), listener), wrap_loader=False)


def address(value: str) -> tuple[str, int]:
    """HOST:PORT, with an IPv6 host in brackets."""
    parts = urlsplit(f"//{value}")
    if not parts.hostname or not parts.port:
        raise ValueError(value)
    return parts.hostname, parts.port


def socket_at(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        raise CommandError(f"{host}:{port} cannot be served on: {os.strerror(error.errno or 0)}.") from error


def faults() -> Iterator[str]:
    """One sentence for each reason not to start."""
    try:
        yield from (error.msg for error in run_checks(databases=["default"]) if error.is_serious())
        if not migrated():
            yield "The database is not up to date: run manage.py migrate."
    except OperationalError as error:
        yield f"The database does not answer: {error}"
    if not settings.DEBUG and not Path(settings.STATIC_ROOT, "staticfiles.json").exists():
        yield "The static files are not in place: run manage.py collectstatic."


def load(parent: int, listener: socket.socket) -> Application:
    """The application, in each process that answers requests."""
    leave_in_order(listener)
    end_with_parent(parent)
    connections.settings["default"]["PATIENCE"] = PATIENCE
    application = get_wsgi_application()  # which sets the log up again
    logs.to_stdout()
    return only_utf_8(application)


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker for as long as the server runs; one that dies is replaced."""
    stopping = Event()
    keeper = Thread(target=keep_worker, args=(stopping,))
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def keep_worker(stopping: Event) -> None:
    # A process that the server forks while another is being started here would hold the starter's pipe open, and with
    # it this thread for ever: so none is forked meanwhile.
    starting = Lock()
    os.register_at_fork(before=starting.acquire, after_in_parent=starting.release, after_in_child=starting.release)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--parent", str(os.getpid())]
    while not stopping.is_set():
        with starting:
            started = subprocess.Popen(command)  # noqa: S603
        with started as worker:
            while worker.poll() is None and not stopping.wait(1):
                pass
            worker.terminate()
        stopping.wait(RESTART_PAUSE)
