"""The life of a comment.

A comment is stored first, pending and unscored, so that nothing that follows can lose it. Then it is scored: signals,
verdict and the decision that follows from it are written in one transaction. Every later change is one function here:
a compare-and-swap on (status, revision) with its `Decision` in the same transaction; see comments/moves.py.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import campaigns, moves, outbox, policy, proof, sampling, sanctions, search, similar, verdicts
from comments.limits import Source, count
from comments.models import (
    DENIED,
    MAX_DEPTH,
    Appeal,
    Comment,
    Confirmation,
    Contact,
    Decision,
    Receipt,
    RuleHit,
    Status,
)
from comments.moves import ModerationError, StaleCommentError
from comments.scoring import again_at, examine
from comments.spam import Judgement, Submission, normalised
from posts import identity
from posts.html import comment_html
from posts.language import language_of
from posts.models import Post

CONTACT_DAYS = 30  # an address that was given for one notice is not kept longer
RECEIPT_MINUTES = 10  # within which the same form is the same comment


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
    seen = submission.knowing(from_source_recently=recently, shared_source=shared)
    score(comment, seen, address=source.address if source else "")
    return comment


@transaction.atomic
def _store(comment: Comment, *, source: Source | None, email: str, receipt: str, token: proof.BrowserToken) -> int:
    """Returns how many comments the source has sent lately, this one not counted.

    The row says already when the worker scores the comment, should this process not come to it.
    """
    # Locked, so that none slips in while an editor closes it.
    post = Post.objects.select_for_update().defer("body", "html").get(pk=comment.post_id)
    if not post.comments_open:
        raise CommentsClosedError(_("Comments on this post are closed."))
    comment.scoring_tries = 1
    comment.score_again_at = again_at(1)
    proof.prove(comment, token)
    _insert(comment)
    similar.remember(comment)
    campaigns.join(comment)
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
    if comment.status not in DENIED:  # an imported one is kept as long as one of today
        comment.status_since = comment.created_at
    comment.html = comment_html(comment.body)
    comment.text_digest = text_digest(comment.body)
    comment.language = language_of(comment.body) or comment.post.language
    parent = comment.parent
    if parent and parent.depth >= MAX_DEPTH:
        parent = comment.parent = parent.parent  # deeper replies hang on the last level
    if parent:
        comment.depth = parent.depth + 1
        comment.thread = parent.thread or parent
    comment.save(force_insert=True)
    search.index(comment)


def score(comment: Comment, submission: Submission, *, address: str = "") -> None:
    """Judge a stored comment. Nothing that a source does can lose or publish it."""
    record(comment, examine(comment, submission, address=address))


@transaction.atomic
def record(comment: Comment, judgement: Judgement) -> None:
    """Store a judgement and do what follows from it, in one transaction.

    Does nothing where a moderator or the commenter was faster, whose decision stands, or a later try to score it.
    """
    verdict = verdicts.store(comment, judgement)
    if verdict is None:
        return
    ruling = sanctions.ruling(comment) or verdict
    if ruling.outcome == policy.Outcome.REJECTED:
        reject(comment, by=None, reason=ruling.reason)
    elif ruling.outcome == policy.Outcome.PUBLISHED:
        approve(comment, by=None, reason=ruling.reason)
    elif ruling.outcome == policy.Outcome.SPAM and sampling.is_drawn(comment):
        sampling.lay_before_moderators(comment)
    elif ruling.outcome == policy.Outcome.SPAM:
        mark_spam(comment, by=None, reason=ruling.reason)


def import_comment(comment: Comment, *, email: str = "") -> None:
    """Store a comment from elsewhere with the status it had there. Call `touch` afterwards to renew the pages."""
    _insert(comment)
    if email:
        Contact.objects.create(comment=comment, email=email, purpose=Contact.Purpose.IMPORTED)
    if comment.status == Status.APPROVED:
        moves.touch([comment.post_id])


def text_digest(text: str) -> str:
    """The same for texts that differ only in case, width, spacing and punctuation; empty for a text without words."""
    words = normalised(text)
    return sha256(words.encode()).hexdigest() if words else ""


def as_seen(pk: int, revision: int) -> Comment:
    """The comment, if it is still what the moderator saw. Raises StaleCommentError."""
    comment = Comment.objects.filter(pk=pk, revision=revision).first()
    if comment is None:
        raise StaleCommentError(moves.STALE)
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
        decision = _move(comment, Status.WITHDRAWN, by=None, reason="withdrawn by its author", erased=moves.ERASED)
        comment.signals.all().delete()
        comment.notes.all().delete()
        RuleHit.objects.filter(comment=comment).delete()
        Contact.objects.filter(comment=comment).delete()
        Confirmation.objects.filter(comment=comment).delete()
        Receipt.objects.filter(comment=comment).delete()
        Appeal.objects.filter(comment=comment).delete()
        outbox.cancel(comment)
        proof.delete_unused()
        similar.forget([comment.pk])
    return decision


@transaction.atomic
def redact(comment: Comment, spans: Iterable[tuple[int, int]], *, by: User, batch: UUID | None = None) -> Decision:
    """Cover these passages of the text, as [start, end) in characters, and no others: readers see the cover.

    Raises PassageError where one lies outside the text.
    """
    covered = moves.merged(spans, length=len(comment.body))
    decision = moves.alone(lambda: moves.cover(comment, covered, by=by, batch=batch))
    campaigns.hide_key(comment)
    return decision


@transaction.atomic
def reply(comment: Comment, text: str, *, by: User, batch: UUID | None = None) -> Comment:
    """Answer as the publication; who is answered is published with it."""
    name = identity.current(comment.post.language).name
    answer = Comment(post=comment.post, parent=comment, name=name, body=text, staff=by, scored_at=timezone.now())
    if comment.status != Status.APPROVED:
        _move(comment, Status.APPROVED, by=by, reason="", batch=batch)
    _insert(answer)
    _move(answer, Status.APPROVED, by=by, reason="", batch=batch)
    return answer


def no_reason(_comment: Comment) -> str:
    return ""


def each(
    comments: Iterable[Comment],
    after: Status,
    *,
    by: User,
    reason: Callable[[Comment], str] = no_reason,
    batch: UUID | None = None,
) -> list[Decision | ModerationError]:
    """Decide the same about many, in one transaction: for each the decision, or why there is none.

    In the order of their keys, which is the order of the answers. `reason` is asked for each and may raise a
    ModerationError.
    """

    def decide(comment: Comment) -> moves.Change:
        return moves.swap(comment, after, by=by, reason=reason(comment), batch=batch)

    return moves.together(comments, decide)


def undo(decision: Decision, *, by: User) -> Decision:
    """Put everything back as it was before the decision: status, place in the queue, learning, notices not yet sent.

    Raises StaleCommentError if something else was decided since, IllegalMoveError if the text is not held any more.
    """
    return moves.alone(lambda: moves.put_back(decision, by=by))


@transaction.atomic
def undo_batch(batch: UUID, *, by: User) -> dict[int, Decision | ModerationError]:
    """Undo all that was decided together, as far as nothing else was decided since. A second time there is nothing.

    By the key of each comment: what undid the decision, or why nothing could.
    """
    sanctions.take_back(batch)
    decisions = Decision.objects.standing().filter(batch=batch).select_related("comment__post")
    by_comment = {decision.comment: decision for decision in decisions}
    results = moves.together(by_comment, lambda comment: moves.put_back(by_comment[comment], by=by))
    return dict(zip((comment.pk for comment in by_comment), results, strict=True))


def _move(
    comment: Comment,
    after: Status,
    *,
    by: User | None,
    reason: str,
    batch: UUID | None = None,
    erased: Mapping[str, Any] = moves.NOTHING,
) -> Decision:
    """Swap the status if it is still the one that was seen, and record it in the same transaction.

    Raises IllegalMoveError or StaleCommentError; on either, nothing is written.
    """
    return moves.alone(lambda: moves.swap(comment, after, by=by, reason=reason, batch=batch, erased=erased))
