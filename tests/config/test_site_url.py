"""What may start, and where: SITE_URL is the switch."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.site_url import parse_site_url

KEY = "k3" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check` as an operator would, with this environment only."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite://:memory:", **environment}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--database", "default"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://example.org", ("https://example.org", "example.org", True)),
        ("https://example.org:8443/", ("https://example.org:8443", "example.org", True)),
        ("http://127.0.0.1:8000", ("http://127.0.0.1:8000", "127.0.0.1", False)),
        ("http://localhost", ("http://localhost", "localhost", False)),
        ("http://[::1]:8000", ("http://[::1]:8000", "::1", False)),
    ],
)
def test_site_url_decides_between_production_and_local(value: str, expected: tuple[str, str, bool]) -> None:
    assert parse_site_url(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "example.org",
        "ftp://example.org",
        "http://example.org",
        "http://192.168.1.1",
        "https://x.org/blog",
        "https://",
    ],
)
def test_any_other_site_url_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SITE_URL must"):
        parse_site_url(value)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SITE_URL": "https://x.org", "SECRET_KEY": KEY, "DEBUG": "true"}, "DEBUG must be off"),
        ({"SITE_URL": "https://x.org", "SECRET_KEY": "short"}, "SECRET_KEY must be random"),
        ({"SITE_URL": "https://x.org", "SECRET_KEY": "a" * 60}, "SECRET_KEY must be random"),
        ({"SITE_URL": "https://x.org", "SECRET_KEY": f"django-insecure-{KEY}"}, "SECRET_KEY must be random"),
        ({"SITE_URL": "http://x.org", "SECRET_KEY": KEY}, "SITE_URL must begin with https"),
        ({"SECRET_KEY": KEY}, "SITE_URL"),
        ({"SITE_URL": "https://x.org"}, "SECRET_KEY"),
    ],
)
def test_an_unsafe_site_refuses_to_start_with_one_sentence(environment: dict[str, str], sentence: str) -> None:
    answer = check(**environment)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Tumen cannot start: ")
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_safe_production_site_starts() -> None:
    answer = check(SITE_URL="https://x.org", SECRET_KEY=KEY)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("transaction_mode=DEFERRED", "IMMEDIATE"),
        ("timeout=1", "five seconds"),
        ("init_command=PRAGMA synchronous=OFF", "synchronous=FULL"),
        ("init_command=PRAGMA foreign_keys=OFF", "foreign keys"),
    ],
)
def test_a_database_that_could_lose_comments_is_refused_in_production(tmp_path, option: str, sentence: str) -> None:
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}?{option}"
    answer = check(SITE_URL="https://x.org", SECRET_KEY=KEY, DATABASE_URL=database)
    assert answer.returncode == 1
    assert sentence in answer.stderr


def test_the_same_database_is_only_a_warning_locally(tmp_path) -> None:
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}?transaction_mode=DEFERRED"
    answer = check(SITE_URL="http://127.0.0.1:8000", SECRET_KEY=KEY, DATABASE_URL=database)
    assert answer.returncode == 0
    assert "IMMEDIATE" in answer.stderr


def test_wal_needs_a_library_without_its_fault(tmp_path) -> None:
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}?init_command=PRAGMA journal_mode=WAL"
    answer = check(SITE_URL="https://x.org", SECRET_KEY=KEY, DATABASE_URL=database)
    assert ("must not use WAL" in answer.stderr) is not settings.SQLITE_HAS_WAL_FIX
