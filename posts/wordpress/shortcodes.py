"""Shortcodes: captions, galleries and players as HTML, the rest removed and counted.

WordPress leaves a word in brackets alone unless a plugin has claimed it. Here no plugin can be asked, so what looks
like a word in brackets stays, and what looks like code (with `name=value`, an end, an underscore) goes.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple, Protocol

from posts.wordpress.tokens import Token, attributes, tokens

CAPTIONS = {"caption", "wp_caption"}
PLAYERS = set("audio embed googlevideo playlist soundcloud video vimeo wpvideo youtube".split())
KNOWN = CAPTIONS | PLAYERS | {"gallery"}
ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]+")
WATCHED_AT = [  # what a player is fed, and the page where a person watches it
    (
        re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]+).*"),
        "https://www.youtube.com/watch?v=",
    ),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+).*"), "https://vimeo.com/"),
]


class Picture(NamedTuple):
    """A picture as the old blog had it."""

    address: str
    alt: str
    caption: str  # HTML


class Library(Protocol):
    """What is known of the old blog's pictures."""

    def new_address(self, old_address: str, *, alt: str = "") -> str:
        """Where the picture is now; empty if we do not have it."""

    def gallery(self, ids: list[int]) -> list[Picture]:
        """These pictures; without ids, those that belong to the post."""


def without_shortcodes(found: list[Token], library: Library, repaired: Counter[str]) -> Iterator[Token]:
    ends = partners(found)
    claimed = {token.name for token in found if token.kind == "shortcode end"} | KNOWN
    opened = {token.name for token in found if token.kind == "shortcode"}
    index = 0
    while index < len(found):
        token, end = found[index], ends.get(index)
        index += 1
        if token.kind == "shortcode" and looks_like_code(token, claimed):
            inner: list[Token] = []
            if end is not None and token.name in CAPTIONS | PLAYERS:
                inner, index = found[index:end], end + 1
            yield from shown(token, inner, library, repaired)
        elif token.kind == "escaped" and token.name in claimed:
            yield Token("text", token.source[1:-1])
        elif token.kind != "shortcode end" or token.name not in opened:
            yield Token("text", token.source) if "[" in token.source[:1] else token


def partners(found: list[Token]) -> dict[int, int]:
    """Where each shortcode ends, if it ends before another one of its name begins."""
    ends: dict[int, int] = {}
    following: dict[str, int] = {}
    for index in range(len(found) - 1, -1, -1):
        kind, name = found[index].kind, found[index].name
        if kind == "shortcode" and name in following and found[following[name]].kind == "shortcode end":
            ends[index] = following[name]
        if kind in {"shortcode", "shortcode end"}:
            following[name] = index
    return ends


def looks_like_code(token: Token, claimed: set[str]) -> bool:
    written = token.attributes
    return (
        token.name in claimed
        or "_" in token.name
        or written.endswith("/")
        or (written[:1].isspace() and "<" not in written and bool(attributes(written)))
    )


def shown(token: Token, inner: list[Token], library: Library, repaired: Counter[str]) -> Iterator[Token]:
    """What a shortcode shows. `inner` is what stood between it and its end, if that belongs to it."""
    if token.name in CAPTIONS:
        yield from captioned(list(without_shortcodes(inner, library, repaired)), attributes(token.attributes))
    elif token.name == "gallery" and (pictures := library.gallery(ids(attributes(token.attributes)))):
        for picture in pictures:
            written = f' src="{escape(picture.address)}" alt="{escape(picture.alt)}"'
            yield from figure([Token("open", f"<img{written}>", "img", written)], caption_tokens(picture.caption))
    elif token.name in PLAYERS and (address := first_address(inner, token.attributes)):
        yield player(address)
    else:
        repaired[f"shortcode [{token.name[:40]}] removed"] += 1


def captioned(inner: list[Token], values: dict[str, str]) -> Iterator[Token]:
    """The picture, with a link around it or not, and after it its caption; in old posts that was an attribute."""
    end = next((index for index, token in enumerate(inner, start=1) if token.name == "img"), len(inner))
    ahead = next((index for index in range(end, len(inner)) if not is_blank(inner[index])), end)
    if inner[ahead : ahead + 1] and (inner[ahead].kind, inner[ahead].name) == ("close", "a"):
        end = ahead + 1
    yield from figure(inner[:end], inner[end:] or caption_tokens(values.get("caption", "")))


def figure(picture: list[Token], caption: list[Token]) -> Iterator[Token]:
    yield Token("open", "<figure>", "figure")
    yield from picture
    if any(not is_blank(token) for token in caption):
        yield Token("open", "<figcaption>", "figcaption")
        yield from caption
        yield Token("close", "</figcaption>", "figcaption")
    yield Token("close", "</figure>", "figure")


def caption_tokens(markup: str) -> list[Token]:
    return list(tokens(markup, Counter()))


def is_blank(token: Token) -> bool:
    return token.kind == "text" and not token.source.strip()


def ids(values: dict[str, str]) -> list[int]:
    return [
        int(number) for number in re.findall(r"\d{1,18}", values.get("ids") or values.get("include") or "", re.ASCII)
    ]


def first_address(inner: list[Token], written: str) -> str:
    found = ADDRESS.search(unescape("".join(token.source for token in inner) + " " + written))
    return found[0] if found else ""


def player(address: str) -> Token:
    """An address alone in a paragraph, which is shown as a card if it is a video's."""
    for pattern, page in WATCHED_AT:
        if found := pattern.fullmatch(address):
            address = page + found[1]
    return Token("block", f"<p>{escape(address)}</p>")
