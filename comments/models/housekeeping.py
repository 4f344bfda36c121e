"""What is counted and remembered for a while, so that nothing is done twice or too often."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone


class Receipt(models.Model):
    """Makes one comment of a form that is sent twice. Goes after ten minutes."""

    digest = models.CharField(max_length=64, primary_key=True)  # HMAC of all that was sent, in hex
    comment = models.ForeignKey("comments.Comment", models.CASCADE)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


class RateWindow(models.Model):
    """How often a source did something lately. The source is an HMAC under a key that lives in memory for a day."""

    source = models.CharField(max_length=16, primary_key=True)  # hex
    started = models.BigIntegerField()  # seconds since 1970: the first time in the window
    seconds = models.PositiveIntegerField()  # length of the window
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
