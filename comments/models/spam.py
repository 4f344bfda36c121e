"""What the judging of comments is told by people, what it has learnt from them, and how its sources are doing."""

from __future__ import annotations

import secrets
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.decision import AppendOnlyError

MAX_POINTS = 20  # of a rule, either way: more than any threshold should ask for


def new_mark() -> int:
    """A number that no rule had before. The sum of five hundred fits into a column."""
    return secrets.randbits(48)


class PolicyRevision(models.Model):
    """The numbers and switches of the policy from one moment on. The newest row holds; a trigger refuses any update."""

    spam_threshold = models.FloatField(_("counts as spam from"))  # points
    obvious_threshold = models.FloatField(_("obvious spam from"))  # points; the spam folder without a switch
    publish_threshold = models.FloatField(_("publishes up to"))  # points of a comment by a proven author
    auto_spam = models.BooleanField(_("spam is put aside by itself"), default=False)  # from spam_threshold on
    auto_publish = models.BooleanField(_("proven authors are published by themselves"), default=False)
    weights = models.JSONField(_("factors"), default=dict, blank=True)  # signal's name to factor of its points
    note = models.CharField(_("note"), max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policy")
        default_permissions = ()  # administrators make one, nobody changes one
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="policy_thresholds_in_order",
                condition=Q(publish_threshold__lt=F("spam_threshold"), spam_threshold__lte=F("obvious_threshold")),
                violation_error_message=_(
                    "A comment must be published below the score that counts as spam, and obvious spam begins there or "
                    "above."
                ),
            ),
        ]

    def __str__(self) -> str:
        return _("Version %(number)d") % {"number": self.pk}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError


class Rule(models.Model):
    """A word, phrase, host or pattern for which moderators give points of their own."""

    class Kind(models.TextChoices):
        WORD = "word", _("Word")
        PHRASE = "phrase", _("Phrase")
        HOST = "host", _("Host")
        PATTERN = "pattern", _("Regular expression")

    class State(models.TextChoices):
        SHADOW = "shadow", _("Shadow: counts, changes nothing")
        ACTIVE = "active", _("Active")
        OFF = "off", _("Off")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.CharField(_("looks for"), max_length=200)
    points = models.FloatField(_("points"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SHADOW)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    mark = models.BigIntegerField(default=new_mark)  # new with every change: see comments/rulebook.py

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        default_permissions = ()  # who moderates keeps the rules
        constraints = [
            models.UniqueConstraint(
                name="rule_once",
                fields=["kind", "text"],
                violation_error_message=_("There is a rule for this already."),
            ),
            models.CheckConstraint(
                name="rule_points_limited",
                condition=Q(points__gte=-MAX_POINTS, points__lte=MAX_POINTS),
                violation_error_message=_("A rule gives between -20 and 20 points."),
            ),
            models.CheckConstraint(name="rule_kind_known", condition=Q(kind__in=["word", "phrase", "host", "pattern"])),
            models.CheckConstraint(name="rule_state_known", condition=Q(state__in=["shadow", "active", "off"])),
        ]

    def __str__(self) -> str:
        return self.text


class RuleHit(models.Model):
    """A comment that a rule fits, in shadow or in earnest. Their number is the rule's counter."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="hits")
    comment = models.ForeignKey("comments.Comment", models.CASCADE)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="rule_hit_once", fields=["rule", "comment"])]

    def __str__(self) -> str:
        return f"{self.rule_id}"


class LearnerState(models.Model):
    """What was learnt from the decisions of this site: integer counts, a function of the set of decisions."""

    name = models.CharField(max_length=20, primary_key=True)
    mark = models.BigIntegerField(default=new_mark)  # another after every change, so that processes load it again
    features = models.PositiveSmallIntegerField()  # version of the features that were counted
    spam = models.PositiveIntegerField(default=0)  # comments
    ham = models.PositiveIntegerField(default=0)  # comments
    counts = models.BinaryField(default=bytes)  # see comments/spam/learner.py

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.spam} + {self.ham}"


class MarkedHost(models.Model):
    """In how many comments that moderators decided somebody led readers to a site."""

    host = models.CharField(max_length=253, primary_key=True)  # the part that somebody registered
    spam = models.PositiveIntegerField(default=0)  # comments
    ham = models.PositiveIntegerField(default=0)  # comments

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.host


class SketchPart(models.Model):
    """A part of the sketch of a comment of the last week, by which nearly equal texts are found."""

    comment = models.ForeignKey("comments.Comment", models.CASCADE)
    value = models.BigIntegerField(db_index=True)  # see comments/spam/shingles.py

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.value}"


class SourceHealth(models.Model):
    """A source of signals that moderators must know of. No row: it is well."""

    class State(models.TextChoices):
        UNAVAILABLE = "unavailable", _("gives no answer")
        OFF = "off", _("switched off")

    source = models.CharField(max_length=60, primary_key=True)
    state = models.CharField(max_length=12, choices=State)
    since = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=60, blank=True)  # name of the exception's class, never its text
    milliseconds = models.FloatField(null=True)  # that it took; none where it is off because a process ended in it

    class Meta:
        default_permissions = ()
        ordering = ["since"]

    def __str__(self) -> str:
        return self.source


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def due(self) -> CorrectionQuerySet:
        return self.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")


class Correction(models.Model):
    """What Akismet must be told because a moderator decided otherwise than it thought. Deleted once it was told."""

    comment = models.OneToOneField("comments.Comment", models.CASCADE)
    is_spam = models.BooleanField()
    next_try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.comment_id}"


class Proof(models.Model):
    """Somebody's proof that several comments are theirs: a signed token in a browser, or a confirmed address."""

    class Kind(models.TextChoices):
        BROWSER = "browser", _("kept by their browser")
        EMAIL = "email", _("confirmed by e-mail")

    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)  # HMAC of the token or address, in hex
    used_at = models.DateTimeField(default=timezone.now)  # when it last proved a comment

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.kind
