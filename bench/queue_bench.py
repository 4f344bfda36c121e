#!/usr/bin/env python3
"""What the moderation queue costs with 20 thousand, 200 thousand and a million comments, and how much that grows.

Loads 1,000 posts and 20,000 comments into a throw-away SQLite database (published 80 %, waiting 15 %, spam 5 %),
measures, multiplies the comments inside the database, and measures again. Each figure is the median of requests
through Django's test client with a moderator's session: the whole request, without the network. Trust the growth:
machines differ.
"""

import argparse
import logging
import os
import statistics
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SIZES = [20_000, 200_000, 1_000_000]  # comments
SEED = 1
MINUTES = 3  # between two comments
SIGNALS = ["many_links", "shortened_link", "empty_praise", "capitals", "odd_host", "too_fast", "wares", "rule_1"]
BULK = 100  # comments
WORDPRESS = {  # version 6.1: milliseconds with 20 thousand, 200 thousand and a million comments
    "queue, first page": (79, 627, 2938),
    "approve one": (35, 102, 368),
}


class Figure(NamedTuple):
    milliseconds: float  # until the answer was there
    cpu: float  # milliseconds of the processor, which neither the disk nor a busy machine lengthens much
    queries: int


def prepare(folder: Path) -> None:
    """Settings for a database in the folder; imports of Django come after it."""
    sys.path.insert(0, str(ROOT))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": "only-for-the-bench-" * 4,
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": "dummymail://",
        "TIME_ZONE": "UTC",
    }


