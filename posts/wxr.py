"""The WordPress export format (WXR 1.0 to 1.2) as a stream of plain records; knows no models.

The file is read in constant memory: at any time there is one item with its comments. What real exports get wrong is
repaired and counted, what cannot be read raises WxrError. Nothing is fetched; a document type or entity is refused.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from posts.wordpress.decoding import WxrError, read_text
from posts.wordpress.markup import PREFIXES, Repairer

__all__ = ["Author", "Category", "Comment", "Item", "Record", "Site", "Tag", "Term", "WxrError", "read"]

NAMESPACES = {prefix: prefix for prefix in PREFIXES}
KEPT_META = ("_thumbnail_id", "_wp_attached_file", "_wp_attachment_image_alt", "_tumen_")  # how their keys begin
GENERATOR = "Tumen"  # of exports that we wrote ourselves
MADE_UP_IDS = 2**62  # ids from here on are ours, for items that have none
TAXONOMIES = {"": "category", "tag": "post_tag"}  # as WXR 1.0 wrote them
ID_IN_ADDRESS = re.compile(r"[?&](?:p|page_id|attachment_id)=(\d{1,18})\b")


@dataclass(frozen=True, slots=True)
class Site:
    title: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Author:
    id: int | None
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    name: str
    parent: str  # its slug
    description: str


@dataclass(frozen=True, slots=True)
class Tag:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A category, tag or other term, as an item names it."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Comment:
    id: int | None
    parent: int | None
    author: str
    email: str
    website: str
    date: datetime.datetime | None
    text: str  # HTML
    approved: str
    type: str


@dataclass(frozen=True, slots=True)
class Item:
    """A post, page, attachment or anything else that WordPress keeps in its table of posts."""

    id: int  # WordPress's, or one that we made up for an item without (the same on every run)
    is_copy: bool  # an item with the same id and address came before
    is_ours: bool  # we wrote it, so that nothing of it needs to be converted
    type: str
    status: str
    title: str
    slug: str
    link: str
    author: str  # login
    date: datetime.datetime | None
    body: str
    excerpt: str
    parent: int | None
    position: int
    has_password: bool
    is_sticky: bool
    comments_open: bool
    file_address: str
    terms: tuple[Term, ...]
    meta: dict[str, str]
    comments: tuple[Comment, ...]


Record = Site | Author | Category | Tag | Item


def read(path: Path, repaired: Counter[str]) -> Iterator[Record]:
    """All records in the order of the file; what had to be repaired is counted. Raises WxrError."""
    reader = Reader(repaired)
    source = Repairer(read_text(path, repaired), repaired)
    try:
        for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
            yield from reader.start(element) if event == "start" else reader.end(element)
    except (ParseError, DefusedXmlException) as error:
        raise WxrError(f"The file cannot be read as XML: {error}.") from error


class Reader:
    """Makes records of elements as the parser finishes them, and lets go of what is not needed any more."""

    def __init__(self, repaired: Counter[str]) -> None:
        self.repaired = repaired
        self.above: list[Element] = []
        self.header: dict[str, str] = {}
        self.site_told = False
        self.comments: list[Comment] = []
        self.seen: dict[int, bytes] = {}  # id: fingerprint of the item that has it

    def start(self, element: Element) -> Iterator[Record]:
        self.above.append(element)
        if element.tag == "item":
            yield from self.site()

    def end(self, element: Element) -> Iterator[Record]:
        self.above.pop()
        parent = self.above[-1] if self.above else element
        if element.tag == "channel":
            yield from self.site()
        elif parent.tag == "channel":
            yield from self.record(element)
            parent.remove(element)
        elif element.tag == "{wp}comment":
            self.comments.append(self.comment(element))
            parent.remove(element)
        elif element.tag == "{wp}postmeta" and not text(element, "wp:meta_key").startswith(KEPT_META):
            parent.remove(element)

    def site(self) -> Iterator[Record]:
        """What the header says, once: before the first item, or at the end of a file without one."""
        if not self.site_told:
            self.site_told = True
            addresses = (self.header.get(name, "") for name in ("{wp}base_blog_url", "link", "{wp}base_site_url"))
            address = next(filter(None, addresses), "")
            yield Site(self.header.get("title", ""), address, self.header.get("language", ""))

    def record(self, element: Element) -> Iterator[Record]:
        match element.tag:
            case "item":
                yield self.item(element)
            case "{wp}author":
                yield self.author(element)
            case "{wp}category":
                yield Category(
                    slug=text(element, "wp:category_nicename"),
                    name=text(element, "wp:cat_name"),
                    parent=text(element, "wp:category_parent"),
                    description=text(element, "wp:category_description"),
                )
            case "{wp}tag":
                yield Tag(slug=text(element, "wp:tag_slug"), name=text(element, "wp:tag_name"))
            case _:
                self.header.setdefault(element.tag, (element.text or "").strip())

    def author(self, element: Element) -> Author:
        first, last = text(element, "wp:author_first_name"), text(element, "wp:author_last_name")
        return Author(
            id=self.number(text(element, "wp:author_id")),
            login=text(element, "wp:author_login"),
            name=text(element, "wp:author_display_name") or f"{first} {last}".strip(),
        )

    def comment(self, element: Element) -> Comment:
        """What tells its state twice may hold a text that broke out of its CDATA, so it does not get the state told."""
        is_doubtful = told_twice(element, "wp:comment_approved", "wp:comment_type")
        self.repaired["comments whose state is told twice, now waiting"] += is_doubtful
        return Comment(
            id=self.number(text(element, "wp:comment_id")),
            parent=self.number(text(element, "wp:comment_parent")),
            author=text(element, "wp:comment_author"),
            email=text(element, "wp:comment_author_email"),
            website=text(element, "wp:comment_author_url"),
            date=self.moment(text(element, "wp:comment_date_gmt"), text(element, "wp:comment_date")),
            text=text(element, "wp:comment_content"),
            approved="hold" if is_doubtful else text(element, "wp:comment_approved"),
            type=text(element, "wp:comment_type"),
        )

    def item(self, element: Element) -> Item:
        comments, self.comments = tuple(self.comments), []
        number, is_copy = self.identity(element)
        local, universal = text(element, "wp:post_date"), text(element, "wp:post_date_gmt")
        is_doubtful = told_twice(element, "wp:status", "wp:post_type", "wp:post_password")  # as with comments
        self.repaired["items whose state is told twice, now drafts"] += is_doubtful
        return Item(
            id=number,
            is_copy=is_copy,
            is_ours=self.header.get("generator") == GENERATOR,
            type=text(element, "wp:post_type") or "post",
            status="draft" if is_doubtful else text(element, "wp:status"),
            title=text(element, "title"),
            slug=text(element, "wp:post_name"),
            link=text(element, "link"),
            author=text(element, "dc:creator"),
            date=self.moment(universal, local, text(element, "pubDate")),
            body=text(element, "content:encoded"),
            excerpt=text(element, "excerpt:encoded"),
            parent=self.number(text(element, "wp:post_parent")),
            position=self.number(text(element, "wp:menu_order")) or 0,
            has_password=bool(text(element, "wp:post_password")),
            is_sticky=text(element, "wp:is_sticky") == "1",
            comments_open=text(element, "wp:comment_status") != "closed",
            file_address=text(element, "wp:attachment_url"),
            terms=terms(element),
            meta=meta(element),
            comments=comments,
        )

    def identity(self, element: Element) -> tuple[int, bool]:
        """An id of the item's own, and whether the item was there before."""
        address = text(element, "guid") or text(element, "link")
        told = [element.findtext(name, "", NAMESPACES) for name in ("title", "wp:post_date", "content:encoded")]
        fingerprint = sha256("\n".join([address] if address else told).encode()).digest()[:8]
        number = self.number(text(element, "wp:post_id"))
        if number is None:
            self.repaired["items without an id"] += 1
            found = ID_IN_ADDRESS.search(address)
            number = int(found[1]) if found else None
        if number is None or self.seen.get(number, fingerprint) != fingerprint:
            self.repaired["ids that two items have"] += number is not None
            number = MADE_UP_IDS + int.from_bytes(fingerprint) % MADE_UP_IDS
        is_copy = number in self.seen
        self.seen[number] = fingerprint
        return number, is_copy

    def number(self, written: str) -> int | None:
        """A positive number; none where there is no number or 0."""
        if written.isascii() and written.isdecimal() and len(written) <= 18:
            return int(written) or None
        self.repaired["numbers that are none"] += bool(written)
        return None

    def moment(self, *written: str) -> datetime.datetime | None:
        """The first of these that is a date (WordPress writes zeros where it has none). Without zone, it is UTC."""
        moments = (parsed(text) for text in written)
        moment = next((moment for moment in moments if moment and 1000 <= moment.year <= 9998), None)
        self.repaired["dates that are none"] += not moment and any(
            text and not text.startswith("0000") for text in written
        )
        return moment


