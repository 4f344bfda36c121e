"""The address of a commenter's own page. Who has it has the comment; it cannot be guessed."""

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
