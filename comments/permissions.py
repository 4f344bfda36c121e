"""Who may moderate."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

PERMISSION = "comments.moderate_comment"


def moderators() -> QuerySet[User]:
    """All active accounts that may decide about comments."""
    return User.objects.with_perm(PERMISSION, backend="django.contrib.auth.backends.ModelBackend").order_by("pk")
