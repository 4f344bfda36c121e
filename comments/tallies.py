"""How many comments stand where, counted no further than anybody reads: it costs the same with a million of them."""

from django.db import connection

from comments.models import Comment, Status

FAR_ENOUGH = 1000  # more than so many are told as "1,000+"
COUNTED = "SELECT %s, COUNT(*) FROM (SELECT 1 FROM comments_comment WHERE status = %s LIMIT %s) AS some"
IN_QUEUE = (Status.PENDING, Status.APPROVED, Status.REJECTED, Status.SPAM)


def tallies() -> dict[str, int]:
    """The number of comments in each status of the queue, at most one more than FAR_ENOUGH. One query."""
    parameters = [value for status in IN_QUEUE for value in (status.value, status.value, FAR_ENOUGH + 1)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([COUNTED] * len(IN_QUEUE)), parameters)
        return dict(cursor.fetchall())


def waiting() -> int:
    """How many wait, at most one more than FAR_ENOUGH. One query."""
    return Comment.objects.waiting()[: FAR_ENOUGH + 1].count()


def capped(number: int) -> str:
    return f"{FAR_ENOUGH:,}+" if number > FAR_ENOUGH else str(number)
