"""What moderators keep beside the comments: words for others and for themselves, whom they know, what they look at."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Decision
from comments.models.spam import Proof, new_mark
from comments.models.status import DENIED
from posts.models import Language

MAX_APPEAL_LENGTH = 1000  # characters


class Moderator(models.Model):
    """How a moderator wishes to work. No row: as the defaults say."""

    class Keys(models.TextChoices):
        TUMEN = "tumen", "Tumen"
        WORDPRESS = "wordpress", "WordPress"
        CORAL = "coral", "Coral"
        OFF = "off", _("No keys")

    class Mail(models.TextChoices):
        IMMEDIATE = "immediate", _("at once")
        HOURLY = "hourly", _("once an hour")
        DAILY = "daily", _("once a day")
        NEVER = "never", _("never")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="moderator")
    keys = models.CharField(_("keys in the queue"), max_length=10, choices=Keys, default=Keys.TUMEN)
    mail = models.CharField(_("mail about comments that wait"), max_length=10, choices=Mail, default=Mail.HOURLY)
    reminded = models.BooleanField(_("a reminder when something has waited for a day"), default=True)
    language = models.CharField(_("language of mail"), max_length=2, choices=Language, default=Language.ENGLISH)
    told_at = models.DateTimeField(null=True)  # when the last mail about what waits was written
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="moderator_keys_known", condition=Q(keys__in=["tumen", "wordpress", "coral", "off"])
            ),
            models.CheckConstraint(
                name="moderator_mail_known", condition=Q(mail__in=["immediate", "hourly", "daily", "never"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Template(models.Model):
    """A text that moderators use again: why a comment is rejected, or what is answered. May hold placeholders."""

    class Kind(models.TextChoices):
        REASON = "reason", _("Reason for rejecting")
        REPLY = "reply", _("Reply")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.REASON)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    label = models.CharField(_("label"), max_length=60)
    text = models.TextField(_("text"), max_length=1000)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        default_permissions = ()  # who moderates keeps the templates
        ordering = ["kind", "language", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="template_once",
                fields=["kind", "language", "label"],
                violation_error_message=_("There is a template with this label already."),
            ),
            models.CheckConstraint(name="template_kind_known", condition=Q(kind__in=["reason", "reply"])),
        ]

    def __str__(self) -> str:
        return self.label


class Note(models.Model):
    """What one moderator tells the others about a comment. Neither its author nor readers ever see it."""

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    text = models.TextField(max_length=2000)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.comment_id}"


class Claim(models.Model):
    """A moderator looks at a comment. Expires by itself and forbids nothing."""

    comment = models.OneToOneField("comments.Comment", models.CASCADE, primary_key=True, related_name="claim")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    until = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.comment_id}"


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def in_force(self) -> SanctionQuerySet:
        """Those that have not expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


class Sanction(models.Model):
    """What becomes of comments by a proven author, to a host or with a phrase, whatever their score."""

    class Kind(models.TextChoices):
        PROOF = "proof", _("Proven author")
        HOST = "host", _("Host")
        PHRASE = "phrase", _("Phrase")

    class Effect(models.TextChoices):
        BAN = "ban", _("Banned: rejected at once")
        HOLD = "hold", _("Always held for a moderator")
        TRUST = "trust", _("Trusted")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    proof = models.ForeignKey(Proof, models.CASCADE, null=True, related_name="sanctions")
    text = models.CharField(_("host or phrase"), max_length=200, blank=True)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    batch = models.UUIDField(null=True, db_index=True)  # of the decisions that were taken with it, undone with them
    before = models.JSONField(null=True)  # what undoing puts back, where another was in force for the same
    mark = models.BigIntegerField(default=new_mark)  # new with every change: see comments/sanctions.py

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("ban or trust")
        verbose_name_plural = _("bans and trust")
        default_permissions = ()  # who moderates keeps them
        constraints = [
            models.CheckConstraint(
                name="sanction_about_one",
                condition=Q(kind="proof", proof__isnull=False, text="")
                | Q(kind__in=["host", "phrase"], proof=None) & ~Q(text=""),
            ),
            models.CheckConstraint(name="sanction_effect_known", condition=Q(effect__in=["ban", "hold", "trust"])),
            models.UniqueConstraint(name="sanction_one_a_proof", fields=["proof"]),
            models.UniqueConstraint(name="sanction_one_a_text", fields=["kind", "text"], condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text or _("proven author #%(number)d") % {"number": self.proof_id}

    @property
    def in_words(self) -> str:
        """What it says about whom, but for the host or phrase itself."""
        return str(IN_WORDS[Sanction.Kind(self.kind), Sanction.Effect(self.effect)])

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


IN_WORDS = {
    (Sanction.Kind.PROOF, Sanction.Effect.BAN): _("Banned author"),
    (Sanction.Kind.PROOF, Sanction.Effect.HOLD): _("Author who is always held"),
    (Sanction.Kind.PROOF, Sanction.Effect.TRUST): _("Trusted author"),
    (Sanction.Kind.HOST, Sanction.Effect.BAN): _("Banned host"),
    (Sanction.Kind.HOST, Sanction.Effect.HOLD): _("Host that is always held"),
    (Sanction.Kind.HOST, Sanction.Effect.TRUST): _("Trusted host"),
    (Sanction.Kind.PHRASE, Sanction.Effect.BAN): _("Banned phrase"),
    (Sanction.Kind.PHRASE, Sanction.Effect.HOLD): _("Phrase that is always held"),
    (Sanction.Kind.PHRASE, Sanction.Effect.TRUST): _("Trusted phrase"),
}


class Campaign(models.Model):
    """Comments that belong together: nearly the same text, the same host, the same phrase."""

    class Kind(models.TextChoices):
        TEXT = "text", _("nearly the same text")
        HOST = "host", _("the same host")
        PHRASE = "phrase", _("the same phrase")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=253, blank=True)  # the host or phrase
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="campaign_kind_known", condition=Q(kind__in=["text", "host", "phrase"])),
            models.UniqueConstraint(name="campaign_one_a_key", fields=["kind", "key"], condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.key or f"#{self.pk}"


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> AppealQuerySet:
        """Those that nobody has answered. What another has decided about the comment since answers one, too.

        Who rejected cannot end it by calling the comment spam.
        """
        since = Decision.objects.standing().filter(comment=OuterRef("pk"), pk__gt=OuterRef("against"))
        moved = since.moves().exclude(by=OuterRef("against__by"))
        return self.filter(~Exists(moved), refused_at=None, comment__status__in=DENIED)


class Appeal(models.Model):
    """The author of a rejected comment asks, once, that another moderator look again."""

    comment = models.OneToOneField("comments.Comment", models.CASCADE, primary_key=True, related_name="appeal")
    text = models.TextField(max_length=MAX_APPEAL_LENGTH)
    against = models.ForeignKey(Decision, models.PROTECT)
    made_at = models.DateTimeField(default=timezone.now)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    refused_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)  # what the author is told

    objects = AppealQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="appeal_refused_by_someone",
                condition=Q(refused_by=None, refused_at=None) | Q(refused_by__isnull=False, refused_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}"
