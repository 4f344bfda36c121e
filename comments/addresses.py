"""Addresses that cannot be guessed: a commenter's own page, the link that confirms their e-mail address, and the links
by which moderators decide from their mail.

Who has the first has the comment.
"""

from typing import NamedTuple

from django.contrib.auth.models import User
from django.core import signing
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from comments.models import Comment

signer = Signer(salt="comments.status")


def status_address(comment: Comment) -> str:
    return reverse("comments:status", args=[signer.sign(str(comment.pk))])


def comment_id(token: str) -> int:
    """The number in such an address. Raises Http404 unless it was signed here."""
    try:
        return int(signer.unsign(token))
    except BadSignature as error:
        raise Http404 from error


def confirmation_address(comment: Comment, digest: str) -> str:
    """Bound to the comment and to the e-mail address, of which it holds what the proof would."""
    return reverse("comments:confirm", args=[signing.dumps([comment.pk, digest], salt="comments.confirmation")])


def confirmation_of(token: str) -> tuple[int, str]:
    """The comment's number and the digest in such a link. Raises Http404 unless it was signed here."""
    try:
        pk, digest = signing.loads(token, salt="comments.confirmation")
    except BadSignature as error:
        raise Http404 from error
    return pk, digest


DECISION_DAYS = 7  # that a link in a moderator's mail is good for


class DecisionLink(NamedTuple):
    """What a link in a moderator's mail stands for."""

    comment: int  # primary key
    revision: int  # any decision makes another, so that no link is good twice
    action: str
    user: int  # primary key of the moderator who got the mail


def decision_address(comment: Comment, action: str, user: User) -> str:
    link = DecisionLink(comment.pk, comment.revision, action, user.pk)
    return reverse("decide", args=[signing.dumps(link, salt="comments.decision")])


def decision_of(token: str) -> DecisionLink | None:
    """None for a link that is too old. Raises Http404 unless it was signed here."""
    try:
        return DecisionLink(*signing.loads(token, salt="comments.decision", max_age=DECISION_DAYS * 24 * 60 * 60))
    except signing.SignatureExpired:
        return None
    except BadSignature as error:
        raise Http404 from error
