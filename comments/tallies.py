"""How much stands where, counted no further than anybody reads: it costs the same with a million comments."""

from functools import cache
from typing import Any, NamedTuple

from django.db import connection

from comments.models import Appeal, Comment, Status

FAR_ENOUGH = 1000  # more than so many are told as "1,000+"
IN_QUEUE = (Status.PENDING, Status.APPROVED, Status.REJECTED, Status.SPAM)
COMMENTS = "SELECT 1 FROM comments_comment WHERE status = %s LIMIT %s"
TROUBLES = "SELECT 1 FROM comments_sourcehealth WHERE source <> %s LIMIT %s"
PART = "SELECT %%s, (SELECT COUNT(*) FROM (%s) AS counted)"
MARK = "SELECT '{table}', CAST((SELECT COALESCE(SUM(mark), 0) FROM comments_{table}) AS bigint)"
MARKS = [MARK.format(table=table) for table in ("sanction", "rule")]
COUNTED = {status.value: (COMMENTS, status.value) for status in IN_QUEUE} | {
    "troubles": (TROUBLES, ""),  # sources of signals that are not well
}


class Tallies(NamedTuple):
    counts: dict[str, int]  # of the comments in each status of the queue, of "appeals" and of "troubles"
    sanctions_mark: int  # the sum of their marks, by which is seen that one has changed
    rules_mark: int  # likewise


def tallies() -> Tallies:
    """One query. Each count is at most one more than FAR_ENOUGH."""
    most = FAR_ENOUGH + 1
    counted = {name: (rows, (value, most)) for name, (rows, value) in COUNTED.items()}
    counted["appeals"] = open_appeals()
    parts = [*(PART % rows for rows, _values in counted.values()), *MARKS]
    parameters = [each for name, (_rows, values) in counted.items() for each in (name, *values)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        found = dict(cursor.fetchall())
    return Tallies(sanctions_mark=found.pop("sanction"), rules_mark=found.pop("rule"), counts=found)


@cache
def open_appeals() -> tuple[str, tuple[Any, ...]]:
    """SQL with its values, which are the same in every request."""
    return Appeal.objects.open().order_by().values("pk")[: FAR_ENOUGH + 1].query.sql_with_params()


def waiting() -> int:
    """How many wait, at most one more than FAR_ENOUGH. One query."""
    return Comment.objects.waiting()[: FAR_ENOUGH + 1].count()


def capped(number: int) -> str:
    return f"{FAR_ENOUGH:,}+" if number > FAR_ENOUGH else str(number)
