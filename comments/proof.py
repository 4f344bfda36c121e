"""Proof that several comments come from one person: a token that their browser keeps, or an address they confirmed.

The database holds an HMAC of either. Earlier comments count for or against a comment only where both have the same
proof; a name or an address that was merely typed counts for nothing.
"""

import datetime
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comments.models import Comment, Proof, Sanction, Status
from comments.spam.names import name_key

DAYS = 180  # that a proof lasts without being used


@dataclass(frozen=True, slots=True)
class BrowserToken:
    """What the browser that sent a comment keeps, or shall keep from now on."""

    value: str = ""  # empty: nothing
    is_new: bool = False  # made for this comment, because its author wishes it

    @property
    def digest(self) -> str:
        return digest_of(Proof.Kind.BROWSER, self.value)


NO_TOKEN = BrowserToken()


class History(NamedTuple):
    """Named as in `Submission`."""

    proven_published: int
    proven_refused: int
    name_of_proven: bool


def digest_of(kind: Proof.Kind, secret: str) -> str:
    return salted_hmac(f"comments.proof.{kind}", secret, algorithm="sha256").hexdigest()


def is_known(token: BrowserToken) -> bool:
    return Proof.objects.filter(digest=token.digest).exists()


def is_proven_by(comment: Comment, token: BrowserToken) -> bool:
    return bool(token.value) and Proof.objects.filter(digest=token.digest, comments=comment).exists()


def prove(comment: Comment, token: BrowserToken) -> None:
    """Give an unsaved comment the proof that its author's browser shows. Nothing happens where that was forgotten."""
    if token.is_new:
        link(comment, Proof.objects.create(kind=Proof.Kind.BROWSER, digest=token.digest))
    elif token.value and Proof.objects.filter(digest=token.digest).update(used_at=timezone.now()):
        link(comment, Proof.objects.get(digest=token.digest))


def link(comment: Comment, proof: Proof) -> None:
    comment.proof = proof
    comment.proven_name = name_digest(comment.name)


def name_digest(name: str) -> str:
    """The same for names that look alike; empty for a name without letters, which is nobody's."""
    key = name_key(name)
    return sha256(key.encode()).hexdigest() if key else ""


@transaction.atomic
def replace_token(comment: Comment, token: BrowserToken) -> None:
    """The form of a stored comment was sent again, because the answer with the first token may never have arrived.

    So the new token takes its place, unless other comments hang on the first.
    """
    comment.refresh_from_db(from_queryset=Comment.objects.select_for_update())
    proof = comment.proof
    if not token.is_new or (proof and (proof.kind != Proof.Kind.BROWSER or proof.comments.count() > 1)):
        return
    prove(comment, token)
    comment.save(update_fields=["proof", "proven_name"])
    delete_unused()


@transaction.atomic
def forget(proof: Proof) -> None:
    """Its comments stay, and nothing says any more that they come from one person."""
    list(Proof.objects.select_for_update().filter(pk=proof.pk))  # so that no comment is linked to it meanwhile
    Comment.objects.filter(proof=proof).update(proof=None, proven_name="")
    proof.delete()


def purge() -> None:
    """Forget what was not used for long, and what proves nothing any more."""
    too_old = timezone.now() - datetime.timedelta(days=DAYS)
    for proof in _without_sanction().filter(used_at__lte=too_old):
        forget(proof)
    delete_unused()


def delete_unused() -> None:
    _without_sanction().filter(comments=None).delete()


def _without_sanction() -> QuerySet[Proof]:
    """Those that no ban, hold or trust in force is about: for as long as it is, the proof is in use."""
    return Proof.objects.filter(~Exists(Sanction.objects.in_force().filter(proof=OuterRef("pk"))))


def history(comment: Comment) -> History:
    """What moderators decided about the author, as far as it is proven. Three queries at most."""
    counts: dict[str, int] = dict.fromkeys(Status, 0)
    if comment.proof_id:
        earlier = Comment.objects.filter(proof=comment.proof_id, pk__lt=comment.pk)
        counts = earlier.decided_by_people().counts()
    return History(
        proven_published=counts[Status.APPROVED],
        proven_refused=counts[Status.REJECTED] + counts[Status.SPAM],
        name_of_proven=bears_name_of_proven(comment),
    )


def bears_name_of_proven(comment: Comment) -> bool:
    """Whether proven comments with this name were published, and none of them under the comment's own proof."""
    named = Comment.objects.filter(
        proof__isnull=False, proven_name=name_digest(comment.name), status=Status.APPROVED
    ).exclude(proven_name="")
    return named.exists() and not named.filter(proof=comment.proof_id).exists()
