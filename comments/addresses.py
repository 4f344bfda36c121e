"""The address of a commenter's own page: who has it has the comment, and nobody can guess it."""

from django.core.signing import Signer
from django.urls import reverse

from comments.models import Comment

signer = Signer(salt="comments.status")


def status_address(comment: Comment) -> str:
    return reverse("comments:status", args=[signer.sign(str(comment.pk))])


def signed_id(token: str) -> int:
    """The comment's number. Raises BadSignature."""
    return int(signer.unsign(token))
