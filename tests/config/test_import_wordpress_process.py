"""The import as a process of its own: how much memory and time it takes, and what is left when it is killed."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.exports import HEADER, NAMESPACES, comment, export, item, term, write

MEGABYTE = 1_000_000  # bytes
IMPORT = """
import sys
from pathlib import Path
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "import_wordpress", *sys.argv[1:]])
print(Path("/proc/self/status").read_text())
"""


def environ(database: Path) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": f"sqlite:///{database}", "DJANGO_SETTINGS_MODULE": "config.settings"}


def start(database: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, *arguments],
        env=environ(database),
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def megabytes(status: str) -> float:
    """The most memory that a process ever held, from what Linux says of it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024 / MEGABYTE


def test_thirty_megabytes_take_hardly_more_memory_than_three(migrated: Path, tmp_path: Path) -> None:
    text = "북한에서 온 사람들이 말한다. They crossed the river at night & never spoke of it. " * 40 + "\n\n"
    comments = [comment(one, wp__comment_content=f"<![CDATA[{text[:600]}]]>") for one in range(1, 11)]
    path, most = tmp_path / "large.xml", {}
    for posts in (27, 270):
        items = (item(*comments, number=number, content__encoded=f"<![CDATA[{text * 27}]]>") for number in range(posts))
        path.write_text(export(*items, header=HEADER))
        out, err = start(migrated, str(path), "--dry-run").communicate()
        assert err == ""
        assert f"posts: {posts}\n" in out
        most[posts] = megabytes(out)
    assert path.stat().st_size > 30 * MEGABYTE
    assert most[270] < most[27] + 15
    assert most[270] < 150


BOMB = '<!DOCTYPE rss [<!ENTITY a "x">' + "".join(f'<!ENTITY a{n} "&a;&a;">' for n in range(50)) + "]>"


@pytest.mark.parametrize(
    "content",
    [
        BOMB + export(item(title="&a9;")),
        "<a>" * 10**6,
        export("<a>" * 10**6),
        export(item(title="x" * 100 * MEGABYTE)),
        f"<rss {NAMESPACES} " + "x" * 100 * MEGABYTE,
        export(item(content__encoded="<![CDATA[" + "x" * 100 * MEGABYTE)),
    ],
    ids=["entities", "nesting", "nesting in the channel", "title", "tag", "section that never ends"],
)
def test_bombs_are_refused_within_seconds(migrated: Path, tmp_path: Path, content: str) -> None:
    process = start(migrated, str(write(tmp_path / "bomb.xml", content)))
    started = time.monotonic()
    out, err = process.communicate()
    assert time.monotonic() - started < 15  # most of it is Django's start on a busy machine
    assert (process.returncode, out) == (1, "")
    assert re.fullmatch(r"CommandError: [^\n]+\.\n", err)


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(database, timeout=20)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def contents(database: Path) -> list[list[tuple[object, ...]]]:
    """All that an import writes, but for moments and random tokens."""
    return [
        rows(database, "SELECT id, title, slug, html, author_id, wordpress_id FROM posts_post ORDER BY id"),
        rows(database, "SELECT post_id, category_id FROM posts_post_categories ORDER BY id"),
        rows(database, "SELECT id, post_id, parent_id, thread_id, depth, body FROM comments_comment ORDER BY id"),
        rows(database, "SELECT path, post_id FROM posts_redirect ORDER BY path"),
        rows(database, "SELECT rowid, terms FROM posts_search ORDER BY rowid"),
    ]


def test_an_import_that_was_killed_is_finished_by_the_next_run(migrated: Path, tmp_path: Path) -> None:
    items = [
        item(
            comment(1),
            comment(2, wp__comment_parent="1"),
            term("category", f"c{number % 7}", f"C {number % 7}"),
            number=number,
            link=f"https://old.example/{number}/",
            content__encoded="<![CDATA[" + "One <b>two</b> three.\n\n" * 50 + "]]>",
        )
        for number in range(1, 61)
    ]
    path = str(write(tmp_path / "export.xml", export(*items)))
    whole, killed = (Path(shutil.copy(migrated, tmp_path / name)) for name in ("whole.sqlite3", "killed.sqlite3"))
    start(whole, path).communicate()

    process = start(killed, path)
    while not 3 < rows(killed, "SELECT count(*) FROM posts_post")[0][0] < 60:  # type: ignore[operator]
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert len(rows(killed, "SELECT id FROM posts_post")) < 60

    out, _ = start(killed, path).communicate()
    assert "imported before" in out
    assert contents(killed) == contents(whole)
