"""Comments, what was decided about them and why, and what must leave the machine because of them."""

from __future__ import annotations

import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.models import Post, published

MAX_LENGTH = 5000  # characters of a comment that is typed here; imported ones are kept whole
MAX_NAME_LENGTH = 80  # characters
MAX_DEPTH = 4  # replies below the first comment: five levels


class Status(models.TextChoices):
    PENDING = "pending", _("Awaiting moderation")
    APPROVED = "approved", _("Published")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> CommentQuerySet:
        """What readers may see, the one place that decides it: approved, below a post that is public now."""
        return self.filter(published("post__"), status=Status.APPROVED)

    def waiting(self) -> CommentQuerySet:
        return self.filter(status=Status.PENDING)

    def queue(self, status: str) -> CommentQuerySet:
        """A view of the moderators' queue with all that it shows: longest waiting or newest decided first.

        Three queries, however many comments.
        """
        order = ("status_since", "pk") if status == Status.PENDING else ("-status_since", "-pk")
        return (
            self.filter(status=status)
            .order_by(*order)
            .select_related("post", "parent")
            .defer("html", "post__body", "post__html", "post__excerpt", "parent__html")
            .annotate(has_email=models.Exists(Contact.objects.filter(comment=models.OuterRef("pk"))))
            .prefetch_related("signals", models.Prefetch("decisions", Decision.objects.select_related("by")))
        )

    def counts(self) -> dict[str, int]:
        """The number of comments in each status. One query."""
        counted = dict(self.order_by().values_list("status").annotate(models.Count("pk")))
        return {status: counted.get(status, 0) for status in Status}

    def unscored(self) -> CommentQuerySet:
        return self.waiting().filter(scored_at=None)


class Comment(models.Model):
    post = models.ForeignKey(Post, models.PROTECT, related_name="comment_set")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    thread = models.ForeignKey("self", models.PROTECT, null=True, related_name="thread_replies")  # its first comment
    depth = models.PositiveSmallIntegerField(default=0)  # levels below the first comment
    name = models.CharField(max_length=245)  # longer than the form allows: WordPress's limit, for imports
    website = models.CharField(max_length=500, blank=True)
    body = models.TextField()  # exactly as sent
    html = models.TextField()  # derived from body, safe to show
    text_digest = models.CharField(max_length=64, blank=True)  # the same for near-identical texts; see moderation
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    revision = models.PositiveIntegerField(default=0)  # counts every change of status or text
    status_since = models.DateTimeField(default=timezone.now)  # the moderators' order: longest waiting, newest decided
    created_at = models.DateTimeField(default=timezone.now)  # readers are shown the day only
    score = models.FloatField(null=True)  # the sum of the signals' points; none before scoring
    threshold = models.FloatField(null=True)  # points from which the policy would have called it spam
    policy_version = models.PositiveSmallIntegerField(null=True)
    scored_at = models.DateTimeField(null=True)
    wordpress_id = models.PositiveBigIntegerField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_comment", "Can moderate comments")]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="comment_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="comment_depth_limited", condition=Q(depth__lte=MAX_DEPTH)),
            models.CheckConstraint(
                name="comment_withdrawn_is_erased", condition=~Q(status="withdrawn") | Q(body="", html="")
            ),
            models.UniqueConstraint(name="comment_imported_once", fields=["post", "wordpress_id"]),
        ]
        indexes = [
            # Whole indexes, not partial ones: SQLite cannot match a partial index with a bound parameter.
            models.Index(name="comment_visible", fields=["post", "status", "created_at", "id"]),  # a post's page, feed
            models.Index(name="comment_queue", fields=["status", "status_since", "id"]),  # the moderators' views
            models.Index(name="comment_same_text", fields=["text_digest", "created_at"]),  # repeated text
            models.Index(name="comment_unscored", fields=["status", "scored_at"]),  # the worker
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_visible(self) -> bool:
        return self.status == Status.APPROVED and self.post.is_published


class CommentSignal(models.Model):
    """A signal as it was when the comment was scored. Their points add up to the comment's score."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="signals")
    name = models.CharField(max_length=60)
    points = models.FloatField()
    reason = models.CharField(max_length=300)
    evidence = models.JSONField(null=True)  # {"field", "start", "end", "quote"}

    class Meta:
        default_permissions = ()
        ordering = ["-points", "pk"]

    def __str__(self) -> str:
        return self.name


class AppendOnlyError(TypeError):
    """A decision is history; it is neither changed nor deleted."""


DEEDS = {
    Status.PENDING: _("Restored by %(who)s"),
    Status.APPROVED: _("Published by %(who)s"),
    Status.REJECTED: _("Rejected by %(who)s"),
    Status.SPAM: _("Marked as spam by %(who)s"),
    Status.WITHDRAWN: _("Withdrawn by its author"),
}


class DecisionQuerySet(models.QuerySet["Decision"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError


class Decision(models.Model):
    """Who moved a comment from which status to which, and why. Append-only: a trigger refuses any update."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)  # none: the policy, or the commenter
    before = models.CharField(max_length=10, choices=Status)
    after = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField()  # the revision that was seen
    made_at = models.DateTimeField(auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="decision_one_a_revision", fields=["comment", "revision"]),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    @property
    def in_words(self) -> str:
        """What was done, and by whom."""
        taken_down = (self.before, self.after) == (Status.APPROVED, Status.REJECTED)
        deed = _("Taken down by %(who)s") if taken_down else DEEDS[Status(self.after)]
        return deed % {"who": self.by.get_username() if self.by else _("the site’s rules")}


class Contact(models.Model):
    """A commenter's e-mail address, apart from the comment, for one purpose and until that purpose ends."""

    class Purpose(models.TextChoices):
        NOTICE = "notice", _("to write once, when the comment is published")
        IMPORTED = "imported", _("kept from WordPress because the operator asked for it")

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="contact")
    email = models.EmailField(max_length=254)
    purpose = models.CharField(max_length=10, choices=Purpose)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.purpose


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    def due(self) -> OutboxMailQuerySet:
        return self.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")


