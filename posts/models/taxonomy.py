"""By what posts are found: categories, tags and authors."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from posts.slugs import MAX_SLUG_LENGTH, free_slug, make_slug, validate_slug

validate_http = URLValidator(schemes=["http", "https"])


def validate_web_address(address: str) -> None:
    """Refuse what readers could not follow, and a user part: it is often an e-mail address. Raises ValidationError."""
    validate_http(address)
    if "@" in urlsplit(address).netloc:
        raise ValidationError(
            _("This looks like an e-mail address, which readers would see. Please enter a web address, or nothing."),
            code="user_part",
        )


class Slugged(models.Model):
    """Anything that readers reach by a slug."""

    slug = models.CharField(
        _("slug"),
        max_length=MAX_SLUG_LENGTH,
        unique=True,
        blank=True,
        validators=[validate_slug],
        help_text=_("The last part of the address. Left empty, it is made from the title; Korean stays Korean."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        others = type(self)._default_manager.exclude(pk=self.pk)
        self.slug = make_slug(self.slug) or free_slug(
            make_slug(str(self)), lambda slug: others.filter(slug=slug).exists()
        )
        if not self.slug:
            raise ValidationError({"slug": _("Please give a slug: the title has no letters to make one from.")})


class Category(Slugged):
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(
        _("description"), blank=True, help_text=_("Shown at the top of the category's page.")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("posts:category", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.pk and self.parent_id and self.pk in {category.pk for category in self.parent_line()}:
            raise ValidationError({"parent": _("A category cannot stand below itself.")})

    def parent_line(self) -> list[Category]:
        """The categories above this one, nearest first. One query a level; stops at a cycle."""
        line: list[Category] = []
        above = self.parent
        while above and above not in line:
            line.append(above)
            above = above.parent
        return line

    def family(self) -> list[int]:
        """Ids of this category and of all below it. One query."""
        below: dict[int | None, list[int]] = {}
        for pk, parent in Category.objects.values_list("pk", "parent"):
            below.setdefault(parent, []).append(pk)
        family, ahead = [], [self.pk]
        while ahead:
            family.append(ahead.pop())
            ahead += [pk for pk in below.get(family[-1], []) if pk not in family]
        return family


class Tag(Slugged):
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("posts:tag", args=[self.slug])


class Author(Slugged):
    """A byline: a person or an organisation, whether or not they have a staff account."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PERSON)
    bio = models.TextField(_("about"), blank=True)
    website = models.CharField(_("website"), max_length=500, blank=True, validators=[validate_web_address])

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("posts:author", args=[self.slug])
