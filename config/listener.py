"""The socket that readers connect to. It is held open while the processes that answer come and go."""

import os
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

from granian._granian import SocketHolder
from granian.server import MPServer

BACKLOG = 1024  # connections that wait while nobody answers
HANDED_OVER = 3  # the file descriptor of the first socket that systemd hands over: sd_listen_fds(3)
LAST_READS = 0.3  # seconds in which a process that ends reads what its newest connections ask for


def listen(host: str, port: int) -> socket.socket:
    """The socket that systemd holds for us, whatever its address, else one of our own. Raises OSError."""
    if os.environ.get("LISTEN_PID") == str(os.getpid()):
        return socket.socket(fileno=HANDED_OVER)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


class Server(MPServer):
    """Granian, but with one socket for all processes.

    By itself it opens one in each on Linux, and whoever waits at that of a process which ends is sent away.
    """

    def __init__(self, listener: socket.socket, **options: Any) -> None:
        super().__init__(**options)
        self.listener = listener

    def _init_shared_socket(self) -> None:
        self._sso = self.listener
        holder: Any = SocketHolder
        self._shd = holder(self.listener.fileno(), uds=False, backlog=BACKLOG)


def leave_in_order(listener: socket.socket) -> None:
    """At SIGTERM, have this process accept no more connections for a moment before Granian is told to end it.

    Granian closes a connection on which nothing has been read yet, even if the request is on its way. Only on Linux.
    """
    if sys.platform == "linux":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # in the threads of Granian, too, which start later
        Thread(target=await_end, args=(listener,), daemon=True).start()


def await_end(listener: socket.socket) -> None:
    signal.sigwait({signal.SIGTERM})
    for found in Path("/proc/self/fd").iterdir():
        if found.is_symlink() and os.readlink(found) == "anon_inode:[eventpoll]":
            with select.epoll.fromfd(os.dup(int(found.name))) as poll, suppress(FileNotFoundError):
                poll.unregister(listener)
    sleep(LAST_READS)
    os.kill(os.getpid(), signal.SIGINT)
