"""What the newsroom keeps of the work on a text: who has it open, and the links by which a draft is shown to others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from posts.models.addresses import new_token
from posts.models.publication import Page, Post


def about(text: Post | Page) -> dict[str, Any]:
    """The field in which something about the text names it."""
    return {"post" if isinstance(text, Post) else "page": text}


class AboutText(models.Model):
    """Belongs to a post or to a page."""

    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="%(class)s")
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="%(class)s")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_has_one_text",
                condition=Q(post__isnull=False, page__isnull=True) | Q(post__isnull=True, page__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.text}"

    @property
    def text(self) -> Post | Page:
        found = self.post or self.page
        assert found  # noqa: S101  the constraint
        return found


class Editing(AboutText):
    """Somebody edits a text. Of what they write nothing is kept here."""

    until = models.DateTimeField()

    class Meta(AboutText.Meta):
        constraints = [
            *AboutText.Meta.constraints,
            models.UniqueConstraint(name="editing_post_once", fields=["post", "by"]),
            models.UniqueConstraint(name="editing_page_once", fields=["page", "by"]),
        ]


def may_change(model: type[Post | Page]) -> Q:
    """Made by somebody who may change such texts now."""
    permission, backend = f"posts.change_{model._meta.model_name}", "django.contrib.auth.backends.ModelBackend"
    return Q(by__in=User.objects.with_perm(permission, backend=backend).filter(is_staff=True))


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def valid(self) -> PreviewLinkQuerySet:
        """A link shows no more than its maker may see: it ends with their account, and with their right."""
        by_one_who_may = Q(Q(page=None) & may_change(Post)) | Q(Q(post=None) & may_change(Page))
        return self.filter(by_one_who_may, expires_at__gt=timezone.now())


def in_a_week() -> datetime:
    return timezone.now() + timedelta(days=7)


class PreviewLink(AboutText):
    """Shows a draft to whoever has its address, which holds a signature besides the key: the row opens nothing."""

    key = models.CharField(max_length=16, unique=True, default=new_token)
    expires_at = models.DateTimeField(default=in_a_week)

    objects = PreviewLinkQuerySet.as_manager()
