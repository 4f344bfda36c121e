"""Proof by e-mail: a link that is sent once at the commenter's wish, and that only a POST by its receiver confirms.

Anybody may type anybody's address. So a comment causes one mail at most, an address gets a few a day at most, and what
is answered is the same whether it got one or not: it would tell that others have asked, too.
"""

import unicodedata

from django.db import transaction
from django.utils import timezone

from comments import limits, outbox, proof
from comments.addresses import confirmation_address
from comments.models import Comment, Confirmation, Contact, Proof
from comments.spam.signals.history import SAME_NAME


def may_ask(comment: Comment) -> bool:
    """Whether a link can be sent: an address is there, nothing is proven, and none was asked for."""
    return not comment.proof_id and not Confirmation.objects.filter(comment=comment).exists() and _has_address(comment)


def _has_address(comment: Comment) -> bool:
    return Contact.objects.filter(comment=comment, purpose=Contact.Purpose.NOTICE).exists()


def is_open(comment: Comment) -> bool:
    """Whether a link was asked for and can still be used."""
    return Confirmation.objects.open().filter(comment=comment).exists()


@transaction.atomic
def ask(comment: Comment) -> None:
    """Write the mail with the link. Does nothing where none may be asked for."""
    contact = Contact.objects.select_for_update().filter(comment=comment, purpose=Contact.Purpose.NOTICE).first()
    if contact is None or not may_ask(comment):
        return
    Confirmation.objects.create(comment=comment)
    email = normalised(contact.email)
    if limits.may_write_to(email):
        outbox.ask_to_confirm(contact, confirmation_address(comment, proof.digest_of(Proof.Kind.EMAIL, email)))


def normalised(email: str) -> str:
    """The same for spellings of one address that every mail server of today takes for one."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


@transaction.atomic
def confirm(comment: Comment, digest: str) -> None:
    """Prove the comment by the address behind `digest`. Once for each link; does nothing where it is over."""
    now = timezone.now()
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if not Confirmation.objects.open().filter(comment=comment).update(used_at=now):
        return
    found, _created = Proof.objects.update_or_create(
        digest=digest, defaults={"used_at": now}, create_defaults={"used_at": now, "kind": Proof.Kind.EMAIL}
    )
    proof.link(comment, found)
    comment.save(update_fields=["proof", "proven_name"])
    if not proof.bears_name_of_proven(comment):
        comment.signals.filter(name=SAME_NAME).delete()  # a mark without points, so the score is what it was
    _score_again(comment)


def _score_again(comment: Comment) -> None:
    """Let the worker count what became of earlier comments, unless somebody has decided about this one already.

    A comment that was not scored to the end is due anyway.
    """
    undecided = Comment.objects.waiting().filter(pk=comment.pk, revision=0, incomplete=False, scored_at__isnull=False)
    undecided.update(score_again_at=timezone.now(), scoring_tries=1)


def is_confirmed(comment: Comment, digest: str) -> bool:
    return comment.proof is not None and comment.proof.digest == digest
