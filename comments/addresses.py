"""Addresses that cannot be guessed: a commenter's own page, and the link that confirms their e-mail address.

Who has the first has the comment.
"""

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
