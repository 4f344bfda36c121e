"""Who may moderate, and who may do everything."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

PERMISSION = "comments.moderate_comment"


def moderators() -> QuerySet[User]:
    """All active accounts that may decide about comments."""
    return User.objects.with_perm(PERMISSION, backend="django.contrib.auth.backends.ModelBackend").order_by("pk")


def is_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


class AdministratorsOnly(admin.ModelAdmin):
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)

    has_module_permission = has_add_permission = has_view_permission
    has_change_permission = has_delete_permission = has_view_permission