def text(element: Element, name: str) -> str:
    return element.findtext(name, "", NAMESPACES).strip()


def told_twice(element: Element, *names: str) -> bool:
    return any(len(element.findall(name, NAMESPACES)) > 1 for name in names)


def terms(element: Element) -> tuple[Term, ...]:
    """The item's terms. WXR 1.0 has each one twice: bare, and with its taxonomy and slug."""
    found = [
        Term(category.get("domain", ""), category.get("nicename", ""), (category.text or "").strip())
        for category in element.findall("category")
    ]
    named = [term for term in found if term.taxonomy]
    return tuple(replace(term, taxonomy=TAXONOMIES.get(term.taxonomy, term.taxonomy)) for term in named or found)


def meta(element: Element) -> dict[str, str]:
    return {
        text(entry, "wp:meta_key"): text(entry, "wp:meta_value") for entry in element.findall("wp:postmeta", NAMESPACES)
    }


def parsed(written: str) -> datetime.datetime | None:
    """A moment as WordPress (ISO 8601) or RSS (RFC 822) writes it."""
    if "-0001" in written:  # where PHP is told to write zeros as a date
        return None
    for read in (datetime.datetime.fromisoformat, one_digit_hour, parsedate_to_datetime):
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            moment = read(written)
            return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return None


def one_digit_hour(written: str) -> datetime.datetime:
    """Raises ValueError."""
    return datetime.datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.UTC)
