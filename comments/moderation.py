"""The life of a comment. Nothing else in the project writes `Comment.status`.

A comment is stored first, pending and unscored, so that nothing that follows can lose it. Then it is scored: signals,
verdict and the decision that follows from it are written in one transaction. Every later change is one function here:
a compare-and-swap on (status, revision) with its `Decision` in the same transaction.
"""

import datetime
from collections.abc import Iterator
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import akismet, learning, outbox, policy, precision, proof, rulebook, similar
from comments.limits import Source, count
from comments.models import MAX_DEPTH, Comment, CommentSignal, Confirmation, Contact, Decision, Receipt, RuleHit, Status
from comments.scoring import again_at, examine, submission_of
from comments.spam import Judgement, Submission, normalised
from posts.html import comment_html
from posts.models import Post, new_token

ALLOWED: dict[str, frozenset[str]] = {
    Status.PENDING: frozenset({Status.APPROVED, Status.REJECTED, Status.SPAM, Status.WITHDRAWN}),
    Status.APPROVED: frozenset({Status.REJECTED, Status.SPAM, Status.WITHDRAWN}),
    Status.REJECTED: frozenset({Status.PENDING, Status.APPROVED, Status.SPAM, Status.WITHDRAWN}),
    Status.SPAM: frozenset({Status.PENDING, Status.APPROVED, Status.REJECTED, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),  # its text is erased
}


ERASED = {
    "name": "",
    "website": "",
    "body": "",
    "html": "",
    "text_digest": "",
    "proof": None,
    "proven_name": "",
    "counterfactual": None,
}
STALE = gettext_lazy("Somebody else has decided about this comment meanwhile.")
MAX_REASON_LENGTH = 500  # characters
CONTACT_DAYS = 30  # an address that was given for one notice is not kept longer
RECEIPT_MINUTES = 10  # within which the same form is the same comment


class ModerationError(Exception):
    """A decision that was not carried out. The message is for the moderator."""


class IllegalMoveError(ModerationError):
    """The status does not allow this decision."""


class StaleCommentError(ModerationError):
    """Somebody else was faster: the comment is not any more what the moderator saw."""


class CommentsClosedError(ModerationError):
    """The post takes no comments (any more)."""


def submit(
    comment: Comment,
    submission: Submission,
    *,
    source: Source | None = None,
    email: str = "",
    receipt: str = "",
    token: proof.BrowserToken = proof.NO_TOKEN,
) -> Comment:
    """Store a reader's comment, then score it. Returns the earlier one where `receipt` says that it was sent before.

    Raises CommentsClosedError, and TooManyCommentsError where `source` has sent enough for now. Once the first
    transaction is through, nothing that a signal does can lose the comment.
    """
    try:
        recently = _store(comment, source=source, email=email, receipt=receipt, token=token)
    except IntegrityError:
        earlier = Receipt.objects.select_related("comment").filter(digest=receipt).first()
        if earlier is None:
            raise
        proof.replace_token(earlier.comment, token)
        return earlier.comment
    shared = source is not None and source.shared
    seen = replace(submission, from_source_recently=recently, shared_source=shared)
    score(comment, seen, address=source.address if source else "")
    return comment


@transaction.atomic
def _store(comment: Comment, *, source: Source | None, email: str, receipt: str, token: proof.BrowserToken) -> int:
    """Returns how many comments the source has sent lately, this one not counted.

    The row says already when the worker scores the comment, should this process not come to it.
    """
    post = Post.objects.select_for_update().get(pk=comment.post_id)  # so that none slips in while an editor closes it
    if not post.comments_open:
        raise CommentsClosedError(_("Comments on this post are closed."))
    comment.scoring_tries = 1
    comment.score_again_at = again_at(1)
    proof.prove(comment, token)
    _insert(comment)
    similar.remember(comment)
    now = timezone.now()
    if email:
        expires = now + datetime.timedelta(days=CONTACT_DAYS)
        Contact.objects.create(comment=comment, email=email, purpose=Contact.Purpose.NOTICE, expires_at=expires)
    if receipt:
        too_old = now - datetime.timedelta(minutes=RECEIPT_MINUTES)
        Receipt.objects.filter(digest=receipt, created_at__lt=too_old).delete()
        Receipt.objects.create(digest=receipt, comment=comment)
    return count(source) if source else 0  # last, so that a form sent twice is the earlier comment and not one too many


def _insert(comment: Comment) -> None:
    """Derive what is derived from the text and the parent, and insert the row."""
    comment.status_since = comment.created_at
    comment.html = comment_html(comment.body)
    comment.text_digest = text_digest(comment.body)
    parent = comment.parent
    if parent and parent.depth >= MAX_DEPTH:
        parent = comment.parent = parent.parent  # deeper replies hang on the last level
    if parent:
        comment.depth = parent.depth + 1
        comment.thread = parent.thread or parent
    comment.save(force_insert=True)


def score(comment: Comment, submission: Submission, *, address: str = "") -> None:
    """Judge a stored comment. Nothing that a source does can lose or publish it."""
    record(comment, examine(comment, submission, address=address))


def record(comment: Comment, judgement: Judgement) -> None:
    """Store a judgement: signals, verdict and what follows from it in one transaction, in place of an earlier one.

    Does nothing where a moderator or the commenter was faster, whose decision stands, or a later try to score it.
    """
    holds = policy.current()
    weighed = policy.weigh(judgement, holds.weights)
    verdict = policy.decide(weighed, holds, proven=_is_proven(comment), earned=precision.earned(holds))
    fitting = rulebook.fitting(submission_of(comment))
    with transaction.atomic():
        current = (
            Comment.objects.waiting()
            .filter(pk=comment.pk, revision=comment.revision, scoring_tries=comment.scoring_tries)
            .update(
                **_verdict_fields(verdict),
                policy_version=holds.version,
                incomplete=bool(judgement.unavailable),
                score_again_at=again_at(comment.scoring_tries) if judgement.may_become_whole else None,
            )
        )
        if not current:
            return
        if comment.scoring_tries > 1:
            comment.signals.all().delete()
        CommentSignal.objects.bulk_create(_signal_rows(comment, judgement, weighed))
        RuleHit.objects.bulk_create([RuleHit(comment=comment, rule_id=pk) for pk in fitting], ignore_conflicts=True)
        _act_on(comment, verdict)


def _is_proven(comment: Comment) -> bool:
    return comment.proof_id is not None and Comment.objects.proven().filter(pk=comment.pk).exists()


def _verdict_fields(verdict: policy.Verdict) -> dict[str, Any]:
    return {
        "score": verdict.score,
        "threshold": verdict.threshold,
        "outcome": verdict.outcome,
        "counterfactual": asdict(verdict.counterfactual) if verdict.counterfactual else None,
        "scored_at": timezone.now(),
    }


def _act_on(comment: Comment, verdict: policy.Verdict) -> None:
    if verdict.outcome == policy.Outcome.SPAM:
        mark_spam(comment, by=None, reason=verdict.reason)
    elif verdict.outcome == policy.Outcome.PUBLISHED:
        approve(comment, by=None, reason=verdict.reason)


def _signal_rows(comment: Comment, said: Judgement, weighed: Judgement) -> Iterator[CommentSignal]:
    for signal, counted in zip((*said.signals, *said.gaps), (*weighed.signals, *weighed.gaps), strict=True):
        yield CommentSignal(
            comment=comment,
            name=signal.name,
            points=counted.points,
            unweighted=None if counted is signal else signal.points,
            reason=signal.reason,
            evidence=asdict(signal.evidence) if signal.evidence else None,
        )


def import_comment(comment: Comment, *, email: str = "") -> None:
    """Store a comment from elsewhere with the status it had there. Call `touch` afterwards to renew the pages."""
    _insert(comment)
    if email:
        Contact.objects.create(comment=comment, email=email, purpose=Contact.Purpose.IMPORTED)
    if comment.status == Status.APPROVED:
        _touch(comment)


def text_digest(text: str) -> str:
    """The same for texts that differ only in case, width, spacing and punctuation; empty for a text without words."""
    words = normalised(text)
    return sha256(words.encode()).hexdigest() if words else ""


def as_seen(pk: int, revision: int) -> Comment:
    """The comment, if it is still what the moderator saw. Raises StaleCommentError."""
    comment = Comment.objects.filter(pk=pk, revision=revision).first()
    if comment is None:
        raise StaleCommentError(STALE)
    return comment


def approve(comment: Comment, *, by: User | None, reason: str = "") -> Decision:
    """Show the comment to readers."""
    return _move(comment, Status.APPROVED, by=by, reason=reason)


def reject(comment: Comment, *, by: User | None, reason: str = "") -> Decision:
    """Keep the comment from readers; a published one is taken down."""
    return _move(comment, Status.REJECTED, by=by, reason=reason)


def mark_spam(comment: Comment, *, by: User | None, reason: str = "") -> Decision:
    """Put the comment into the spam folder; a published one is taken down."""
    return _move(comment, Status.SPAM, by=by, reason=reason)


def restore(comment: Comment, *, by: User | None, reason: str = "") -> Decision:
    """Let a rejected comment, or one in the spam folder, wait for a decision again."""
    return _move(comment, Status.PENDING, by=by, reason=reason)


def withdraw(comment: Comment) -> Decision:
    """Erase the comment because its author asked for it. What remains is that there was one."""
    with transaction.atomic():
        decision = _move(comment, Status.WITHDRAWN, by=None, reason="withdrawn by its author", erase=True)
        comment.signals.all().delete()
        RuleHit.objects.filter(comment=comment).delete()
        Contact.objects.filter(comment=comment).delete()
        Confirmation.objects.filter(comment=comment).delete()
        Receipt.objects.filter(comment=comment).delete()
        outbox.cancel(comment)
        proof.delete_unused()
        similar.forget(comment)
    return decision


@transaction.atomic
def _move(comment: Comment, after: Status, *, by: User | None, reason: str, erase: bool = False) -> Decision:
    """Swap the status if it is still the one that was seen, and record it in the same transaction.

    Raises IllegalMoveError or StaleCommentError; on either, nothing is written.
    """
    before, seen = Status(comment.status), comment.revision
    if after not in ALLOWED[before]:
        raise IllegalMoveError(
            _("A comment that is “%(before)s” cannot become “%(after)s”.")
            % {"before": before.label, "after": after.label}
        )
    learnt = learning.LABELS.get(after, "") if by else ""  # the policy must not learn from itself
    changes = {"status": after, "status_since": timezone.now(), "revision": seen + 1}
    changes |= {"score_again_at": None, "learnt": learnt} | (ERASED if erase else {})
    if by or comment.learnt:
        learning.relearn(comment, learnt)
    if not Comment.objects.filter(pk=comment.pk, status=before, revision=seen).update(**changes):
        raise StaleCommentError(STALE)
    for field, value in changes.items():
        setattr(comment, field, value)
    if Status.APPROVED in {before, after}:
        _touch(comment)
    if before == Status.APPROVED:
        outbox.cancel_announcement(comment)
    if after == Status.APPROVED:
        outbox.announce(comment)
    akismet.decided(comment, by=by)
    return Decision.objects.create(
        comment=comment, by=by, before=before, after=after, reason=reason[:MAX_REASON_LENGTH], revision=seen
    )


def _touch(comment: Comment) -> None:
    """Give the post's page a new stamp, since its visible comments have changed."""
    Post.objects.filter(pk=comment.post_id).update(comments_stamp=new_token())
