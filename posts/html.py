"""The one sanitising seam: nothing else in the project makes HTML that is shown as it is.

A post is first read by nh3, which drops what scripts and styles hold and leaves well-nested markup. Then bleach checks
every element and address, pictures and videos are expanded, and nh3 has the last word. Nothing rewrites the result.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from posts.expansion import MEDIA_PREFIX, Picture, expand_images, expand_videos, lower_headings, own_name
from posts.nesting import nesting

MAX_POST_LENGTH = 500_000  # characters
MAX_POST_DEPTH = 100  # open elements; both sanitisers are quadratic on deeper nesting
MAX_POST_COST = 500_000  # see posts.nesting; the longest posts of real blogs need a few thousand

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
# Those that posts.expansion gives; any other class is dropped.
POST_CLASSES = {"a": {"video"}, "span": {"video-title", "video-host"}}
SCROLLED = {"pre": {"tabindex": "0"}, "table": {"tabindex": "0"}}  # where too wide, and then with the keyboard too

# Dropped, since neither HTML nor the XML of feeds may hold them: all control characters but tab and line ends.
CONTROL_CHARACTERS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF])

# As `json_script` of Django does, so that nothing ends the element early; that one writes no other kind of JSON.
HARMLESS = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}

COMMENT_TAGS = frozenset({"a", "br", "p"})
COMMENT_LINK_REL = "nofollow ugc noopener noreferrer"

WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"]+)", re.IGNORECASE)


class HtmlError(ValueError):
    """A text that is too long or too deeply nested to be read safely. The message is for its author."""


def check_post_body(body: str) -> None:
    """Raise HtmlError for a body that would be too slow to parse."""
    well_nested(body)


def well_nested(body: str) -> str:
    """The body as every parser will understand it. Linear: what it would cost to parse is known before it is parsed.

    Raises HtmlError.
    """
    check_length(body)
    check_nesting(nesting(body).cost, MAX_POST_COST)
    markup = _post_reader.clean(body).translate(CONTROL_CHARACTERS)
    check_length(markup)
    check_nesting(nesting(markup).deepest, MAX_POST_DEPTH)
    return markup


def check_length(markup: str) -> None:
    if len(markup) > MAX_POST_LENGTH:
        raise HtmlError(_("The text is longer than %(count)d characters.") % {"count": MAX_POST_LENGTH})


def check_nesting(found: int, allowed: int) -> None:
    if found > allowed:
        raise HtmlError(_("The text has more than %(count)d elements inside one another.") % {"count": MAX_POST_DEPTH})


def pictures_shown(body: str) -> set[str]:
    """Names of the pictures that a body shows as our own.

    Raises HtmlError as `check_post_body` does, and for a picture that has no address to be shown or linked.
    """
    names = set()
    for tag in re.findall(r"<img(?: [a-z]+=\"[^\"]*\")*", well_nested(body)):
        address = re.search(r' src="([^"]*)"', tag)
        if not address:
            raise HtmlError(_("A picture in the text has no web address. Please choose it from the media library."))
        names.add(own_name(address[1]))
    return names - {""}


def media_names(body: str) -> set[str]:
    """Names of our own pictures that a body shows or links to."""
    return set(re.findall(MEDIA_PREFIX + r"([\w.-]+)", body))


def post_html(body: str, pictures: Mapping[str, Picture]) -> str:
    """Safe HTML of a post or page. `pictures` maps the names that `media_names` finds to what is known of them.

    Raises HtmlError as `check_post_body` does.
    """
    from bleach.sanitizer import Cleaner

    filters: list[Any] = [lower_headings, partial(expand_images, pictures=pictures), expand_videos]
    cleaner = Cleaner(
        tags=POST_TAGS | {"h1"},
        attributes={tag: sorted(names) for tag, names in POST_ATTRIBUTES.items()},
        protocols=POST_SCHEMES,
        strip=True,
        filters=filters,
    )
    return _post_nh3.clean(cleaner.clean(well_nested(body)))


def post_nh3(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={tag: names - {"class"} for tag, names in POST_ATTRIBUTES.items()},
        allowed_classes=POST_CLASSES,
        set_tag_attribute_values=SCROLLED,
        url_schemes=POST_SCHEMES,
        link_rel=None,
    )


_post_reader = post_nh3(POST_TAGS | {"h1"})
_post_nh3 = post_nh3(POST_TAGS)


def comment_html(text: str) -> str:
    """Safe HTML of a comment: plain text with paragraphs, line breaks and live http(s) addresses. Linear."""
    lines = text.translate(CONTROL_CHARACTERS).replace("\r\n", "\n").replace("\r", "\n").strip()
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
    live = format_html('<a href="{0}">{0}</a>', target)
    if not target or not _comment_nh3.clean(live).startswith("<a href="):  # nh3 knows addresses better
        return escape(written)
    return live + escape(written[len(address) :])


def ascii_address(address: str) -> str:
    """The address with its host in ASCII, so that look-alike letters show; empty if it is not one."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, host + port, parts.path, parts.query, parts.fragment)) if "." in host else ""


def json_ld(nodes: Sequence[Mapping[str, Any]]) -> SafeString:
    """Data in the terms of schema.org as an element of a page, without what is empty. No browser runs it."""
    graph = [{name: value for name, value in node.items() if value} for node in nodes]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return SafeString(f'<script type="application/ld+json">{text.translate(HARMLESS)}</script>')
