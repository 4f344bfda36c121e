"""Slugs in any script, and the URL converters that read them."""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import count

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.urls import register_converter
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

MAX_SLUG_LENGTH = 200  # characters, as WordPress allows
MAX_SLUG_SOURCE = 2000  # characters that are read for one; putting accents in order is quadratic

# First path segments that belong to the site itself.
RESERVED = frozenset(
    """admin archive author category comments feed healthz media preview readyz robots.txt search sitemap.xml static
    tag transparency""".split()
)

validate_slug = RegexValidator(
    r"\A[\w-]+\Z", _("Use letters (of any language), digits, hyphens and underscores only."), code="invalid_slug"
)


def validate_page_slug(value: str) -> None:
    """Refuse a page slug that would hide a part of the site. Raises ValidationError."""
    if value in RESERVED or value.isdecimal():
        raise ValidationError(_("The site itself uses the address “%(slug)s”."), params={"slug": value})


def make_slug(text: str) -> str:
    """A slug in NFC that keeps letters of every script; empty where the text has none."""
    slug = slugify(text[:MAX_SLUG_SOURCE], allow_unicode=True)
    return unicodedata.normalize("NFC", slug)[:MAX_SLUG_LENGTH].strip("-_")


def free_slug(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """`wanted`, or with the first free number appended."""
    return next(slug for slug in numbered(wanted) if not is_taken(slug))


def numbered(wanted: str) -> Iterator[str]:
    """`wanted`, and then with the numbers from 2 on appended."""
    yield wanted
    for number in count(2):
        yield f"{wanted[: MAX_SLUG_LENGTH - len(str(number)) - 1]}-{number}"


class SlugConverter:
    """A slug in any script, given to the view in NFC (a Mac may type Hangul decomposed)."""

    regex = r"[\w-]+"

    def to_python(self, value: str) -> str:
        return unicodedata.normalize("NFC", value)

    def to_url(self, value: str) -> str:
        return value


class YearConverter:
    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class MonthConverter:
    regex = "0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02d}"


register_converter(SlugConverter, "uslug")
register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")
