"""Appeals: the author of a comment that a person rejected asks once, at their own page, that another one look again."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import moderation
from comments.models import DENIED, Appeal, Comment, Decision, Status
from comments.moves import STALE, ModerationError, StaleCommentError
from comments.permissions import moderators


class OwnDecisionError(ModerationError):
    """An appeal is answered by another moderator than the one it is against."""


def rejection_of(comment: Comment) -> Decision | None:
    """The decision by which a person rejected the comment, if it stands and the text is still held."""
    if comment.status != Status.REJECTED or comment.purged_at:
        return None
    latest = comment.decisions.standing().moves().order_by("pk").last()
    return latest if latest and latest.by_id and latest.after == Status.REJECTED else None


def may_be_made(comment: Comment) -> bool:
    return rejection_of(comment) is not None and not Appeal.objects.filter(comment=comment).exists()


def is_open(comment: Comment) -> bool:
    return comment.status in DENIED and Appeal.objects.open().filter(comment=comment).exists()


@transaction.atomic
def make(comment: Comment, text: str) -> None:
    """Once for each comment, for good. Does nothing where none may be made."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    rejection = rejection_of(comment)
    if rejection and not Appeal.objects.filter(comment=comment).exists():
        Appeal.objects.create(comment=comment, text=text, against=rejection)


def is_alone(user: User) -> bool:
    """Whether there is no other moderator."""
    return not moderators().exclude(pk=user.pk).exists()


@transaction.atomic
def publish(pk: int, revision: int, *, by: User) -> Decision:
    """Raises OwnDecisionError, and StaleCommentError where the appeal or the comment is not any more what was seen."""
    appeal = _taken(pk, revision, by=by)
    return moderation.approve(appeal.comment, by=by, reason="After an appeal.")


@transaction.atomic
def refuse(pk: int, revision: int, *, by: User, answer: str) -> None:
    """Keep the comment rejected. Raises as `publish` does."""
    appeal = _taken(pk, revision, by=by)
    left = Appeal.objects.open().filter(pk=appeal.pk)
    if not left.update(refused_by=by, refused_at=timezone.now(), answer=answer):
        raise StaleCommentError(STALE)


def reopen(pk: int, refused_at: datetime.datetime) -> None:
    """Undo a refusal, so that the appeal waits for an answer again. Raises StaleCommentError."""
    refused = Appeal.objects.filter(pk=pk, refused_at=refused_at)
    if not refused.update(refused_by=None, refused_at=None, answer=""):
        raise StaleCommentError(STALE)


def _taken(pk: int, revision: int, *, by: User) -> Appeal:
    """The open appeal, locked by its comment: whoever decides about that waits."""
    comment = Comment.objects.select_for_update().filter(pk=pk, revision=revision).first()
    appeal = Appeal.objects.open().filter(pk=pk).select_related("against").first()
    if comment is None or appeal is None:
        raise StaleCommentError(STALE)
    if appeal.against.by_id == by.pk and not is_alone(by):
        raise OwnDecisionError(_("You have rejected this comment, so another moderator answers."))
    appeal.comment = comment
    return appeal
