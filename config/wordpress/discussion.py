"""What becomes of an item's comments: which of them come along, in which state, and below which other one."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comments.models import Comment, Status
from config.wordpress.report import Report
from config.wordpress.texts import public_name
from posts import wxr
from posts.models import Post, validate_web_address
from posts.wordpress.plain import comment_text

STATES = {  # WordPress's word: ours, and the report's
    "1": (Status.APPROVED, "approved"),
    "approve": (Status.APPROVED, "approved"),
    "approved": (Status.APPROVED, "approved"),
    "0": (Status.PENDING, "pending"),
    "hold": (Status.PENDING, "pending"),
    "spam": (Status.SPAM, "spam"),
    "trash": (Status.REJECTED, "trash"),
    "post-trashed": (Status.REJECTED, "trash"),
}
UNKNOWN_STATE = (Status.PENDING, "pending")
NO_NAME = "Anonymous"


class Placed(NamedTuple):
    comment: wxr.Comment
    place: int  # in the file
    parent: int | None  # place of the comment that it answers, which comes first


def readers_comments(comments: Iterable[wxr.Comment], report: Report) -> list[wxr.Comment]:
    """Without pingbacks and whatever else plugins keep as comments, and without what stands there twice."""
    kept: dict[wxr.Comment, None] = {}
    for comment in comments:
        if comment.type not in {"", "comment"}:
            report.skipped["comment", comment.type[:40]] += 1
        elif not comment_text(comment.text):
            report.skipped["comment", "without a text"] += 1
        elif comment in kept:
            report.skipped["comment", "the same comment twice"] += 1
        else:
            kept[comment] = None
    return list(kept)


def threaded(comments: list[wxr.Comment], repaired: Counter[str]) -> Iterator[Placed]:
    """Oldest first, but never an answer before what it answers. Linear, whatever answers what."""
    places: dict[int, int] = {}
    for place, comment in enumerate(comments):
        if comment.id is not None:
            places.setdefault(comment.id, place)
    parents = [places.get(comment.parent) if comment.parent else None for comment in comments]
    repaired["replies to a comment that is not there"] += sum(
        bool(comment.parent) and parent is None for comment, parent in zip(comments, parents, strict=True)
    )
    done = [False] * len(comments)
    for start in sorted(range(len(comments)), key=lambda place: moment(comments[place])):
        line: dict[int, None] = {}  # from the comment up to one that is done, or that answers none
        above: int | None = start
        while above is not None and not done[above]:
            line[above] = None
            next_above = parents[above]
            if next_above in line:
                repaired["replies that answer each other"] += 1
                parents[above] = next_above = None
            above = next_above
        for place in reversed(line):
            done[place] = True
            yield Placed(comments[place], place, parents[place])


def moment(comment: wxr.Comment) -> datetime.datetime:
    return comment.date or datetime.datetime.max.replace(tzinfo=datetime.UTC)


def new_comment(written: wxr.Comment, post: Post, now: datetime.datetime, report: Report) -> Comment:
    """The comment as it will be stored, without its parent. Nothing that waited or was hidden becomes public."""
    status, word = STATES.get(written.approved, UNKNOWN_STATE)
    report.comments[word] += 1
    report.repaired["comments in an unknown state, now waiting"] += written.approved not in STATES
    report.repaired["comments without a name"] += not written.author
    report.repaired["comments without a date"] += not written.date
    return Comment(
        post=post,
        status=status,
        name=shown_name(written.author) or NO_NAME,
        website=written.website if is_web_address(written.website) else "",
        body=comment_text(written.text),
        created_at=written.date or post.published_at or now,
        wordpress_id=written.id,
    )


def shown_name(written: str) -> str:
    """Empty for an IP address, which is what some blogs called a reader who gave no name."""
    name = public_name(written)[:245]
    try:
        ip_address(name)
    except ValueError:
        return name
    return ""


def is_web_address(address: str) -> bool:
    try:
        validate_web_address(address)
    except ValidationError:
        return False
    return len(address) <= 500


def is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254
