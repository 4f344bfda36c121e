"""Who has which text open in the newsroom."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from posts.models.publication import Page, Post


class Editing(models.Model):
    """Somebody edits a post or a page. Of the text itself nothing is kept here."""

    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="editing")
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="editing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="editing_has_one_text",
                condition=Q(post__isnull=False, page__isnull=True) | Q(post__isnull=True, page__isnull=False),
            ),
            models.UniqueConstraint(name="editing_post_once", fields=["post", "by"]),
            models.UniqueConstraint(name="editing_page_once", fields=["page", "by"]),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.post or self.page}"
