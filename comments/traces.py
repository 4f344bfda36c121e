"""Nothing of what was erased remains in the database's files.

SQLite overwrites what it deletes (secure_delete), but its log beside the file holds the pages as they were until it is
emptied. PostgreSQL keeps old rows until they are vacuumed.
"""

from django.db import connection, models

from comments.models import Appeal, Campaign, Comment, CommentSignal, Contact, Note, OutboxMail

PATIENCE = 1000  # milliseconds; writers wait as long, and there is a next turn
QUOTING: tuple[type[models.Model], ...] = (Comment, CommentSignal, Note, Appeal, Contact, Campaign, OutboxMail)
SEARCH = "comments_search"  # the table of comments/search.py


def empty_log() -> None:
    """Write SQLite's log into the file and leave nothing in it, unless somebody reads: then at the next turn."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")


def vacuum() -> None:
    """Remove PostgreSQL's old rows. Not in a transaction."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in (SEARCH, *(model._meta.db_table for model in QUOTING)):
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
