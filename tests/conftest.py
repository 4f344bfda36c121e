"""What every test starts from: a database file, an empty cache, a media folder of its own, collected static files."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from pytest_django import Settings

from comments import sampling, scoring
from comments.spam import Signal, Submission
from posts import identity


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):  # once, not in each process of xdist
        call_command("collectstatic", interactive=False, verbosity=0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about one database belongs to no run on the other."""
    other = "postgresql" if connections["default"].vendor == "sqlite" else "sqlite"
    foreign = [item for item in items if item.get_closest_marker(other)]
    config.hook.pytest_deselected(items=foreign)
    items[:] = [item for item in items if not item.get_closest_marker(other)]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nothing may be skipped where everything can be had: in CI a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, not in memory: threads and processes share it, and lock each other out, as in production."""
    # Playwright leaves an event loop running in this thread, for which Django would open connections of its own.
    connections._connections = threading.local()
    database = connections["default"]
    if database.vendor == "sqlite":
        database.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def machine(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of one test is left for the next, and nothing touches the files of a real site."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEMORY_DIR = tmp_path
    settings.UNDO_SECONDS = 0  # mail goes at once, unless a test is about that
    monkeypatch.setattr(sampling, "ONE_IN", None)  # obvious spam goes to its folder, unless a test is about the sample
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # else each test client reads the whole folder of static files
    cache.clear()
    monkeypatch.setattr(identity, "_kept", {})


@pytest.fixture
def strict(settings: Settings) -> None:
    """As in production: nobody of the staff is let in without a code."""
    settings.TOTP_REQUIRED = True


@pytest.fixture
def silent_prior(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learnt beforehand says nothing, so that a test knows every signal of a comment."""

    def prior(_submission: Submission) -> Iterable[Signal]:
        return ()

    monkeypatch.setattr(scoring, "prior", prior)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with what the migrations make, to be copied for processes of their own."""
    path = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    manage = [sys.executable, str(site_settings.BASE_DIR / "manage.py")]
    environ = os.environ | {"DATABASE_URL": f"sqlite:///{path}"}
    subprocess.run([*manage, "migrate", "--verbosity=0"], env=environ, check=True)
    return path
