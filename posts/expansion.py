"""What the markup of a post becomes before it is sanitised a last time: filters over bleach's stream of tokens."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import groupby
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _

MEDIA_PREFIX = "/media/"
SIZES = "(min-width: 46rem) 42rem, 100vw"
VIDEO_HOSTS = frozenset(
    """youtube.com youtu.be vimeo.com dailymotion.com tv.naver.com tv.kakao.com odysee.com rumble.com ted.com""".split()
)

Token = dict[str, Any]
LINE_BREAK: Token = {"type": "EmptyTag", "name": "br", "namespace": None, "data": {}}


class Picture(Protocol):
    """What an `<img>` of our own needs to know; posts.models.Media has it."""

    alt: str
    decorative: bool
    width: int
    height: int

    @property
    def url(self) -> str: ...  # another one than in the text, if the file was replaced

    @property
    def srcset(self) -> str: ...


def lower_headings(source: Iterator[Token]) -> Iterator[Token]:
    """The page's own title is its only first-level heading."""
    for token in source:
        yield {**token, "name": "h2"} if token.get("name") == "h1" else token


def expand_images(source: Iterator[Token], *, pictures: Mapping[str, Picture]) -> Iterator[Token]:
    """Our pictures get their size and renditions; a picture elsewhere becomes a link to it, for nothing is fetched."""
    in_link = False
    for token in source:
        if token.get("name") == "a":
            in_link = token["type"] == "StartTag"
        if token.get("name") != "img":
            yield token
            continue
        address = attribute(token, "src")
        if picture := pictures.get(own_name(address)):
            yield {**token, "data": own_image(attribute(token, "alt"), picture)}
        elif address:
            words = {"type": "Characters", "data": attribute(token, "alt") or address}
            yield from [words] if in_link else element("a", [words], href=address)


def own_name(address: str) -> str:
    """The name of the picture of ours that stands at the address, or the empty string."""
    path = address.removeprefix(settings.SITE_URL)
    return path.removeprefix(MEDIA_PREFIX) if path.startswith(MEDIA_PREFIX) else ""


def own_image(alt: str, picture: Picture) -> dict[Any, str]:
    return attributes(
        src=picture.url,
        srcset=picture.srcset,
        sizes=SIZES if picture.srcset else "",
        alt=alt or ("" if picture.decorative else picture.alt),
        width=str(picture.width),
        height=str(picture.height),
        loading="lazy",
    )


def attribute(token: Token, name: str) -> str:
    """The value of an attribute as text; bleach leaves its entities as they were written."""
    return unescape(token["data"].get((None, name), "")).strip()


def attributes(**values: str) -> dict[Any, str]:
    """Attributes as bleach's tokens hold them. Empty ones are left out, but for `alt`, where that has a meaning."""
    return {(None, name): str(escape(value)) for name, value in values.items() if value or name == "alt"}


def element(name: str, inner: list[Token], **values: str) -> list[Token]:
    start = {"type": "StartTag", "name": name, "namespace": None, "data": attributes(**values)}
    return [start, *inner, {"type": "EndTag", "name": name, "namespace": None, "data": {}}]


def expand_videos(source: Iterator[Token]) -> Iterator[Token]:
    """A line of a paragraph that holds nothing but the address of a video, or a link to one, becomes a card."""
    paragraph: list[Token] = []
    for token in source:
        if token.get("name") == "p" and token["type"] == "StartTag":
            yield from paragraph
            paragraph = [token]
        elif not paragraph:
            yield token
        else:
            paragraph.append(token)
            if token.get("name") == "p":
                yield from with_video_cards(paragraph)
                paragraph = []
    yield from paragraph


def with_video_cards(paragraph: list[Token]) -> Iterator[Token]:
    """The paragraph, parted where one of its lines became a card."""
    start, *inner, end = paragraph
    cards_and_lines = [(video_card(line), line) for line in lines(inner)]
    for is_card, group in groupby(cards_and_lines, lambda card_and_line: bool(card_and_line[0])):
        if is_card:
            for card, _line in group:
                yield from [start, *card, end]
        else:
            first, *others = (line for _card, line in group)
            yield from [start, *first, *(token for line in others for token in [LINE_BREAK, *line]), end]


def lines(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between those line breaks that stand in no other element."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"StartTag": 1, "EndTag": -1}.get(token["type"], 0)
        if token.get("name") == "br" and not depth:
            found.append([])
        else:
            found[-1].append(token)
    return found


def video_card(line: list[Token]) -> list[Token]:
    """The line as a card, or nothing if it is not a lone video address."""
    text = "".join(token["data"] for token in line if token["type"] in {"Characters", "SpaceCharacters"}).strip()
    tokens = [
        token for token in line if "Tag" in token["type"] or (token["type"] == "Characters" and token["data"].strip())
    ]
    tags = [token for token in tokens if "Tag" in token["type"]]
    if [tag["name"] for tag in tags] == ["a", "a"] and tags == [tokens[0], tokens[-1]]:
        address = attribute(tags[0], "href")
    else:
        address = "" if tags else text
    host = video_host(address)
    if not host:
        return []
    title = text if text and text != address else _("Watch the video")
    space = {"type": "Characters", "data": " "}
    return element(
        "a", [*span("video-title", title), space, *span("video-host", host)], href=address, **{"class": "video"}
    )


def span(css_class: str, text: str) -> list[Token]:
    return element("span", [{"type": "Characters", "data": text}], **{"class": css_class})


def video_host(address: str) -> str:
    """The host that is shown, if the address is one of a video; else the empty string."""
    if not re.fullmatch(r"https?://\S+", address):
        return ""
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""
    return host if host in VIDEO_HOSTS else ""
