"""Who may moderate, and who may do everything."""

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

PERMISSION = "comments.moderate_comment"


def moderators() -> QuerySet[User]:
    """All active accounts that may decide about comments."""
    return User.objects.with_perm(PERMISSION, backend="django.contrib.auth.backends.ModelBackend").order_by("pk")


def is_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)
