"""The real server, in a process tree of its own."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.serving import MANAGE, children, eventually


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Settings of a site with a database of its own, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return os.environ | {"SITE_URL": f"http://127.0.0.1:{port}", "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}


@pytest.fixture
def database(environ: dict[str, str], migrated: Path) -> None:
    shutil.copy(migrated, environ["DATABASE_URL"].removeprefix("sqlite:///"))


@pytest.fixture
def serve(environ: dict[str, str], database: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (tmp_path / "stdout").open("wb") as stdout,
        subprocess.Popen([*MANAGE, "serve"], env=environ, stdout=stdout) as process,
    ):
        yield process
        process.terminate()


def ready(environ: dict[str, str]) -> bool:
    connection = HTTPConnection(environ["SITE_URL"].removeprefix("http://"))
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()


def worker_of(process: subprocess.Popen[bytes]) -> int | None:
    return next((pid for pid, command in children(process.pid).items() if "worker" in command), None)


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_text() != ""


def test_it_serves_works_replaces_a_dead_worker_and_ends_cleanly(
    serve: subprocess.Popen[bytes], environ: dict[str, str], tmp_path: Path
) -> None:
    eventually(lambda: ready(environ))
    first = worker_of(serve)
    assert first
    os.kill(first, signal.SIGKILL)
    eventually(lambda: worker_of(serve) not in {None, first})
    family = children(serve.pid)
    assert len(family) == 3  # two that answer, and the worker
    serve.terminate()
    assert serve.wait(timeout=20) == 0
    assert not any(runs(pid) for pid in family)
    welcome, first_step, *log = (tmp_path / "stdout").read_text().splitlines()
    assert welcome.startswith("Serving")
    assert first_step.endswith("manage.py createsuperuser")  # the site has no administrator
    assert {"route": "readyz", "status": 200}.items() <= json.loads(log[-1]).items()


def test_nothing_outlives_a_server_that_was_killed(serve: subprocess.Popen[bytes], environ: dict[str, str]) -> None:
    eventually(lambda: ready(environ))
    family = children(serve.pid)
    serve.kill()
    serve.wait()
    eventually(lambda: not any(runs(pid) for pid in family))


@pytest.fixture
def broken_site(environ: dict[str, str]) -> None:
    environ["DJANGO_SETTINGS_MODULE"] = "tests.config.settings_of_a_broken_site"


def send_comment(environ: dict[str, str], post: str, text: str) -> int | None:
    """The answer's status, or None if the process ended before it answered."""
    connection = HTTPConnection(environ["SITE_URL"].removeprefix("http://"), timeout=30)
    form = urlencode({"name": "Min-ji", "comment": text})
    try:
        connection.request("POST", f"{post}comments/", form, {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status
    except ConnectionError:
        return None
    finally:
        connection.close()


def ask_database(environ: dict[str, str], query: str) -> list[Any]:
    with closing(sqlite3.connect(environ["DATABASE_URL"].removeprefix("sqlite:///"), timeout=20)) as database, database:
        return database.execute(query).fetchall()


def test_a_source_that_ends_every_process_loses_no_comment_and_is_not_asked_for_ever(
    broken_site: None, serve: subprocess.Popen[bytes], environ: dict[str, str]
) -> None:
    make_post = "from tests.factories import make_post; print(make_post().get_absolute_url())"
    shell = [*MANAGE, "shell", "--verbosity=0", "-c", make_post]
    post = subprocess.run(shell, env=environ, capture_output=True, text=True, check=True).stdout.strip()
    eventually(lambda: ready(environ))
    assert send_comment(environ, post, "The first canary.") is None

    stored = "SELECT body, status, scored_at, scoring_tries FROM comments_comment"
    assert ask_database(environ, stored) == [("The first canary.", "pending", None, 1)]
    make_due = "UPDATE comments_comment SET score_again_at = '2020-01-01 00:00:00'"
    first = worker_of(serve)
    ask_database(environ, make_due)
    eventually(lambda: worker_of(serve) not in {None, first})
    asking = "SELECT asking FROM comments_comment"
    assert ask_database(environ, asking) == [("tests.comments.broken_sources.ends_its_process",)]

    ask_database(environ, make_due)
    second = worker_of(serve)
    eventually(lambda: ask_database(environ, f"{stored} WHERE scored_at IS NOT NULL"))
    assert worker_of(serve) == second
    assert ask_database(environ, "SELECT name FROM comments_commentsignal") == [
        ("tests.comments.broken_sources.ends_its_process switched off",)
    ]
    eventually(lambda: ready(environ))
    assert send_comment(environ, post, "The second canary.") == 303
    assert ask_database(environ, "SELECT DISTINCT status FROM comments_comment") == [("pending",)]


@pytest.mark.parametrize("hang", ["while True: pass", "import re; re.match('(a+)+b', 'a' * 99)"])
def test_a_worker_that_hangs_in_a_source_ends_itself(hang: str, environ: dict[str, str]) -> None:
    code = f"from comments.rescoring import end_unless_done\nwith end_unless_done(0.5):\n    {hang}"
    ended = subprocess.run([*MANAGE, "shell", "-c", code], env=environ, capture_output=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert b"Timeout" in ended.stderr


def refusal(environ: dict[str, str]) -> str:
    answer = subprocess.run([*MANAGE, "serve"], env=environ, capture_output=True, text=True, timeout=20, check=False)
    assert answer.returncode == 1
    return answer.stderr


def test_it_refuses_a_database_that_is_not_up_to_date(environ: dict[str, str]) -> None:
    assert refusal(environ) == "CommandError: The database is not up to date: run manage.py migrate.\n"


def test_it_refuses_a_port_that_is_taken(environ: dict[str, str], database: None) -> None:
    port = int(environ["SITE_URL"].rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        assert refusal(environ) == f"CommandError: 127.0.0.1:{port} cannot be served on: Address already in use.\n"


def test_it_refuses_to_start_without_a_database_server(environ: dict[str, str]) -> None:
    environ["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/nothing"
    assert refusal(environ).startswith("CommandError: The database does not answer: ")


def test_it_refuses_sqlite_settings_that_lose_comments(environ: dict[str, str], database: None) -> None:
    environ |= {
        "SITE_URL": "https://example.org",
        "SECRET_KEY": "abcdefghij" * 6,
        "DATABASE_URL": environ["DATABASE_URL"] + "?init_command=PRAGMA synchronous=OFF",
    }
    assert refusal(environ) == "CommandError: SQLite must write with synchronous=FULL.\n"
