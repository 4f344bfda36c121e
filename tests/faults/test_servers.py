"""PostgreSQL or Redis is gone, or hangs: it is said or made up for, nothing is lost, and it heals by itself."""

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import psycopg
import pytest

from comments.limits import MAX_COMMENTS
from config.management.commands.serve import THREADS
from tests.faults.link import Link
from tests.faults.test_outage import TEXT, assert_text_is_given_back
from tests.serving import MANAGE, Site

pytestmark = pytest.mark.postgresql

DATABASE = f"faults_{os.getpid()}"
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
MAKE_POST = "from tests.factories import make_post; print(make_post().get_absolute_url())"


class LinkedSite(Site):
    """With a link to each server that it needs."""

    def __init__(self, folder: Path, database: SplitResult, post: str) -> None:
        redis = urlsplit(os.environ["CACHE_URL"])
        self.postgresql, self.redis = Link(database.port or 5432), Link(redis.port or 6379)
        super().__init__(folder, folder, post)
        self.environ["DATABASE_URL"] = through(self.postgresql, database)
        self.environ["CACHE_URL"] = through(self.redis, redis)
        self.server = database.geturl()

    def query(self, sql: str, *parameters: object) -> list[Any]:
        with psycopg.connect(self.server) as connection:
            return connection.execute(sql, parameters).fetchall()

    def close(self) -> None:
        super().close()
        self.postgresql.cut()
        self.redis.cut()


def through(link: Link, server: SplitResult) -> str:
    user, at, _host = server.netloc.rpartition("@")
    return server._replace(netloc=f"{user}{at}127.0.0.1:{link.port}").geturl()


@pytest.fixture(scope="module")
def database() -> Iterator[tuple[SplitResult, str]]:
    """A database with one post, and the post's address."""
    server = os.environ["DATABASE_URL"]
    url = urlsplit(server)._replace(path=f"/{DATABASE}")
    environ = os.environ | {"DATABASE_URL": url.geturl()}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
        subprocess.run([*MANAGE, "migrate", "--verbosity=0"], env=environ, check=True)
        made = subprocess.run([*MANAGE, "shell", "--verbosity=0", "-c", MAKE_POST], env=environ, capture_output=True)
        yield url, made.stdout.decode().strip()
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture
def site(tmp_path: Path, database: tuple[SplitResult, str]) -> Iterator[LinkedSite]:
    site = LinkedSite(tmp_path, *database)
    site.start("--no-worker", "--workers=1")
    yield site
    site.close()


FAILURES = pytest.mark.parametrize("fail", [Link.cut, Link.fall_silent])


def asked_at_once(site: Site, path: str) -> set[int]:
    """The statuses of so many answers that every thread of the site has given one, whatever it knew of its servers."""
    with ThreadPoolExecutor(2 * THREADS) as pool:
        return {answer.status for answer in pool.map(site.get, [path] * 2 * THREADS)}


def stored(site: Site, text: str) -> int:
    [(number,)] = site.query("SELECT count(*) FROM comments_comment WHERE body = %s", text)
    return int(number)


@FAILURES
def test_while_postgresql_does_not_answer_the_text_is_given_back(
    site: LinkedSite, fail: Callable[[Link], None]
) -> None:
    assert asked_at_once(site, site.post) == {200}
    stored_before = stored(site, TEXT)
    fail(site.postgresql)
    assert_text_is_given_back(site.comment(TEXT))
    assert asked_at_once(site, site.post) == {503}
    assert site.get("/readyz").status == 503
    site.postgresql.come_back()
    assert asked_at_once(site, site.post) == {200}
    assert site.comment(TEXT).status == 303
    assert stored(site, TEXT) == stored_before + 1


def test_who_waits_for_a_lock_is_told_before_long_and_nothing_waits_on(site: LinkedSite) -> None:
    with psycopg.connect(site.server) as other:
        other.execute("LOCK posts_post")
        assert_text_is_given_back(site.comment(TEXT))
        assert site.query(WAITING) == []


@FAILURES
def test_readers_and_commenters_do_not_notice_that_redis_does_not_answer(
    site: LinkedSite, fail: Callable[[Link], None]
) -> None:
    """Nor do they get round what is counted, or send a comment twice: the day's key is remembered."""
    comments = [f"{fail.__name__} {number}." for number in range(MAX_COMMENTS)]
    assert [site.comment(text).status for text in comments[:-1]] == [303] * (MAX_COMMENTS - 1)
    assert asked_at_once(site, site.post) == {200}
    fail(site.redis)
    assert asked_at_once(site, site.post) == {200}
    assert [site.comment(text).status for text in (comments[0], comments[-1], "One more.")] == [303, 303, 429]
    assert stored(site, comments[0]) == 1
    site.redis.come_back()
    assert asked_at_once(site, site.post) == {200}
    assert site.comment("One more.").status == 429
