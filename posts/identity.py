"""What a page says of the site, read from the newsroom's Identity and kept until an edit changes the stamp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from posts.models import Category, Identity, Language, Media, NavigationEntry, Page, SiteStamp, Wording

NAVIGATION_CATEGORIES = 8  # the page of all months lists the others
LOGO_HEIGHT = 44  # pixels


class Text(NamedTuple):
    words: str
    language: str


class Link(NamedTuple):
    label: str
    address: str
    language: str  # of the label


Groups = tuple[tuple[Link, ...], ...]


class Logo(NamedTuple):
    address: str  # of a small rendition
    width: int  # pixels in which it is shown
    height: int  # pixels in which it is shown
    alt: str
    whole: str  # the address of the whole picture
    whole_width: int  # pixels
    whole_height: int  # pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page in one language says of the site."""

    name: str
    tagline: str = ""
    wording_language: str = settings.LANGUAGE_CODE  # of name and tagline
    contact: Text | None = None
    footer: Text | None = None
    email: str = ""
    logo: Logo | None = None
    name_in_logo: bool = False
    comment_policy: Link | None = None
    languages: tuple[str, ...] = tuple(Language.values)  # in which it publishes
    navigation: Groups = ()
    pages: tuple[Link, ...] = ()  # all of them, for the footer
    url: str = settings.SITE_URL
    language: str = settings.LANGUAGE_CODE  # of lists, and of categories and tags


_kept: dict[str, tuple[str | None, Site]] = {}  # by language: the stamp at which it was read, and what was read


def current(language: str = settings.LANGUAGE_CODE) -> Site:
    """One query, and at most four more where something was edited since this process asked last."""
    token = SiteStamp.objects.values_list("token", flat=True).first()
    known = _kept.get(language)
    if known and token and known[0] == token:
        return known[1]
    site = read(language)
    _kept[language] = token, site
    return site


def lately(language: str = settings.LANGUAGE_CODE) -> Site:
    """As this process read it last, for where a moment does not matter. Queries the first time only."""
    return last_known(language) if language in _kept else current(language)


def last_known(language: str = settings.LANGUAGE_CODE) -> Site:
    """What this process read last, for a page that has to do without the database."""
    return _kept[language][1] if language in _kept else Site(name=settings.SITE_HOST)


def read(language: str) -> Site:
    """Four queries at most."""
    rows = {row.language: row for row in Wording.objects.select_related("identity__logo", "comment_policy")}
    main = rows.get(settings.LANGUAGE_CODE) or next(iter(rows.values()), nameless())
    pages = list(Page.objects.published().only("title", "slug", "language", "in_navigation"))
    by_preference = [rows.get(language, main), main]
    named = next((row for row in by_preference if row.name), main)
    return Site(
        name=named.name or settings.SITE_HOST,
        tagline=named.tagline,
        wording_language=named.language,
        contact=next((Text(row.contact, row.language) for row in by_preference if row.contact), None),
        footer=next((Text(row.footer, row.language) for row in by_preference if row.footer), None),
        email=main.identity.email,
        logo=logo(main.identity.logo) if main.identity.logo else None,
        name_in_logo=main.identity.name_in_logo,
        comment_policy=next(policies(by_preference), None),
        languages=tuple(rows or Language.values),
        navigation=navigation(language, pages),
        pages=tuple(map(to_page, pages)),
    )


def nameless() -> Wording:
    return Wording(identity=Identity(), language=settings.LANGUAGE_CODE)


def to_page(page: Page) -> Link:
    return Link(page.title, page.get_absolute_url(), page.language)


def logo(picture: Media) -> Logo:
    width = max(1, round(LOGO_HEIGHT * picture.width / picture.height))
    return Logo(picture.thumbnail, width, LOGO_HEIGHT, picture.alt, picture.url, picture.width, picture.height)


def policies(rows: Iterable[Wording]) -> Iterator[Link]:
    return (to_page(row.comment_policy) for row in rows if row.comment_policy and row.comment_policy.is_published)


def navigation(language: str, pages: Iterable[Page]) -> Groups:
    """The entries of the language, or else of the main one, or else what the site has. Two queries at most."""
    entries = list(NavigationEntry.objects.select_related("page", "category"))
    for spoken in (language, settings.LANGUAGE_CODE):
        if chosen := tuple(links(entry for entry in entries if entry.language == spoken)):
            return (chosen,)
    return automatic(language, pages)


def links(entries: Iterable[NavigationEntry]) -> Iterator[Link]:
    """Those that lead somewhere: a page may be a draft."""
    for entry in entries:
        if entry.page is None:
            target = entry.category.get_absolute_url() if entry.category else entry.address
            spoken = entry.language if entry.label else settings.LANGUAGE_CODE
            yield Link(str(entry), target, spoken)
        elif entry.page.is_published:
            spoken = entry.language if entry.label else entry.page.language
            yield Link(str(entry), entry.page.get_absolute_url(), spoken)


def automatic(language: str, pages: Iterable[Page]) -> Groups:
    """The top categories with the most posts, by name; the archive; the pages that are marked. One query."""
    top = Category.objects.filter(parent=None).annotate(size=Count("posts")).order_by("-size", "name")
    categories = sorted(top[:NAVIGATION_CATEGORIES], key=str)
    with translation.override(language):
        archive = Link(_("Archive"), reverse("posts:archive"), language)
    return (
        tuple(Link(each.name, each.get_absolute_url(), settings.LANGUAGE_CODE) for each in categories),
        (archive, *(to_page(page) for page in pages if page.in_navigation)),
    )
