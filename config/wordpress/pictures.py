"""The old blog's pictures: where they were, and what became of them here."""

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Container
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from posixpath import basename
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from posts import media
from posts.models import Media
from posts.wordpress.plain import plain_text
from posts.wordpress.shortcodes import Picture
from posts.wxr import Item

MAX_IN_GALLERIES = 1000  # pictures of one post; a text could name the same gallery ten thousand times
MAX_DIGITS = 18  # of an id; Python refuses to read a number of thousands of them
SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+\Z)")  # what WordPress puts into the name of a smaller copy
SCALED = re.compile(r"-scaled(?=\.\w+\Z)")  # and of one that it shows in place of a very large upload
ENDING = re.compile(r"(?=\.\w+\Z)")
UPLOADS = re.compile(r"/(?:uploads|files)/(?:sites/\d+/)?(.+)")


class Attachment(NamedTuple):
    """What the export says of an uploaded file."""

    address: str
    path: str  # below the uploads folder
    title: str
    alt: str
    caption: str  # HTML
    credit: str = ""
    is_decorative: bool = False
    date: datetime.datetime | None = None


class Kept(NamedTuple):
    """A picture that the site has."""

    pk: int
    address: str


class Pictures:
    """Finds the files of old addresses in a copy of the uploads folder, and keeps those that are pictures."""

    def __init__(self, folder: Path | None, repaired: Counter[str], *, write: bool) -> None:
        self.folder = folder.resolve() if folder else None
        self.repaired = repaired
        self.write = write
        self.hosts = {""}
        self.attachments: dict[int, Attachment] = {}
        self.by_path: dict[str, Attachment] = {}
        self.paths: dict[str, str] = {}  # by address
        self.children: dict[int, list[int]] = {}  # post: its attachments
        self.kept: dict[Path, Kept | None] = {}

    def add_site(self, address: str) -> None:
        self.hosts.add(host(address))

    def add_attachment(self, item: Item) -> None:
        address = item.file_address or item.link
        path = item.meta.get("_wp_attached_file") or upload_path(address)
        if path.startswith("/") and (uploads := UPLOADS.search(path)):  # old WordPress wrote where on the server it was
            path = uploads[1]
        alt = plain_text(item.meta.get("_wp_attachment_image_alt", ""))
        credit, is_decorative = item.meta.get("_tumen_credit", ""), "_tumen_decorative" in item.meta
        self.attachments[item.id] = Attachment(
            address, path, plain_text(item.title), alt, item.excerpt, credit, is_decorative, item.date
        )
        self.by_path[path] = self.attachments[item.id]
        self.paths[address] = path
        self.hosts.add(host(address))
        if item.parent:
            self.children.setdefault(item.parent, []).append(item.id)

    def attached(self, number: int) -> Kept | None:
        """The picture of an attachment, if we have its file."""
        return self.at_path(self.attachments[number].path, "") if number in self.attachments else None

    def picture(self, address: str, alt: str = "") -> Kept | None:
        """The picture that stood at the address, if we have its file."""
        path = self.paths.get(address) or upload_path(address)
        return self.at_path(path, alt) if host(address) in self.hosts else None

    def at_path(self, path: str, alt: str) -> Kept | None:
        """A picture is kept when it is asked for the first time."""
        names = possible_names(path, self.by_path)
        file = self.find(names)
        if file is None:
            return None
        if file not in self.kept:
            unknown = Attachment("", path, basename(path), "", "")
            about = next((self.by_path[name] for name in names if name in self.by_path), unknown)
            described = about.alt or alt or plain_text(about.caption)
            self.kept[file] = self.keep(file, about, "" if about.is_decorative else described)
        return self.kept[file]

    def find(self, names: list[str]) -> Path | None:
        """The first of the files that there is; never one outside the folder."""
        if not self.folder:
            return None
        for name in names:
            for spelling in (name, unicodedata.normalize("NFD", name)):  # a Mac takes Hangul apart
                with suppress(OSError, ValueError, RuntimeError):  # the last is Python 3.11's for a link to itself
                    file = (self.folder / spelling).resolve()
                    if file.is_relative_to(self.folder) and file.is_file():
                        return file
        return None

    def keep(self, file: Path, about: Attachment, alt: str) -> Kept | None:
        try:
            if file.stat().st_size > media.MAX_BYTES:
                raise media.MediaError
            data = file.read_bytes()
            name = self.name_of(file) or media.content_name(data)
            known = Media.objects.named([name]).get(name)
            picture = known or self.new_picture(name, data, about, alt)
        except (media.MediaError, OSError):
            self.repaired["files that are no pictures, left as links"] += 1
            return None
        return Kept(picture.pk or 0, picture.url)

    def name_of(self, file: Path) -> str:
        """The name that we gave the picture before, in a folder of ours; it is the hash of what was uploaded once."""
        is_ours = file.parent == self.folder and media.NAME.fullmatch(file.name)
        return file.name if is_ours else ""

    def new_picture(self, name: str, data: bytes, about: Attachment, alt: str) -> Media:
        """Raises MediaError."""
        picture = media.opened(data)
        self.repaired["pictures without a description, marked as decorative"] += not alt and not about.is_decorative
        if not self.write:
            return Media(name=name)
        kept = Media.objects.create(
            **asdict(media.keep(name, picture)),
            title=(about.title or basename(about.path))[:200],
            alt=alt[:500],
            decorative=not alt,
            caption=plain_text(about.caption)[:500],
            credit=about.credit[:200],
        )
        if about.date:
            Media.objects.filter(pk=kept.pk).update(created_at=about.date)
        return kept


@dataclass(slots=True)
class PostPictures:
    """The pictures as the text of one post sees them: a posts.wordpress.shortcodes.Library."""

    pictures: Pictures
    post: int  # WordPress's id
    left: int = MAX_IN_GALLERIES

    def new_address(self, old_address: str, *, alt: str = "") -> str:
        kept = self.pictures.picture(old_address, alt)
        return kept.address if kept else ""

    def cover(self, item: Item) -> Kept | None:
        number = item.meta.get("_thumbnail_id", "")
        is_id = number.isascii() and number.isdecimal() and len(number) <= MAX_DIGITS
        return self.pictures.attached(int(number)) if is_id else None

    def gallery(self, ids: list[int]) -> list[Picture]:
        known = self.pictures.attachments
        found = [known[number] for number in ids or self.pictures.children.get(self.post, []) if number in known]
        shown = found[: self.left]
        self.left -= len(shown)
        return [Picture(one.address, one.alt or one.title, one.caption) for one in shown]


def host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def upload_path(address: str) -> str:
    """The address's path below the uploads folder."""
    path = unquote(address.partition("?")[0].partition("#")[0])
    uploads = UPLOADS.search(path)
    return uploads[1] if uploads else "/".join(path.split("/")[-3:])


def possible_names(path: str, uploaded: Container[str]) -> list[str]:
    """Where the file may be, the best first: as it was uploaded, and then the smaller copies of it."""
    whole = SIZE.sub("", path)
    names = [whole, ENDING.sub("-scaled", whole), SCALED.sub("", whole), path]
    return [path, *names] if path in uploaded else names
