"""Faults are tried on a real site. `FAULTS=full` tries them at length, as .ci/run does."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Site

FULL = os.environ.get("FAULTS") == "full"


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Site]:
    site = Site(tmp_path, Path(shutil.copy(migrated, tmp_path / "db.sqlite3")))
    yield site
    site.close()
