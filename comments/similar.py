"""Comments of the last week with nearly the same text."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from comments.models import Comment, SketchPart
from comments.spam.shingles import ALIKE, sketch

KEPT = timedelta(days=7)
NEWEST = 120  # parts that are looked at: some twenty comments


def remember(comment: Comment) -> None:
    """Keep what later comments are compared with, in the transaction that stores the comment."""
    SketchPart.objects.bulk_create([SketchPart(comment=comment, value=value) for value in sketch(comment.body)])


def count_similar(comment: Comment) -> int:
    """How many earlier comments are nearly the same, as far as they are among the newest. One query."""
    return len(alike(comment))


def alike(comment: Comment) -> list[int]:
    """The earlier comments that are nearly the same, as far as they are among the newest, newest first. One query.

    In a flood of one text it need not find them all.
    """
    parts = sketch(comment.body)
    if not parts:
        return []
    shared = SketchPart.objects.filter(value__in=parts, comment__lt=comment.pk).order_by("-pk")
    found = Counter(shared.values_list("comment", flat=True)[:NEWEST])
    return [pk for pk, count in found.items() if count >= ALIKE]


def forget(comments: Collection[int]) -> None:
    SketchPart.objects.filter(comment__in=comments).delete()


def purge() -> None:
    """Delete what is too old to be compared with."""
    SketchPart.objects.filter(comment__created_at__lte=timezone.now() - KEPT).delete()
