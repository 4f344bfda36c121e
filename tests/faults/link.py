"""A connection between a site and a server that it needs, which can be cut, fall silent, and come back."""

import socket
from contextlib import suppress
from threading import Event, Thread


class Link:
    """Listens on `port` of this machine, and hands on what comes to a server's port and back."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.ends: list[socket.socket] = []
        self.speaks = Event()
        self.come_back()

    def come_back(self) -> None:
        """What was said during a silence arrives; what was cut has to be connected anew."""
        self.speaks.set()
        if self.listener.fileno() < 0:
            self.listener = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def fall_silent(self) -> None:
        """Connections are kept and even made, but nothing is said any more, as by a process that hangs."""
        self.speaks.clear()

    def cut(self) -> None:
        hang_up(self.listener)
        while self.ends:
            hang_up(self.ends.pop())

    def accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _address = listener.accept()
                there = socket.create_connection(("127.0.0.1", self.server))
                self.ends += [here, there]
                Thread(target=self.hand_on, args=(here, there), daemon=True).start()
                Thread(target=self.hand_on, args=(there, here), daemon=True).start()

    def hand_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.speaks.wait()
                target.sendall(data)
        hang_up(source)
        hang_up(target)


def hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
