"""What was decided about comments: append-only history."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.status import Status
from comments.signal_words import told

NAME = "{name}"  # in a reason: the name that the commenter typed
DEEDS = {
    Status.PENDING: _("Restored by %(who)s"),
    Status.APPROVED: _("Published by %(who)s"),
    Status.REJECTED: _("Rejected by %(who)s"),
    Status.SPAM: _("Marked as spam by %(who)s"),
    Status.WITHDRAWN: _("Withdrawn by its author"),
}


class AppendOnlyError(TypeError):
    """A decision is history; it is neither changed nor deleted."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    def about_readers(self) -> DecisionQuerySet:
        """About what readers wrote: what the publication replies is published at once, and by itself."""
        return self.filter(comment__staff=None)

    def standing(self) -> DecisionQuerySet:
        """Decisions that were not undone, and that undo none."""
        return self.filter(undoes=None, undone_by=None)

    def moves(self) -> DecisionQuerySet:
        """Those that changed the status, not what is covered of the text."""
        return self.exclude(before=models.F("after"))

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError


class Decision(models.Model):
    """Who moved a comment from which status to which, and why. Append-only: a trigger refuses any update."""

    comment = models.ForeignKey("comments.Comment", models.PROTECT, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)  # none: the policy, or the commenter
    before = models.CharField(max_length=10, choices=Status)
    after = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=500, blank=True)  # as it is kept; shown is `reason_told`
    revision = models.PositiveIntegerField()  # the revision that was seen
    made_at = models.DateTimeField(auto_now_add=True)
    batch = models.UUIDField(null=True, db_index=True)  # the same for all that one press of a button decided
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    # What undoing puts back, beside the status:
    since_before = models.DateTimeField(null=True)
    learnt_before = models.CharField(max_length=4, blank=True)
    score_again_before = models.DateTimeField(null=True)
    redactions_before = models.JSONField(null=True)

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
    def statuses(self) -> set[str]:
        return {self.before, self.after}

    @property
    def reason_told(self) -> str:
        """A person's with the commenter's name, which the comment alone holds, so that it can be erased."""
        return self.reason.replace(NAME, self.comment.name or "…") if self.by_id else told(self.reason)

    @property
    def in_words(self) -> str:
        """What was done, and by whom."""
        return str(self._deed % {"who": self.by.get_username() if self.by else _("the site’s rules")})

    @property
    def _deed(self) -> Any:
        if self.undoes_id:
            return _("Undone by %(who)s")
        if self.before == self.after:
            return _("Passages covered by %(who)s")
        if (self.before, self.after) == (Status.APPROVED, Status.REJECTED):
            return _("Taken down by %(who)s")
        return DEEDS[Status(self.after)]
