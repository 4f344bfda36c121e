"""Comments of the last week with nearly the same text."""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from comments.models import Comment, SketchPart
from comments.spam.shingles import ALIKE, sketch

KEPT = timedelta(days=7)


def remember(comment: Comment) -> None:
    """Keep what later comments are compared with, in the transaction that stores the comment."""
    SketchPart.objects.bulk_create([SketchPart(comment=comment, value=value) for value in sketch(comment.body)])


def count_similar(comment: Comment) -> int:
    """How many earlier comments are nearly the same. One query, none for a short text."""
    parts = sketch(comment.body)
    if not parts:
        return 0
    alike = SketchPart.objects.filter(value__in=parts, comment__lt=comment.pk).values("comment")
    return alike.annotate(shared=Count("pk")).filter(shared__gte=ALIKE).count()


def forget(comment: Comment) -> None:
    SketchPart.objects.filter(comment=comment).delete()


def purge() -> None:
    """Delete what is too old to be compared with."""
    SketchPart.objects.filter(comment__created_at__lte=timezone.now() - KEPT).delete()
