"""A database for processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with what the migrations make, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    environ = os.environ | {"DATABASE_URL": f"sqlite:///{path}"}
    subprocess.run([*manage, "migrate", "--verbosity=0"], env=environ, check=True)
    return path
