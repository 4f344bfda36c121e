"""Text that nobody needs any more, erased with all that quotes it. Decisions remain, and so does what was learnt.

What a moderator wrote as the reason of a decision remains, too: that is history.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from comments import search, similar
from comments.models import Appeal, Comment, CommentSignal, Confirmation, Contact, Correction, Note

BATCH = 500  # comments in one turn of the worker
GONE = {  # of a comment that was refused: its proof remains, for it says how the author fared here
    "name": "",
    "website": "",
    "body": "",
    "html": "",
    "proven_name": "",
    "redactions": None,
}


def erase_old() -> int:
    """Erase what has been refused for long, and the original of what has been covered for long. Returns how many."""
    before = timezone.now() - datetime.timedelta(days=settings.COMMENT_RETENTION_DAYS)
    return _erase_refused(before) + _erase_covered(before)


@transaction.atomic
def _erase_refused(before: datetime.datetime) -> int:
    refused = Comment.objects.refused_until(before).select_for_update()
    erased = [comment.pk for comment in refused.only("pk")[:BATCH]]
    Comment.objects.filter(pk__in=erased).update(**GONE, **_purged())
    Contact.objects.filter(comment__in=erased).delete()
    Confirmation.objects.filter(comment__in=erased).delete()
    Correction.objects.filter(comment__in=erased).delete()
    _forget_words(erased)
    return len(erased)


@transaction.atomic
def _erase_covered(before: datetime.datetime) -> int:
    """The cover takes the place of what it covers."""
    covered = Comment.objects.covered_until(before).select_for_update(of=("self",)).select_related("post")
    erased = list(covered[:BATCH])
    for comment in erased:
        Comment.objects.filter(pk=comment.pk).update(body=comment.public_text, redactions=None, **_purged())
    _forget_words([comment.pk for comment in erased])
    for comment in erased:
        search.index(comment)  # of which it says what readers see
    return len(erased)


def _purged() -> dict[str, Any]:
    """What is the same for both. Nothing that was decided on the text as it was can be undone: its revision is past."""
    return {
        "text_digest": "",
        "counterfactual": None,
        "purged_at": timezone.now(),
        "revision": F("revision") + 1,
    }


def _forget_words(comments: Collection[int]) -> None:
    """What quotes the comments with these keys, and what finds them. Names and points of the signals remain."""
    CommentSignal.objects.filter(comment__in=comments).update(reason="", evidence=None)
    Note.objects.filter(comment__in=comments).delete()
    Appeal.objects.filter(comment__in=comments).update(text="")
    similar.forget(comments)
    search.forget(comments)