class OutboxMail(models.Model):
    """A mail that waits to be sent. All but its kind and dates is erased once it has gone, or was given up."""

    class Kind(models.TextChoices):
        QUEUE = "queue", _("comments wait")
        PUBLISHED = "published", _("your comment was published")

    kind = models.CharField(max_length=10, choices=Kind)
    comment = models.ForeignKey(Comment, models.CASCADE, null=True)  # that was published
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


class Receipt(models.Model):
    """Makes one comment of a form that is sent twice. Goes after ten minutes."""

    digest = models.CharField(max_length=64, primary_key=True)  # HMAC of all that was sent, in hex
    comment = models.ForeignKey(Comment, models.CASCADE)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


class RateWindow(models.Model):
    """How many comments a source has sent lately. The source is an HMAC under a key that lives in memory for a day."""

    source = models.CharField(max_length=16, primary_key=True)  # hex
    started = models.BigIntegerField()  # seconds since 1970: the first comment of the window
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.count}"


class SweepQuerySet(models.QuerySet["Sweep"]):
    def claim(self, name: str, *, every: datetime.timedelta) -> bool:
        """Take the sweep's turn. False if it is not due, or if another worker was faster."""
        now = timezone.now()
        # A last run in the far future is left from a clock that was wrong.
        due = self.filter(name=name).exclude(last_run__gt=now - every, last_run__lte=now + every)
        if due.update(last_run=now):
            return True
        _row, created = self.get_or_create(name=name, defaults={"last_run": now})
        return created


class Sweep(models.Model):
    """When a sweep of the worker last ran; claimed by a conditional update, so that two workers never run one twice."""

    name = models.CharField(max_length=40, primary_key=True)
    last_run = models.DateTimeField()

    objects = SweepQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
