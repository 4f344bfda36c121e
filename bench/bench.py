#!/usr/bin/env python3
"""What a request costs: CPU of the production server, latency, queries, and the ratio to an empty Django view.

Loads 1,000 posts and 20,000 comments into a throw-away database and serves them with one worker, first without a cache
(every page is built), then with the default cache (pages lie ready behind their stamps). One client, one request at a
time, so the figures are costs and not capacities. Trust the ratios: machines differ.
"""

import argparse
import gzip
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
PORT = 8765
WARM_UP = 20  # requests that are not counted
TICKS = os.sysconf("SC_CLK_TCK")  # clock ticks a second in /proc/PID/stat


class Case(NamedTuple):
    name: str
    path: str
    headers: dict[str, str] = {}
    posts_comments: bool = False
    status: int = 200


class Figures(NamedTuple):
    cpu: float  # milliseconds of the server a request
    p50: float  # milliseconds until the answer was read
    p99: float


def environment(folder: Path, cache: str) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "SITE_URL": f"http://127.0.0.1:{PORT}",
        "SECRET_KEY": "only-for-the-bench-" * 4,
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "CACHE_URL": cache,
        "EMAIL_URL": "dummymail://",
        "TIME_ZONE": "UTC",
        "TRUSTED_PROXY_HOPS": "1",  # each comment comes from a source of its own
    }


def manage(environ: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def server(environ: dict[str, str]) -> Iterator[int]:
    """The production server with one worker; yields its process id."""
    command = [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{PORT}", "--workers", "1", "--no-worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        wait_until_it_answers()
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_it_answers() -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("The server did not start within a minute.")


def family(pid: int) -> list[int]:
    """The process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def cpu_seconds(pid: int) -> float:
    """User and system time that the process tree has used."""
    ticks = 0
    for member in family(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def ask(connection: http.client.HTTPConnection, case: Case, number: int) -> tuple[int, http.client.HTTPMessage, bytes]:
    headers = {"Accept-Encoding": "gzip", **case.headers}
    if case.posts_comments:
        body = urlencode({"name": f"Reader {number}", "comment": f"A comment of usual length, number {number}. " * 6})
        source = f"2001:db8:{number // 65536:x}:{number % 65536:x}::1"
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": source}
        connection.request("POST", case.path, body, headers)
    else:
        connection.request("GET", case.path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def measure(pid: int, case: Case, requests: int, numbers: Iterator[int]) -> Figures:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    for _ in range(WARM_UP):
        ask(connection, case, next(numbers))
    before, latencies = cpu_seconds(pid), []
    for _ in range(requests):
        start = time.perf_counter()
        status, _headers, _body = ask(connection, case, next(numbers))
        latencies.append(1000 * (time.perf_counter() - start))
        if status != case.status:
            sys.exit(f"{case.name}: expected {case.status}, got {status}.")
    latencies.sort()
    cpu = 1000 * (cpu_seconds(pid) - before) / requests
    return Figures(cpu, latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)])


def cases(meta: dict[str, str], hot_path: str) -> list[Case]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    _status, headers, page = ask(connection, Case("", hot_path), 0)
    shown = gzip.decompress(page).count(b'id="comment-')
    if shown != 100:
        sys.exit(f"The post was to show 100 comments, it shows {shown}.")
    return [
        Case("empty view", "/empty/"),
        Case("home", "/"),
        Case("post, 100 comments", hot_path),
        Case("post, not modified", hot_path, {"If-None-Match": headers["ETag"]}, status=304),
        Case("category", f"/category/{meta['category']}/"),
        Case("feed", "/feed/"),
        Case("search", f"/search/?q={meta['search_word']}"),
        Case("comment POST", f"{hot_path}comments/", posts_comments=True, status=303),
    ]


def queries(environ: dict[str, str], listed: list[Case]) -> dict[str, int]:
    """Database queries of each GET without a cache, counted in a process of its own."""
    paths = json.dumps([case.path for case in listed if not case.posts_comments])
    script = (
        "import json, sys, django; django.setup()\n"
        "from django.db import connection; from django.test import Client\n"
        "from django.test.utils import CaptureQueriesContext\n"
        "client = Client(SERVER_NAME='127.0.0.1')\n"
        "for path in json.loads(sys.argv[1]):\n"
        "    client.get(path)\n"
        "    with CaptureQueriesContext(connection) as found: client.get(path)\n"
        "    print(json.dumps([path, len(found)]))\n"
    )
    command = [sys.executable, "-c", script, paths]
    answer = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
    return dict(json.loads(line) for line in answer.stdout.splitlines())


def report(title: str, rows: list[tuple[Case, Figures]], counted: dict[str, int]) -> None:
    empty = next(figures.cpu for case, figures in rows if case.name == "empty view")
    print(f"\n{title}\n{'':<22}{'CPU ms':>8}{'p50 ms':>9}{'p99 ms':>9}{'queries':>9}{'x empty':>9}")
    for case, figures in rows:
        found = "" if case.posts_comments or case.status == 304 else counted.get(case.path, "")
        ratio = figures.cpu / empty if empty else float("nan")
        print(f"{case.name:<22}{figures.cpu:>8.2f}{figures.p50:>9.2f}{figures.p99:>9.2f}{found:>9}{ratio:>9.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=300)
    options = parser.parse_args()
    numbers = count(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        no_cache = environment(folder, "dummycache://")
        data = folder / "data.json"
        manage(no_cache, "bench/gen_data.py", str(data))
        manage(no_cache, "manage.py", "collectstatic", "--no-input", "--verbosity=0")
        manage(no_cache, "manage.py", "migrate", "--verbosity=0")
        manage(no_cache, "bench/load.py", str(data))
        document = json.loads(data.read_text())
        meta = document["meta"]
        hot = next(post for post in document["posts"] if post["id"] == meta["hot_post"])
        month = hot["published_at"][:7].replace("-", "/")
        for title, environ in [
            ("Every page built anew (no cache)", no_cache),
            ("Pages behind their stamps (default cache)", environment(folder, "locmemcache://")),
        ]:
            with server(environ) as pid:
                listed = cases(meta, f"/{month}/{hot['slug']}/")
                rows = [(case, measure(pid, case, options.requests, numbers)) for case in listed]
                report(title, rows, queries(environ, listed) if environ is no_cache else {})


if __name__ == "__main__":
    main()
