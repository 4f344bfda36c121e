"""The samples of docs/deploy/ in front of a real site: what they let through, and what they make of it."""

import gzip
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from comments.limits import MAX_COMMENTS
from config.management.commands.serve import THREADS
from tests.serving import Answer, Site, eventually

pytestmark = [pytest.mark.sqlite, pytest.mark.at_length]

SAMPLES = settings.BASE_DIR / "docs" / "deploy"
NGINX = "daemon off; pid {folder}/pid; user root; events {{}}\nhttp {{\n{paths}\ninclude {config};\n}}\n"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
PUBLIC = {"SITE_URL": "https://example.org", "SECRET_KEY": "abcdefghij" * 6}
FORGED = "X-Forwarded-For: 192.0.2.7\r\nX_Forwarded_For: 192.0.2.7\r\nForwarded: for=192.0.2.7\r\n"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def for_two_machines(sample: str) -> str:
    """With what docs/operating.md has in the place of the one machine."""
    document = (settings.BASE_DIR / "docs" / "operating.md").read_text()
    for first, replaced in (("upstream", r"upstream .*?\n}\n"), ("reverse_proxy", r"reverse_proxy .*?{\n")):
        [block] = re.findall(rf"```\n( *{first} .*?) *```", document, flags=re.S)
        sample = re.sub(replaced, block, sample, flags=re.S)
    return sample


class Proxy:
    """One of the samples, with ports and a certificate of the test's own."""

    def __init__(self, kind: str, folder: Path, site: Site, *, second: Site | None = None) -> None:
        self.kind, self.folder, self.site, self.second = kind, folder, site, second
        self.port, self.plain_port = free_port(), free_port()
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        made = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=example.org")
        files = ("-out", str(self.certificate), "-keyout", str(self.key))
        subprocess.run(["openssl", "req", *made, *files], capture_output=True, check=True)
        self.config = folder / "config"
        self.config.write_text(
            self.adapted((SAMPLES / {"nginx": "nginx.conf", "caddy": "Caddyfile"}[kind]).read_text())
        )

    def adapted(self, sample: str) -> str:
        if self.second:
            sample = for_two_machines(sample).replace("10.0.0.11:8000", self.site.host)
            sample = sample.replace("10.0.0.12:8000", self.second.host)
        sample = sample.replace("127.0.0.1:8000", self.site.host)
        if self.kind == "caddy":
            site = f"example.org:{self.port} {{\n\tbind 127.0.0.1\n\ttls {self.certificate} {self.key}"
            ports = f"{{\n\tadmin off\n\thttp_port {self.plain_port}\n\thttps_port {self.port}"
            return re.sub(r"^\{", ports, sample.replace("example.org {", site), flags=re.M)
        sample = re.sub(r"listen \[::\]:.*", "", sample)
        sample = sample.replace("listen 80", f"listen 127.0.0.1:{self.plain_port}")
        sample = sample.replace("listen 443", f"listen 127.0.0.1:{self.port}")
        return re.sub(r"/etc/letsencrypt/\S+/(fullchain|privkey).pem", self.pem, sample)

    def pem(self, found: re.Match[str]) -> str:
        return str(self.certificate if found[1] == "fullchain" else self.key)

    def command(self) -> list[str]:
        if self.kind == "caddy":
            return ["caddy", "run", "--config", str(self.config), "--adapter", "caddyfile"]
        paths = "\n".join(f"{name}_temp_path {self.folder}/{name};" for name in TEMPORARY)
        main = self.folder / "main"
        main.write_text(NGINX.format(folder=self.folder, paths=paths, config=self.config))
        return ["nginx", "-p", str(self.folder), "-c", str(main), "-e", "stderr"]

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        with (
            (self.folder / "proxy.log").open("wb") as log,
            subprocess.Popen(
                self.command(), stdout=log, stderr=log, env=self.site.environ | {"HOME": str(self.folder)}
            ) as process,
        ):
            eventually(self.answers)
            yield self
            process.terminate()

    def answers(self) -> bool:
        with closing(socket.socket()) as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0

    @contextmanager
    def connected(self) -> Iterator[ssl.SSLSocket]:
        context = ssl.create_default_context(cafile=str(self.certificate))
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=30) as plain,
            context.wrap_socket(plain, server_hostname="example.org") as connection,
        ):
            yield connection

    def ask(self, method: str, path: str, headers: str = "", body: bytes = b"") -> Answer:
        head = f"{method} {path} HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n{headers}"
        with self.connected() as connection:
            with suppress(OSError):  # it may be answered before all of it is sent
                connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            try:
                return answer_of(b"".join(iter(lambda: connection.recv(65536), b"")))
            except OSError:
                return Answer(0)

    def comment(self, text: str, headers: str = "") -> Answer:
        form = urlencode({"name": "Min-ji", "comment": text}).encode()
        kind = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n"
        return self.ask("POST", f"{self.site.post}comments/", kind + headers, form)


