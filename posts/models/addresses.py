"""What keeps addresses and cached pages true: where a post stood before, and the stamp of all that readers see."""

import secrets

from django.db import models
from django.db.models import Q

from posts.models.publication import Page, Post


class Redirect(models.Model):
    """An address that something had before. The path is decoded and of any length, so its hash is the key."""

    digest = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the path, in hex
    path = models.TextField()
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="old_addresses")
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="old_addresses")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="redirect_has_one_target",
                condition=Q(post__isnull=False, page__isnull=True) | Q(post__isnull=True, page__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.path


def new_token() -> str:
    return secrets.token_hex(8)


class SiteStamp(models.Model):
    """One row: a token that is replaced whenever anything that readers see was edited.

    Random rather than counted, so that a database restored from a backup never repeats an old stamp.
    """

    token = models.CharField(max_length=16, default=new_token)

    def __str__(self) -> str:
        return self.token
