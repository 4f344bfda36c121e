"""Pages of comments for moderators, which cost the same however many comments there are."""

import datetime
from typing import NamedTuple

from django.db.models import Q
from django.http import Http404

from comments.models import Comment, CommentQuerySet, Status

PAGE_SIZE = 25  # comments
MOMENT = "%Y%m%dT%H%M%S.%f"


class Listing(NamedTuple):
    """One page of a view. The addresses of its neighbours are positions, empty where there is none."""

    comments: list[Comment]
    before: str
    after: str


def list_page(status: Status, *, after: str = "", before: str = "") -> Listing:
    """The comments that follow, or precede, a position. Costs the same however far the position is from the start.

    Where nothing is left there, because it was decided meanwhile, the first page. Raises Http404 for a malformed one.
    """
    comments = Comment.objects.queue(status)
    ascending = status == Status.PENDING
    if before:
        comments = beyond(comments.reverse(), before, ascending=not ascending)
    elif after:
        comments = beyond(comments, after, ascending=ascending)
    found = list(comments[: PAGE_SIZE + 1])
    rows, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    if (before and not more) or (after and not rows):
        return list_page(status)
    if before:
        rows.reverse()
    return Listing(
        rows,
        before=position(rows[0]) if before or after else "",
        after=position(rows[-1]) if before or more else "",
    )


def beyond(comments: CommentQuerySet, place: str, *, ascending: bool) -> CommentQuerySet:
    """Those that come after the place in the order of (status_since, pk)."""
    moment, _separator, pk = place.rpartition("-")
    try:
        since, key = datetime.datetime.strptime(moment, MOMENT).replace(tzinfo=datetime.UTC), int(pk)
    except ValueError as error:
        raise Http404 from error
    way = "gt" if ascending else "lt"
    later = Q(**{f"status_since__{way}": since}) | Q(**{f"pk__{way}": key})
    return comments.filter(later, **{f"status_since__{way}e": since})


def position(comment: Comment, *, pk: int | None = None) -> str:
    return f"{comment.status_since.astimezone(datetime.UTC):{MOMENT}}-{pk or comment.pk}"
