"""Comments in the order and shape in which a page shows them: threads, oldest first, replies below."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Count, F, Min, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format

from comments.models import Comment, CommentQuerySet
from posts.models import Post

THREADS_A_PAGE = 100

TOP = Coalesce("thread", "pk")  # the first comment of a comment's thread
STARTED = Coalesce("thread__created_at", "created_at")  # when that was written

Row = dict[str, Any]  # a comment for the template, which reads a dict fastest; see `rows`


@dataclass(frozen=True, slots=True)
class ThreadPage:
    rows: list[Row]
    count: int  # comments on all pages
    number: int
    last: int  # number of the last page
    address: str  # of this page, without a fragment
    earlier: str  # address of the page before, if there is one
    later: str  # address of the page after, if there is one


def thread_page(post: Post, number: int) -> ThreadPage:
    """Page `number` of the comments that readers may see. One query. Raises Http404 beyond the last page."""
    comments = comments_of_page(post, number)
    if not comments and number > 1:
        raise Http404
    count, threads = (comments[0]["comment_count"], comments[0]["thread_count"]) if comments else (0, 1)
    last = -(-threads // THREADS_A_PAGE)
    return ThreadPage(
        rows=list(rows(comments)),
        count=count,
        number=number,
        last=last,
        address=page_address(post, number),
        earlier=page_address(post, number - 1) if number > 1 else "",
        later=page_address(post, number + 1) if number < last else "",
    )


def page_address(post: Post, number: int) -> str:
    return post.get_absolute_url() + (f"?page={number}" if number > 1 else "")


def permalink(comment: Comment) -> str:
    """Where readers find the comment now. One query."""
    return permalinks(comment.post, [comment])[comment.pk]


def permalinks(post: Post, comments: Iterable[Comment]) -> dict[int, str]:
    """Where readers find these comments of one post now, by id. One query, which reads the ids of all its threads."""
    place = {top: index for index, top in enumerate(threads(post))}
    return {
        comment.pk: page_address(post, place.get(comment.thread_id or comment.pk, 0) // THREADS_A_PAGE + 1)
        + f"#comment-{comment.pk}"
        for comment in comments
    }


def visible_on(post: Post) -> CommentQuerySet:
    return Comment.objects.visible().filter(post=post)


def threads(post: Post) -> Any:
    """The id of the first comment of each thread of which something is visible, oldest first."""
    began = visible_on(post).values(top=TOP).annotate(began=Min(STARTED)).order_by("began", "top")
    return began.values_list("top", flat=True)


def comments_of_page(post: Post, number: int) -> list[Row]:
    """The visible comments of the page's threads, each with what `lineage` needs and the figures of all pages."""
    start = (number - 1) * THREADS_A_PAGE
    all_pages = visible_on(post).values("post")
    comments = (
        visible_on(post)
        .alias(top=TOP)
        .filter(top__in=threads(post)[start : start + THREADS_A_PAGE])
        .order_by(STARTED, "top", "created_at", "pk")
        .values("pk", "thread", "parent", "name", "website", "html", "created_at", "staff")
        .annotate(
            grandparent=F("parent__parent"),
            great_grandparent=F("parent__parent__parent"),
            comment_count=Subquery(all_pages.annotate(figure=Count("pk")).values("figure")),
            thread_count=Subquery(all_pages.annotate(figure=Count(TOP, distinct=True)).values("figure")),
        )
    )
    return [dict(comment) for comment in comments]


def rows(comments: list[Row]) -> Iterator[Row]:
    """The threads laid flat: each comment before the replies to it, with its day and with what follows it in the list.

    `has_replies`: the list of replies to it begins. `levels_up`: how many lists end. A comment that is not shown any
    more but has replies that are is a row without `id`.
    """
    shown = {comment["pk"]: comment for comment in comments}
    days: dict[str, str] = {}
    steps = [*walk(replies_by_parent(comments), None, 0), (None, 0)]
    for (pk, depth), (_next, next_depth) in pairwise(steps):
        row = {"has_replies": next_depth > depth, "levels_up": range(depth - next_depth)}
        if comment := shown.get(pk):
            day = timezone.localdate(comment["created_at"])
            iso = str(day)
            if iso not in days:
                days[iso] = date_format(day)
            row |= comment | {"id": str(pk), "day": iso, "day_text": days[iso], "link": web_address(comment["website"])}
        yield row


def web_address(website: str) -> str:
    """The website if a browser may be led there, else the empty string: imports hold anything."""
    return website if website.lower().startswith(("http://", "https://")) else ""


def replies_by_parent(comments: list[Row]) -> Mapping[int | None, Iterable[int]]:
    """Ids of the replies to each comment in their order; the threads stand below None.

    A comment that is not shown has its place here all the same, where a reply to it is shown.
    """
    replies: dict[int | None, dict[int, None]] = defaultdict(dict)
    for comment in comments:
        child = comment["pk"]
        for parent in lineage(comment):
            replies[parent][child] = None
            child = parent
        replies[None][child] = None
    return replies


def lineage(comment: Row) -> Iterable[int]:
    """Ids of the comments above this one, nearest first. Five levels need no more columns than these."""
    above = (comment["parent"], comment["grandparent"], comment["great_grandparent"], comment["thread"])
    return dict.fromkeys(filter(None, above))


def walk(
    replies: Mapping[int | None, Iterable[int]], parent: int | None, depth: int
) -> Iterator[tuple[int | None, int]]:
    """Each comment with its depth. Goes as deep as comments do, which the database limits."""
    for pk in replies.get(parent, ()):
        yield pk, depth
        yield from walk(replies, pk, depth + 1)
