"""Akismet as its protocol is documented, on the loopback interface, and every way in which it fails."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

KEY = "123secretkey"
THANKS = "Thanks for making the web a better place."
REQUIRED = {"api_key", "blog", "user_ip"}


class Conversation(BaseHTTPRequestHandler):
    server: "FakeAkismet"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        self.server.received.append((self.path, fields))
        fault = getattr(self, f"fault_{self.server.fault}", None)
        if fault:
            fault()
        elif missing := sorted(REQUIRED - fields.keys()):
            self.answer(
                f"Missing required field: {missing[0]}.", {"X-akismet-debug-help": f'Empty "{missing[0]}" value'}
            )
        elif fields["api_key"] != KEY:
            self.answer("invalid", {"X-akismet-debug-help": f"We were unable to parse your key {fields['api_key']}"})
        elif self.path == "/1.1/comment-check":
            self.check(fields["comment_author"])
        else:
            self.answer(THANKS)

    def check(self, author: str) -> None:
        """The names for which Akismet promises a certain answer, and one of ours for the worst."""
        tip = {"X-akismet-pro-tip": "discard"} if author == "akismet-discard" else {}
        self.answer("true" if author.startswith("akismet-") else "false", tip)

    def answer(self, text: str, headers: dict[str, str] | None = None, *, status: int = 200) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def fault_500(self) -> None:
        self.answer("Internal Server Error", status=500)

    def fault_garbage(self) -> None:
        self.answer("<html>Welcome to this hotel's network: 123secretkey</html>")

    def fault_empty(self) -> None:
        self.answer("")

    def fault_redirect(self) -> None:
        self.answer("true", {"Location": "http://127.0.0.1:1/"}, status=302)

    def fault_reset(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def fault_noise(self) -> None:
        self.wfile.write(b"\0\1\2\3\r\n\r\n")

    def fault_hang(self) -> None:
        self.server.over.wait(timeout=30)

    def fault_drip(self) -> None:
        """Always something new, never the end."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not self.server.over.wait(timeout=0.2):
            try:
                self.wfile.write(b"t")
            except OSError:
                return

    def log_message(self, *args: Any) -> None:
        pass


FAULTS = sorted(name.removeprefix("fault_") for name in vars(Conversation) if name.startswith("fault_"))


class FakeAkismet(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.fault = ""
        self.received: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator["FakeAkismet"]:
        thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self.shutdown()
            thread.join()
            self.server_close()