def answer_of(raw: bytes) -> Answer:
    """Its body has the headers, too."""
    head, _empty, body = raw.partition(b"\r\n\r\n")
    if b"content-encoding: gzip" in head.lower():
        body = gzip.decompress(body)
    return Answer(int(head[9:12]), f"{head.decode()}\n\n{body.decode()}")


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest, with_post: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    database, post = with_post
    site = Site(folder, Path(shutil.copy(database, folder)), post, **PUBLIC)
    site.start("--no-worker")
    with Proxy(request.param, folder, site).running() as proxy:
        yield proxy
    site.close()


def test_a_reader_gets_the_page_over_https_only(proxy: Proxy) -> None:
    page = proxy.ask("GET", proxy.site.post, "Accept-Encoding: gzip\r\n")
    assert page.status == 200
    assert "content-encoding: gzip" in page.body.lower()
    assert page.body.lower().count("strict-transport-security: max-age=31536000") == 1
    assert 'id="respond"' in page.body
    with socket.create_connection(("127.0.0.1", proxy.plain_port), timeout=30) as plain:
        plain.sendall(b"GET /feed/ HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n")
        told = plain.recv(2000).decode()
    assert re.match(r"HTTP/1\.1 30[18] ", told)
    assert re.search(r"Location: https://example\.org(:\d+)?/feed/\r\n", told)


def test_what_a_client_says_of_its_address_does_not_count(proxy: Proxy) -> None:
    """Its own is an onion service's, and never refused; the forged one would be, as the last lines show."""
    for number in range(MAX_COMMENTS + 1):
        assert proxy.comment(f"Comment {number}.", FORGED).status == 303
    directly = {"Host": "example.org", "X-Forwarded-Proto": "https"}
    statuses = [
        proxy.site.comment(f"Directly {number}.", source="192.0.2.7", headers=directly).status
        for number in range(MAX_COMMENTS + 1)
    ]
    assert statuses == [303] * MAX_COMMENTS + [429]


def test_what_is_too_large_is_refused(proxy: Proxy) -> None:
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    answer = proxy.ask("POST", "/admin/login/", kind, bytes(30_000_000))
    assert answer.status == 0 or answer.status >= 400  # by the proxy, or by Tumen while it is still sent
    assert proxy.ask("GET", "/").status == 200


def test_more_slow_senders_than_the_site_has_threads_keep_nobody_waiting(proxy: Proxy) -> None:
    head = f"POST {proxy.site.post}comments/ HTTP/1.1\r\nHost: example.org\r\nContent-Length: 2000\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    with ExitStack() as senders:
        for _ in range(3 * THREADS):
            senders.enter_context(proxy.connected()).sendall(f"{head}{kind}name=Slow".encode())
        assert proxy.ask("GET", "/").status == 200


def test_nobody_writes_down_who_asked_for_what(proxy: Proxy) -> None:
    proxy.ask("GET", "/canary/")
    proxy.comment("Canary.")
    proxy.site.kill(proxy.site.started[-1])  # so this test is the last
    proxy.site.listener.close()
    assert proxy.ask("GET", "/canary/").status == 502
    written = "".join(path.read_text() for path in (proxy.folder / "proxy.log", proxy.site.log))
    assert "canary" not in written.lower()
