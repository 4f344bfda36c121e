"""The pictures of the media library."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from posts.media import rendition_name


class MediaQuerySet(models.QuerySet["Media"]):
    def named(self, names: Iterable[str]) -> dict[str, Media]:
        """By each of the names that a picture has, or had before its file was replaced. Two queries."""
        names = list(names)
        former = FormerName.objects.filter(name__in=names).select_related("media")
        return {each.name: each.media for each in former} | {each.name: each for each in self.filter(name__in=names)}


class Media(models.Model):
    """A picture: re-encoded without metadata, kept under the hash of its content, in several widths."""

    name = models.CharField(max_length=80, unique=True, editable=False)  # content hash and file ending
    title = models.CharField(_("title"), max_length=200, help_text=_("To find it again; readers do not see it."))
    alt = models.CharField(
        _("alternative text"), max_length=500, blank=True, help_text=_("What a reader who cannot see it should know.")
    )
    decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It says nothing that the text does not say.")
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    width = models.PositiveIntegerField(editable=False)  # pixels
    height = models.PositiveIntegerField(editable=False)  # pixels
    widths = models.JSONField(default=list, editable=False)  # pixels; one WebP rendition each
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = MediaQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("media")
        constraints = [
            models.CheckConstraint(name="media_alt_or_decorative", condition=~Q(alt="") | Q(decorative=True)),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if bool(self.alt.strip()) == self.decorative:
            raise ValidationError({"alt": _("Describe the picture, or mark it as decorative: one of the two.")})

    @property
    def url(self) -> str:
        return reverse("posts:media", args=[self.name])

    @property
    def srcset(self) -> str:
        """Value of the attribute `srcset`: each rendition with its width, and the picture itself."""
        renditions = [f"{self.rendition(width)} {width}w" for width in self.widths]
        return ", ".join([*renditions, f"{self.url} {self.width}w"]) if renditions else ""

    def rendition(self, width: int) -> str:
        """The address of the picture in one of its widths."""
        return reverse("posts:media", args=[rendition_name(self.name, width)])

    @property
    def caption_and_credit(self) -> str:
        return " – ".join(filter(None, [self.caption, self.credit]))

    @property
    def thumbnail(self) -> str:
        """The address of the smallest rendition."""
        return self.rendition(self.widths[0]) if self.widths else self.url


class FormerName(models.Model):
    """Under what a picture was known before its file was replaced: texts and their revisions still name it so."""

    name = models.CharField(max_length=80, unique=True)
    media = models.ForeignKey(Media, models.CASCADE, related_name="former_names")

    def __str__(self) -> str:
        return self.name
