"""What the site says of itself, edited in the newsroom: its name, its logo, where its navigation leads."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from posts.models.media import Media
from posts.models.publication import Language, Page
from posts.models.taxonomy import Category, validate_web_address


def validate_link(address: str) -> None:
    """Take a path on this site, or a web address. Raises ValidationError."""
    if address.startswith(("http://", "https://")):
        validate_web_address(address)
    elif not address.startswith("/") or address[1:2] in ("/", "\\"):  # a browser reads both as a host
        raise ValidationError(_("An address begins with / on this site, as in /archive/, or with https:// elsewhere."))


class Identity(models.Model):
    """One row: what is the same in every language."""

    logo = models.ForeignKey(
        Media,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="logo_of",
        verbose_name=_("logo"),
        help_text=_("Stands at the top of every page, in feeds, and where pages are shared. Without one: a mark."),
    )
    name_in_logo = models.BooleanField(
        _("the logo shows the name"), default=False, help_text=_("Then the name is not written beside it again.")
    )
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("For readers; it stands at the foot of every page.")
    )

    class Meta:
        verbose_name = _("site identity")
        verbose_name_plural = _("site identity")
        constraints = [models.CheckConstraint(name="identity_is_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Wording(models.Model):
    """What the site says in one of the languages in which it publishes; it publishes in those that have a wording."""

    identity = models.ForeignKey(Identity, models.CASCADE, related_name="wordings")
    language = models.CharField(_("language"), max_length=5, choices=Language, unique=True)
    name = models.CharField(_("name of the site"), max_length=100, blank=True)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True, help_text=_("The line below the name."))
    contact = models.TextField(
        _("contact"), max_length=1000, blank=True, help_text=_("Other ways to reach you, at the foot of every page.")
    )
    footer = models.TextField(
        _("footer text"),
        max_length=1000,
        blank=True,
        help_text=_("Who publishes this, under which licence …"),
    )
    comment_policy = models.ForeignKey(
        Page,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("comment policy"),
        help_text=_("The page that says which comments are published. Every comment form leads to it."),
    )

    class Meta:
        ordering = ["language"]
        verbose_name = _("wording")
        verbose_name_plural = _("languages in which the site publishes")
        constraints = [models.CheckConstraint(name="wording_language_known", condition=Q(language__in=Language.values))]

    def __str__(self) -> str:
        return str(Language(self.language).label) if self.language in Language.values else ""

    def clean(self) -> None:
        if bool(self.name) != bool(self.tagline):
            missing = "tagline" if self.name else "name"
            raise ValidationError({missing: _("A language has both a name and a tagline, or those of the main one.")})


class NavigationEntry(models.Model):
    """A link at the top of every page in one language."""

    identity = models.ForeignKey(Identity, models.CASCADE, related_name="entries")
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    position = models.PositiveSmallIntegerField(_("position"), default=10, help_text=_("Lower stands further left."))
    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("page"))
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    address = models.CharField(
        _("address"),
        max_length=500,
        blank=True,
        validators=[validate_link],
        help_text=_("On this site, as in /archive/, or elsewhere."),
    )
    label = models.CharField(
        _("label"), max_length=100, blank=True, help_text=_("Left empty: the title of the page or category.")
    )

    class Meta:
        ordering = ["language", "position", "pk"]
        verbose_name = _("entry of the navigation")
        verbose_name_plural = _("navigation")
        constraints = [
            models.CheckConstraint(
                name="navigation_has_one_target",
                condition=Q(page__isnull=False, category__isnull=True, address="")
                | Q(page__isnull=True, category__isnull=False, address="")
                | (Q(page__isnull=True, category__isnull=True) & ~Q(address="") & ~Q(label="")),
                violation_error_message=_("Choose one of page, category and address; an address needs a label."),
            ),
            models.CheckConstraint(name="navigation_language_known", condition=Q(language__in=Language.values)),
        ]

    def __str__(self) -> str:
        return self.label or str(self.page or self.category or self.address)
