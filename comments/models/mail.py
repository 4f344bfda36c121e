"""E-mail addresses that were given for a purpose, and mail that waits to be sent."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CONFIRMATION_DAYS = 7  # that a link to confirm an address is good for


class Contact(models.Model):
    """A commenter's e-mail address, apart from the comment, for one purpose and until that purpose ends."""

    class Purpose(models.TextChoices):
        NOTICE = "notice", _("to write once, when the comment is published")
        IMPORTED = "imported", _("kept from WordPress because the operator asked for it")

    comment = models.OneToOneField("comments.Comment", models.CASCADE, related_name="contact")
    email = models.EmailField(max_length=254)
    purpose = models.CharField(max_length=10, choices=Purpose)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.purpose


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def open(self) -> ConfirmationQuerySet:
        """Those whose link can still be used, once."""
        since = timezone.now() - datetime.timedelta(days=CONFIRMATION_DAYS)
        return self.filter(used_at=None, asked_at__gt=since)


class Confirmation(models.Model):
    """A link by which the commenter may confirm their address was asked for. Holds no address: the link knows it."""

    comment = models.OneToOneField("comments.Comment", models.CASCADE, primary_key=True, related_name="confirmation")
    asked_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.comment_id}"


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    def due(self) -> OutboxMailQuerySet:
        return self.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")


class OutboxMail(models.Model):
    """A mail that waits to be sent. All but its kind and dates is erased once it has gone, or was given up."""

    class Kind(models.TextChoices):
        QUEUE = "queue", _("comments wait")
        PUBLISHED = "published", _("your comment was published")
        CONFIRM = "confirm", _("confirm your address")
        ACCOUNT = "account", _("your account")

    kind = models.CharField(max_length=10, choices=Kind)
    comment = models.ForeignKey("comments.Comment", models.CASCADE, null=True)  # that it is about
    to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)  # the same on every try
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(null=True, default=timezone.now)  # none: sent or given up
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                name="outbox_due", fields=["next_try_at"], condition=Q(next_try_at__isnull=False)
            ),  # the sender
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