def load_first(size: int) -> None:
    """The posts and the first comments, each decided one with its decision, each waiting one with its signals."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from bench import gen_data, load

    call_command("migrate", verbosity=0)
    options = Namespace(seed=SEED, posts=1000, comments=size, words=120, max_depth=5)
    load.load(gen_data.Generator(options).document())
    by = moderator().pk
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, values in finishing(by):
            cursor.execute(statement, values)
        index_all()


def finishing(by: int) -> Iterator[tuple[str, list[Any]]]:
    moment = f"strftime('%Y-%m-%d %H:%M:%f', '2020-01-01', (id * {MINUTES}) || ' minutes') || '000'"
    yield (
        (
            f"UPDATE comments_comment SET created_at = {moment}, status_since = {moment}, scored_at = {moment},"
            " language = CASE id % 5 WHEN 0 THEN 'ko' ELSE 'en' END,"
            " careful = status = 'pending' AND id % 400 = 0,"
            " risk = CASE status WHEN 'pending' THEN (id * 7919 % 1000) / 100.0 - 4 ELSE 0 END,"
            " score = CASE status WHEN 'pending' THEN (id * 7919 % 1000) / 100.0 - 4 ELSE 0 END"
        ),
        [],
    )
    yield (
        (
            "INSERT INTO comments_decision"
            " (comment_id, by_id, before, after, reason, revision, made_at, learnt_before)"
            " SELECT id, %s, 'pending', status, '', 0, status_since, '' FROM comments_comment WHERE status <> 'pending'"
        ),
        [by],
    )
    yield "UPDATE comments_comment SET revision = 1 WHERE status <> 'pending'", []
    for number, name in enumerate(SIGNALS):
        yield (
            (
                "INSERT INTO comments_commentsignal (comment_id, name, points, reason)"
                " SELECT id, %s, 1.5, 'It looks like it.' FROM comments_comment"
                " WHERE status = 'pending' AND id * 31 / 7 % %s = 0"
            ),
            [name, number + 2],
        )


def index_all() -> None:
    from comments import search
    from comments.models import Comment

    for comment in Comment.objects.select_related("post").iterator(chunk_size=2000):
        search.index(comment)


def multiply(first: int, times: range) -> None:
    """Copies of the first comments and of what belongs to them, later ones, each with a word of its own."""
    from django.db import connection

    from comments.models import Comment, CommentSignal, Decision

    with connection.cursor() as cursor:
        for hurry in ("synchronous=OFF", "journal_mode=MEMORY", "secure_delete=OFF", "cache_size=-400000"):
            cursor.execute(f"PRAGMA {hurry}")
        for copy in times:
            shift = copy * first
            later = f"strftime('%Y-%m-%d %H:%M:%f', {{}}, '{shift * MINUTES} minutes') || '000'"
            moments = {field: later.format(field) for field in ("created_at", "status_since", "scored_at", "made_at")}
            keys = {field: f"{field} + {shift}" for field in ("id", "parent_id", "thread_id", "comment_id")}
            words = {"body": f"body || ' n' || (id + {shift})"}
            for model, key in ((Comment, "id"), (CommentSignal, "comment_id"), (Decision, "comment_id")):
                columns = [field.column for field in model._meta.concrete_fields]
                changed = moments | keys | words | ({} if model is Comment else {"id": "NULL"})
                values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
                quoted = ", ".join(f'"{column}"' for column in columns)
                table = model._meta.db_table
                cursor.execute(f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} WHERE {key} <= {first}")
            cursor.execute(
                f"INSERT INTO comments_search (rowid, terms) SELECT rowid + {shift}, terms || ' n' || (rowid + {shift})"
                f" FROM comments_search WHERE rowid <= {first}"
            )
    connection.close()  # the next one has the site's own settings


def moderator() -> Any:
    from django.contrib.auth.models import Group, User

    user, created = User.objects.get_or_create(username="bench", defaults={"is_staff": True})
    if created:
        user.groups.add(Group.objects.get(name="Moderators"))
    return user


class Queue:
    """The requests of a moderator."""

    def __init__(self) -> None:
        from django.test import Client
        from django.urls import reverse

        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(moderator())
        self.address = reverse("queue")

    def show(self, query: str = "") -> None:
        answer = self.client.get(self.address + query)
        if answer.status_code != 200:
            sys.exit(f"{query}: {answer.status_code}")

    def approve(self, comments: list[tuple[int, int]]) -> None:
        from comments.models import Comment, Status

        chosen = [f"{pk}:{revision}" for pk, revision in comments]
        self.client.post(self.address, {"action": "approve", "comment": chosen})
        if Comment.objects.filter(pk=comments[-1][0], status=Status.APPROVED).count() != 1:
            sys.exit("It was not approved.")


def measure(times: int, act: Callable[[], None]) -> Figure:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    act()
    with CaptureQueriesContext(connection) as captured:
        act()
        queries = len(captured)
    taken, busy = [], []
    for _time in range(times):
        start, before = time.perf_counter(), time.process_time()
        act()
        taken.append(1000 * (time.perf_counter() - start))
        busy.append(1000 * (time.process_time() - before))
    return Figure(statistics.median(taken), statistics.median(busy), queries)


def figures(times: int) -> Iterator[tuple[str, Figure]]:
    from comments.listing import position
    from comments.models import Comment

    queue = Queue()
    waiting = Comment.objects.waiting().order_by("pk")
    middle = waiting[waiting.count() // 2]
    word, other = [word.lower() for word in middle.body.split() if word.isalpha() and len(word) > 4][:2]
    for name, query in {
        "queue, first page": "",
        "queue, from the middle": f"?after={position(middle)}",
        "published": "?status=approved",
        "by risk": "?order=risk",
        "one post": f"?post={middle.post_id}",
        "one post, by risk": f"?post={middle.post_id}&order=risk",
        "one language": "?language=ko",
        "one signal": "?signal=wares",
        "one signal, by risk": "?signal=wares&order=risk",
        "one name": f"?name={middle.name.replace(' ', '+')}",
        "careful eye": "?careful=1",
        "search, usual word": f"?q={word}",
        "search, two words": f"?q={word}+{other}",
        "search, three letters": f"?q={word[:3]}",
        "search, rare word": f"?q=n{Comment.objects.latest('pk').pk}",
    }.items():
        yield name, measure(times, lambda query=query: queue.show(query))  # type: ignore[misc]
    waiting_keys = iter(list(waiting.reverse().values_list("pk", "revision")))

    for name, size, repeated in (("approve one", 1, times), (f"approve {BULK}", BULK, max(3, times // 6))):
        chosen = [list(islice(waiting_keys, size)) for _time in range(repeated + 2)]
        yield name, measure(repeated, lambda chosen=chosen: queue.approve(chosen.pop()))  # type: ignore[misc]


def report(found: dict[int, dict[str, Figure]]) -> None:
    sizes = list(found)
    heads = "".join(f"{f'{size:,}':>12}{'CPU':>8}" for size in sizes)
    print(f"{'milliseconds':<24}{heads}{'growth':>9}{'CPU':>6}{'queries':>9}")
    for name, first in found[sizes[0]].items():
        row = [found[size][name] for size in sizes]
        times = "".join(f"{figure.milliseconds:>12.1f}{figure.cpu:>8.1f}" for figure in row)
        growth = f"{row[-1].milliseconds / first.milliseconds:>9.2f}{row[-1].cpu / first.cpu:>6.2f}"
        print(f"{name:<24}{times}{growth}{row[-1].queries:>9}")
        if name in WORDPRESS and sizes == SIZES:
            theirs = WORDPRESS[name]
            times = "".join(f"{milliseconds:>12}{'':>8}" for milliseconds in theirs)
            print(f"{'  WordPress 6.1':<24}{times}{theirs[-1] / theirs[0]:>9.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="COMMENTS")
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--folder", type=Path, help="where a database is left to look into")
    options = parser.parse_args()
    first = options.sizes[0]
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        prepare(folder)
        import django

        django.setup()
        logging.disable(logging.INFO)
        load_first(first)
        found, copies = {}, 1
        for size in options.sizes:
            multiply(first, range(copies, size // first))
            copies = size // first
            found[size] = dict(figures(options.requests))
    report(found)


if __name__ == "__main__":
    main()
