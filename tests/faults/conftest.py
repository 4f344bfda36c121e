"""Faults are tried on a real site. `FAULTS=full` tries them at length, as .ci/run does."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import MANAGE, Site

FULL = os.environ.get("FAULTS") == "full"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not FULL:
        long = [item for item in items if item.get_closest_marker("at_length")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("at_length")]


@pytest.fixture(scope="session")
def with_post(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A database with one post, to be copied, and the post's address."""
    database = tmp_path_factory.mktemp("with_post") / "db.sqlite3"
    shutil.copy(migrated, database)
    make = "from tests.factories import make_post; print(make_post().get_absolute_url())"
    environ = os.environ | {"DATABASE_URL": f"sqlite:///{database}"}
    command = [*MANAGE, "shell", "--verbosity=0", "-c", make]
    return database, subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def site(tmp_path: Path, with_post: tuple[Path, str]) -> Iterator[Site]:
    database, post = with_post
    (tmp_path / "data").mkdir()
    site = Site(tmp_path, Path(shutil.copy(database, tmp_path / "data")), post)
    yield site
    site.close()
