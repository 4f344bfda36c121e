#!/usr/bin/env python3
"""Load the neutral JSON of bench/gen_data.py into the configured, migrated and otherwise empty database, in bulk."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management.color import no_style  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from comments import policy  # noqa: E402
from comments.models import Comment  # noqa: E402
from comments.moderation import text_digest  # noqa: E402
from posts import publishing, search  # noqa: E402
from posts.html import comment_html, post_html  # noqa: E402
from posts.models import Author, Category, Language, Post, State  # noqa: E402

BATCH = 500  # rows


def progress(rows: list[Any], what: str) -> Iterator[Any]:
    """The rows, with a bar on a terminal."""
    for number, row in enumerate(rows, start=1):
        yield row
        if sys.stderr.isatty() and (number % 100 == 0 or number == len(rows)):
            done = 40 * number // len(rows)
            print(f"\r{what:>9} [{'#' * done:<40}] {number}/{len(rows)}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)


def load_posts(document: dict[str, Any]) -> None:
    author = Author.objects.create(name="Bench", slug="bench")
    Category.objects.bulk_create(Category(**row) for row in document["categories"])
    posts = [
        Post(
            id=row["id"],
            slug=row["slug"],
            title=row["title"],
            excerpt=row["excerpt"],
            summary=row["excerpt"],
            body=row["body_html"],
            html=post_html(row["body_html"], {}),
            author=author,
            state=State.PUBLISHED,
            published_at=datetime.fromisoformat(row["published_at"]),
        )
        for row in progress(document["posts"], "posts")
    ]
    Post.objects.bulk_create(posts, batch_size=BATCH)
    links = (Post.categories.through(post_id=row["id"], category_id=row["category_id"]) for row in document["posts"])
    Post.categories.through.objects.bulk_create(links, batch_size=BATCH)
    for post in posts:
        search.index(post)


def comment_rows(comments: list[dict[str, Any]]) -> Iterator[Comment]:
    threads: dict[int, int] = {}
    for row in progress(comments, "comments"):
        parent = row["parent_id"]
        threads[row["id"]] = threads[parent] if parent else row["id"]
        when = datetime.fromisoformat(row["created_at"])
        yield Comment(
            id=row["id"],
            post_id=row["post_id"],
            parent_id=parent,
            thread_id=threads[row["id"]] if parent else None,
            depth=row["depth"],
            name=row["author"],
            body=row["body"],
            html=comment_html(row["body"]),
            text_digest=text_digest(row["body"]),
            status=row["status"],
            created_at=when,
            status_since=when,
            scored_at=when,
            score=0.0,
            threshold=policy.DEFAULT.spam_threshold,
            policy_version=policy.DEFAULT.version,
            language=Language.ENGLISH,
        )


def load(document: dict[str, Any]) -> None:
    with transaction.atomic():
        load_posts(document)
        Comment.objects.bulk_create(comment_rows(document["comments"]), batch_size=BATCH)
        publishing.touch()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Category, Post, Comment]):
            cursor.execute(statement)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    options = parser.parse_args(None if arguments is None else list(arguments))
    if Post.objects.exists():
        sys.exit("The database already holds posts; the data set needs an empty one.")
    document = json.loads(options.file.read_text())
    load(document)
    print(f"Loaded {len(document['posts'])} posts and {len(document['comments'])} comments.")


if __name__ == "__main__":
    main()
