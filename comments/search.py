"""Full-text search in what comments say, who wrote them and where they lead to; for moderators.

The tokens are those of posts/search.py. A query's words that stand together without a space, as the parts of a host do,
must stand together in the comment, too.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction

from comments.models import Comment
from posts.search import (
    MAX_QUERY_WORDS,
    fitting,
    lexemes,
    postgresql_query,
    query_tokens,
    runs,
    sqlite_query,
    tokens,
)

SCHEME = re.compile(r"^https?://(www\.)?", re.IGNORECASE)
SHORTEST = 3  # letters of what may be the beginning of a word: of a million comments too many have words with "co"
MERGED = 500  # pages of the index that are rewritten in one transaction: some tenths of a second

UPSERT = {
    "sqlite": "INSERT OR REPLACE INTO comments_search (rowid, terms) VALUES (%s, %s)",
    "postgresql": (
        "INSERT INTO comments_search (comment_id, terms) VALUES (%s, %s::tsvector)"
        " ON CONFLICT (comment_id) DO UPDATE SET terms = excluded.terms"
    ),
}
DELETE = {
    "sqlite": "DELETE FROM comments_search WHERE rowid = %s",
    "postgresql": "DELETE FROM comments_search WHERE comment_id = %s",
}
NEWEST = {
    "sqlite": "SELECT rowid FROM comments_search WHERE comments_search MATCH %s ORDER BY rowid DESC LIMIT %s",
    "postgresql": (
        "SELECT comment_id FROM comments_search WHERE terms @@ %s::tsquery ORDER BY comment_id DESC LIMIT %s"
    ),
}


def index(comment: Comment) -> None:
    """Put the words that others may see into the index, in place of what was there; none of an erased comment."""
    words = list(fitting(tokens(" ".join([comment.public_text, comment.name, comment.website]))))
    if not words:
        forget([comment.pk])
        return
    terms = " ".join(words if connection.vendor == "sqlite" else lexemes(words))
    with connection.cursor() as cursor:
        cursor.execute(UPSERT[connection.vendor], [comment.pk, terms])


def forget(pks: Iterable[int]) -> None:
    """Find these comments no more. On SQLite their words leave the file with the next `scrub`."""
    with connection.cursor() as cursor:
        cursor.executemany(DELETE[connection.vendor], [(pk,) for pk in pks])


def scrub() -> None:
    """Rewrite SQLite's index, so that the words of forgotten comments are in its file no more.

    A deletion is only noted there until the parts of the index are merged into one. They are merged step by step, each
    step a transaction of its own, so that nobody else waits for long. On PostgreSQL comments/traces.py does this.
    """
    if connection.vendor != "sqlite":
        return
    step = -MERGED  # the minus sign asks for one part in the end
    while _merge(step) > 1 or step < 0:  # by the number of changes SQLite says that nothing is left to merge
        step = MERGED


@transaction.atomic
def _merge(step: int) -> int:
    with connection.cursor() as cursor:
        before = _total_changes(cursor)
        cursor.execute("INSERT INTO comments_search (comments_search, rank) VALUES ('merge', %s)", [step])
        return _total_changes(cursor) - before


def _total_changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])


def newest(query: str, limit: int) -> list[int]:
    """The newest comments that hold every word of the query, whatever their status."""
    wanted = list(phrases(query))
    if not wanted:
        return []
    in_words = sqlite_query if connection.vendor == "sqlite" else postgresql_query
    with connection.cursor() as cursor:
        cursor.execute(NEWEST[connection.vendor], [in_words(wanted, shortest=SHORTEST), limit])
        return [pk for (pk,) in cursor.fetchall()]


def phrases(query: str) -> Iterator[list[str]]:
    """What stands between spaces, each as the tokens that follow one another; the last may go on in the comment."""
    for word in query.split()[:MAX_QUERY_WORDS]:
        *whole, last = list(runs(SCHEME.sub("", word))) or [""]
        if last:
            yield [*tokens(" ".join(whole)), *query_tokens(last)]
