"""The one sanitising seam: nothing else in the project makes HTML that is shown as it is.

Texts are expanded first (paragraphs, links, pictures, video cards) and sanitised last: in posts bleach checks every
element and address, nh3 has the final word on posts and comments. Nothing rewrites the result.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import nh3
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _

MAX_POST_LENGTH = 500_000  # characters
MAX_POST_DEPTH = 100  # open elements; both sanitisers are quadratic on deeper nesting

POST_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title", "class"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "q": {"cite"},
    "span": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
POST_TAGS = frozenset(
    """a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead time tr
    u ul var""".split()
)
POST_SCHEMES = {"http", "https", "mailto"}
# Ours, put there by the filters below; a class that an author wrote is dropped.
POST_CLASSES = {"a": {"video"}, "span": {"video-title", "video-host"}}
SIZES = "(min-width: 46rem) 42rem, 100vw"

COMMENT_TAGS = frozenset({"a", "br", "p"})
COMMENT_LINK_REL = "nofollow ugc noopener noreferrer"

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
END_TAG_OPTIONAL = frozenset("body colgroup dd dt head html li optgroup option p tbody td tfoot th thead tr".split())
WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"]+)", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")

MEDIA_PREFIX = "/media/"
VIDEO_HOSTS = frozenset(
    """youtube.com youtu.be vimeo.com dailymotion.com tv.naver.com tv.kakao.com odysee.com rumble.com ted.com""".split()
)

Token = dict[str, Any]


class HtmlError(ValueError):
    """A text that is too long or too deeply nested to be read safely. The message is for its author."""


class Picture(Protocol):
    """What an `<img>` of our own needs to know; posts.models.Media has it."""

    alt: str
    width: int
    height: int

    @property
    def srcset(self) -> str: ...


def check_post_body(body: str) -> None:
    """Raise HtmlError for a body that would be too slow to parse. One linear scan."""
    if len(body) > MAX_POST_LENGTH:
        raise HtmlError(_("The text is longer than %(count)d characters.") % {"count": MAX_POST_LENGTH})
    if nesting_depth(body) > MAX_POST_DEPTH:
        raise HtmlError(_("The text has more than %(count)d elements inside one another.") % {"count": MAX_POST_DEPTH})


def nesting_depth(body: str) -> int:
    """How many elements are open at once at most. Counts too much rather than too little."""
    open_now: Counter[str] = Counter()
    depth = deepest = 0
    for closing, name in TAG.findall(body):
        tag = name.lower()
        if tag in VOID or tag in END_TAG_OPTIONAL:
            continue
        if not closing:
            open_now[tag] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif open_now[tag]:
            open_now[tag] -= 1
            depth -= 1
    return deepest


def media_names(body: str) -> set[str]:
    """Names of our own pictures that a body shows or links to."""
    return set(re.findall(MEDIA_PREFIX + r"([\w.-]+)", body))


def post_html(body: str, pictures: Mapping[str, Picture]) -> str:
    """Safe HTML of a post or page. `pictures` maps the names that `media_names` finds to what is known of them.

    Raises HtmlError as `check_post_body` does.
    """
    from bleach.sanitizer import Cleaner

    check_post_body(body)
    filters: list[Any] = [lower_headings, partial(expand_images, pictures=pictures), expand_videos]
    cleaner = Cleaner(
        tags=POST_TAGS | {"h1"},
        attributes={tag: sorted(names) for tag, names in POST_ATTRIBUTES.items()},
        protocols=POST_SCHEMES,
        strip=True,
        filters=filters,
    )
    return _post_nh3.clean(cleaner.clean(body))


_post_nh3 = nh3.Cleaner(
    tags=set(POST_TAGS),
    attributes={tag: names - {"class"} for tag, names in POST_ATTRIBUTES.items()},
    allowed_classes=POST_CLASSES,
    url_schemes=POST_SCHEMES,
    link_rel=None,
)


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
        address = token["data"].get((None, "src"), "")
        name = address.removeprefix(MEDIA_PREFIX)
        if name != address and name in pictures:
            yield {**token, "data": own_image(address, token["data"], pictures[name])}
        elif address:
            yield from linked_image(address, token["data"].get((None, "alt")) or address, in_link=in_link)


def own_image(address: str, written: MutableMapping[Any, str], picture: Picture) -> dict[Any, str]:
    attributes = {
        "src": address,
        "srcset": picture.srcset,
        "sizes": SIZES,
        "alt": written.get((None, "alt")) or picture.alt,
        "width": str(picture.width),
        "height": str(picture.height),
        "loading": "lazy",
    }
    return {(None, name): value for name, value in attributes.items() if value or name == "alt"}


def linked_image(address: str, text: str, *, in_link: bool) -> Iterator[Token]:
    words = {"type": "Characters", "data": text}
    if in_link:
        yield words
    else:
        yield from link_around([words], address)


def link_around(inner: list[Token], address: str, css_class: str = "") -> Iterator[Token]:
    data = {(None, "href"): address} | ({(None, "class"): css_class} if css_class else {})
    yield {"type": "StartTag", "name": "a", "namespace": None, "data": data}
    yield from inner
    yield {"type": "EndTag", "name": "a", "namespace": None, "data": {}}


def expand_videos(source: Iterator[Token]) -> Iterator[Token]:
    """A paragraph that holds nothing but the address of a video, or a link to one, becomes a card."""
    paragraph: list[Token] | None = None
    for token in source:
        if token.get("name") == "p" and token["type"] == "StartTag":
            if paragraph:
                yield from paragraph
            paragraph = [token]
        elif paragraph is None:
            yield token
        else:
            paragraph.append(token)
            if token.get("name") == "p":
                yield from video_card(paragraph) or paragraph
                paragraph = None
    yield from paragraph or []


def video_card(paragraph: list[Token]) -> list[Token]:
    """The paragraph as a card, or nothing if it is not a lone video address."""
    start, *inner, end = paragraph
    elements = [token for token in inner if "name" in token]
    text = "".join(token["data"] for token in inner if "name" not in token and isinstance(token["data"], str)).strip()
    if [token["name"] for token in elements] == ["a", "a"]:
        address = elements[0]["data"].get((None, "href"), "")
    else:
        address = "" if elements else text
    host = video_host(address)
    if not host:
        return []
    title = text if text and text != address else _("Watch the video")
    inner = [*span("video-title", title), {"type": "Characters", "data": " "}, *span("video-host", host)]
    return [start, *link_around(inner, address, "video"), end]


def span(css_class: str, text: str) -> list[Token]:
    return [
        {"type": "StartTag", "name": "span", "namespace": None, "data": {(None, "class"): css_class}},
        {"type": "Characters", "data": text},
        {"type": "EndTag", "name": "span", "namespace": None, "data": {}},
    ]


def video_host(address: str) -> str:
    """The host that is shown, if the address is one of a video; else the empty string."""
    if not re.fullmatch(r"https?://\S+", address):
        return ""
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""
    return host if host in VIDEO_HOSTS else ""


def comment_html(text: str) -> str:
    """Safe HTML of a comment: plain text with paragraphs, line breaks and live http(s) addresses. Linear."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    paragraphs = (linkify(block).replace("\n", "<br>") for block in re.split(r"\n(?:[^\S\n]*\n)+", lines))
    return _comment_nh3.clean("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


_comment_nh3 = nh3.Cleaner(
    tags=set(COMMENT_TAGS),
    attributes={"a": {"href"}},
    url_schemes={"http", "https"},
    link_rel=COMMENT_LINK_REL,
)


def linkify(text: str) -> str:
    """Escaped text in which addresses written out with their scheme are links."""
    pieces = WEB_ADDRESS.split(text)
    return "".join(link(piece) if index % 2 else escape(piece) for index, piece in enumerate(pieces))


def link(written: str) -> str:
    """One address as a link; punctuation that ends the sentence stays outside."""
    address = written.rstrip(".,;:!?'\"*…。，、")
    if address.endswith(")") and address.count("(") < address.count(")"):
        address = address[:-1]
    target = ascii_address(address)
    if not target:
        return escape(written)
    return format_html('<a href="{0}">{0}</a>{1}', target, written[len(address) :])


def ascii_address(address: str) -> str:
    """The address with its host in ASCII, so that look-alike letters show; empty if it is not one."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, host + port, parts.path, parts.query, parts.fragment)) if "." in host else ""
