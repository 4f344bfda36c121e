"""A mail server that takes mail, or fails in one of the ways that mail servers fail."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any


class Conversation(socketserver.StreamRequestHandler):
    server: "FakeServer"

    def handle(self) -> None:
        if self.server.fault == "hang":
            self.keep_waiting()
            return
        self.say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT" and self.server.fault in {"450", "550"}:
                self.say(f"{self.server.fault} not this one")
            elif verb == b"DATA":
                self.say("354 go on")
                self.server.received.append(message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n"))))
                if self.server.fault == "hold":
                    self.keep_waiting()
                if self.server.fault in {"drop", "hold"}:
                    return
                self.say("250 taken")
            else:
                self.say("250 well")

    def keep_waiting(self) -> None:
        self.server.faults += 1
        self.server.over.wait(timeout=30)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class FakeServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.fault = ""
        self.faults = 0  # conversations that wait for nothing
        self.received: list[Message] = []
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    @contextmanager
    def running(self) -> Iterator[Any]:
        thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self.shutdown()
            thread.join()
            self.server_close()
