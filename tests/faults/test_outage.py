"""The database is gone, or its disk is full: it is said, nothing is lost, and it heals by itself."""

import html
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Answer, Site

pytestmark = pytest.mark.sqlite  # which these sites have

TEXT = "<b>My</b> mother's “words”,\n\nnot to be lost."


@pytest.fixture
def small_disk(site: Site) -> Iterator[Path]:
    """The database lies on a disk of 16 MB."""
    if os.getuid():
        pytest.skip("only root can mount a small disk")
    data = site.database.parent
    content = site.database.read_bytes()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tumen-test", data], check=True)
    site.database.write_bytes(content)
    yield data
    site.close()
    subprocess.run(["umount", "--lazy", data], check=True)


def assert_text_is_given_back(answer: Answer) -> None:
    assert answer.status == 503
    assert int(answer.retry_after or 0) > 0
    assert html.escape(TEXT) in answer.body
    assert "Traceback" not in answer.body


def test_while_the_database_is_gone_the_text_is_given_back(site: Site) -> None:
    site.start("--no-worker")
    data = site.database.parent
    assert site.comment("Before.", source="10.0.0.1").status == 303
    data.rename(data.with_name("gone"))
    for _time in range(4):
        assert_text_is_given_back(site.comment(TEXT, source="10.0.0.2"))
        assert site.get(site.post).status in {200, 503}
    assert site.get("/readyz").status == 503
    data.with_name("gone").rename(data)
    assert site.comment(TEXT, source="10.0.0.2").status == 303
    assert site.query("SELECT count(*) FROM comments_comment") == [(2,)]


def test_while_the_disk_is_full_people_read_and_nothing_acknowledged_is_lost(site: Site, small_disk: Path) -> None:
    site.start("--no-worker")
    taken = 0
    while (answer := site.comment("Long. " * 800 + str(taken), source=f"10.0.0.{taken}")).status == 303:
        taken += 1
        fill(small_disk, leave=100_000 if taken < 5 else 0)
    assert answer.status == 503
    assert_text_is_given_back(site.comment(TEXT, source="10.0.1.1"))
    assert site.get(site.post).status == 200
    assert site.query("SELECT count(*) FROM comments_comment") == [(taken,)]
    (small_disk / "ballast").unlink()
    assert site.comment(TEXT, source="10.0.1.1").status == 303
    assert site.query("SELECT count(*) FROM comments_comment") == [(taken + 1,)]
    assert site.query("PRAGMA integrity_check") == [("ok",)]


def fill(disk: Path, *, leave: int) -> None:
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with (disk / "ballast").open("ab") as ballast:
        ballast.write(bytes(max(0, free - leave)))
