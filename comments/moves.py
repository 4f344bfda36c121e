"""The one compare-and-swap of a comment's status and text, the record of it, and what follows from it.

Nothing else in the project writes `Comment.status`; comments/moderation.py names the decisions that people take.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import akismet, learning, outbox, search
from comments.models import Comment, Decision, Status, redacted
from posts.html import comment_html
from posts.models import Post, new_token

ALLOWED: dict[str, frozenset[str]] = {
    Status.PENDING: frozenset({Status.APPROVED, Status.REJECTED, Status.SPAM, Status.WITHDRAWN}),
    Status.APPROVED: frozenset({Status.REJECTED, Status.SPAM, Status.WITHDRAWN}),
    Status.REJECTED: frozenset({Status.PENDING, Status.APPROVED, Status.SPAM, Status.WITHDRAWN}),
    Status.SPAM: frozenset({Status.PENDING, Status.APPROVED, Status.REJECTED, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),  # its text is erased
}
ERASED: Mapping[str, Any] = {
    "name": "",
    "website": "",
    "body": "",
    "html": "",
    "text_digest": "",
    "proof": None,
    "proven_name": "",
    "counterfactual": None,
    "redactions": None,
    "campaign": None,
}
NOTHING: Mapping[str, Any] = {}
STALE = gettext_lazy("Somebody else has decided about this comment meanwhile.")
PURGED = gettext_lazy("The text of this comment has been erased, so nothing can be decided about it any more.")
MAX_REASON_LENGTH = 500  # characters

Spans = list[list[int]]  # [start, end) of passages, in characters


class ModerationError(Exception):
    """A decision that was not carried out. The message is for the moderator."""


class IllegalMoveError(ModerationError):
    """The status does not allow this decision."""


class StaleCommentError(ModerationError):
    """Somebody else was faster: the comment is not any more what the moderator saw."""


class PassageError(ModerationError):
    """A passage that is to be covered lies outside the text."""


class Change(NamedTuple):
    """A comment whose row was changed, with what is still to be written about it."""

    comment: Comment
    decision: Decision
    lesson: learning.Lesson | None


@transaction.atomic
def alone(decide: Callable[[], Change]) -> Decision:
    return follow([decide()])[0]


@transaction.atomic
def together(comments: Iterable[Comment], decide: Callable[[Comment], Change]) -> list[Decision | ModerationError]:
    """In the order of their keys, so that two moderators never wait for each other."""
    results: list[Change | ModerationError] = []
    for comment in sorted(comments, key=lambda comment: comment.pk):
        try:
            results.append(decide(comment))
        except ModerationError as error:
            results.append(error)
    decisions = iter(follow([change for change in results if isinstance(change, Change)]))
    return [next(decisions) if isinstance(result, Change) else result for result in results]


def swap(
    comment: Comment,
    after: Status,
    *,
    by: User | None,
    reason: str,
    batch: UUID | None = None,
    erased: Mapping[str, Any] = NOTHING,
) -> Change:
    """Move a comment. Raises IllegalMoveError and StaleCommentError; on either, nothing is written."""
    before = Status(comment.status)
    if after not in ALLOWED[before]:
        raise IllegalMoveError(
            _("A comment that is “%(before)s” cannot become “%(after)s”.")
            % {"before": before.label, "after": after.label}
        )
    if comment.is_erased and after != Status.WITHDRAWN:
        raise IllegalMoveError(PURGED)
    if comment.purged_at:
        learnt = comment.learnt  # what that was learnt from is erased, so that it can only stay
    else:
        teaches = by and not comment.staff_id  # neither the policy nor the publication must learn from itself
        learnt = learning.LABELS.get(after, "") if teaches else ""
    changes = {"status": after, "status_since": timezone.now(), "score_again_at": None, "learnt": learnt, **erased}
    return write(comment, changes, by=by, reason=reason, batch=batch)


def put_back(decision: Decision, *, by: User) -> Change:
    """Undo. What the publication itself answered has nowhere to go back to: it is withdrawn.

    Raises IllegalMoveError where what would come back is erased, StaleCommentError if something else was decided since.
    """
    comment = decision.comment
    erased_since = comment.purged_at is not None and decision.made_at <= comment.purged_at
    if comment.is_erased or erased_since or decision.after == Status.WITHDRAWN:
        raise IllegalMoveError(PURGED)
    if decision.undoes_id or not is_latest(decision):
        raise StaleCommentError(STALE)
    changes: dict[str, Any] = {
        "status": Status(decision.before),
        "status_since": decision.since_before,
        "score_again_at": decision.score_again_before,
        "learnt": decision.learnt_before,
    }
    if comment.redactions != decision.redactions_before:
        changes |= redaction(comment, decision.redactions_before)
    if comment.staff_id and decision.before == Status.PENDING:
        changes |= {**ERASED, "status": Status.WITHDRAWN}
    return write(comment, changes, by=by, undoes=decision)


def is_latest(decision: Decision) -> bool:
    """Whether whatever was decided about the comment since was undone. A query where something was."""
    comment = decision.comment
    return comment.revision == decision.revision + 1 or comment.decisions.standing().order_by("pk").last() == decision


def cover(comment: Comment, spans: Spans, *, by: User, batch: UUID | None) -> Change:
    """Cover these passages and no others. Raises StaleCommentError."""
    changes = {"status": Status(comment.status), "learnt": comment.learnt, **redaction(comment, spans or None)}
    return write(comment, changes, by=by, batch=batch)


def redaction(comment: Comment, spans: Spans | None) -> dict[str, Any]:
    text = redacted(comment.body, spans or [], language=comment.post.language)
    return {"redactions": spans, "html": comment_html(text)}


def merged(spans: Iterable[tuple[int, int]], *, length: int) -> Spans:
    """In order and without overlaps, as they are stored. Raises PassageError."""
    found: Spans = []
    for start, end in sorted(spans):
        if not 0 <= start < end <= length:
            raise PassageError(_("There is no such passage in the text."))
        if found and start <= found[-1][1]:
            found[-1][1] = max(end, found[-1][1])
        else:
            found.append([start, end])
    return found


def write(
    comment: Comment,
    changes: dict[str, Any],
    *,
    by: User | None,
    reason: str = "",
    batch: UUID | None = None,
    undoes: Decision | None = None,
) -> Change:
    """Swap, if the comment is still what was seen, and record the decision. Raises StaleCommentError."""
    seen = Comment.objects.filter(
        pk=comment.pk, status=comment.status, revision=comment.revision, learnt=comment.learnt
    )
    if not seen.update(**changes, revision=comment.revision + 1):
        raise StaleCommentError(STALE)
    lesson = learning.lesson(comment, changes["learnt"])
    made = Decision(
        comment=comment,
        before=comment.status,
        after=changes["status"],
        revision=comment.revision,
        since_before=comment.status_since,
        learnt_before=comment.learnt,
        score_again_before=comment.score_again_at,
        redactions_before=comment.redactions,
        by=by,
        reason=reason[:MAX_REASON_LENGTH],
        batch=batch,
        undoes=undoes,
    )
    _take_over(comment, {**changes, "revision": comment.revision + 1})
    return Change(comment, made, lesson)


def _take_over(comment: Comment, changes: Mapping[str, Any]) -> None:
    for field, value in changes.items():
        setattr(comment, field, value)
    if "html" in changes:
        search.index(comment)  # the text that others may see is another one, or none
        outbox.write_anew()


def follow(changes: Sequence[Change]) -> list[Decision]:
    """What follows from decisions: the record, what was learnt, pages, mail. Once for all of them where it can be."""
    learning.relearn([change.lesson for change in changes if change.lesson])
    for change in changes:
        if change.decision.before == Status.APPROVED:
            outbox.cancel_announcement(change.comment)
        if change.decision.after == Status.APPROVED:
            outbox.announce(change.comment)
        akismet.decided(change.comment, by=change.decision.by)
    touch(change.comment.post_id for change in changes if Status.APPROVED in change.decision.statuses)
    return Decision.objects.bulk_create([change.decision for change in changes])


def touch(posts: Iterable[int]) -> None:
    """Give the posts' pages a new stamp, since their visible comments have changed."""
    for pk in sorted(set(posts)):
        Post.objects.filter(pk=pk).update(comments_stamp=new_token())
