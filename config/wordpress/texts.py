"""What becomes of an item's words, dates and states on the way to a post or page."""

import datetime
import re
from collections import Counter
from html import escape
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.utils import timezone

from posts.html import MAX_POST_LENGTH, HtmlError, check_post_body
from posts.language import language_of
from posts.models import Language, State, validate_web_address
from posts.slugs import RESERVED, make_slug
from posts.wordpress.body import convert
from posts.wordpress.plain import comment_text, plain_text
from posts.wordpress.shortcodes import Library
from posts.wxr import Item

MAX_TITLE_LENGTH = 300  # characters
MAX_EXCERPT_LENGTH = 1000  # characters
MAX_RAW_LENGTH = 2 * MAX_POST_LENGTH  # characters; the marks of blocks may be as long as the text
MAX_POSITION = 32_767
MAX_SOURCE_LENGTH = 200  # characters
MAX_ADDRESS_LENGTH = 2000  # characters
MAX_COMMENT_DAYS = 3650
MAX_WRITTEN_NAME = 2000  # characters of HTML
MAX_WRITTEN_SLUG = 2000  # characters, before it is decoded
OUR_PICTURE = re.compile(r"""(["'])(https?://[^\s"'<>]+/media/[0-9a-f]{32}\.webp)(?=\1)""")
SAMPLE = 20_000  # characters that tell the language
INLINE_FILE = re.compile(r"data:[\w/.+-]*;base64,[\w+/=]*")
CUT_ESCAPE = re.compile(r"%[0-9a-fA-F]?\Z")  # WordPress cuts slugs at 200 bytes, in the middle of a letter
EMAIL = re.compile(r"[^\s@<>]+@[^\s<>]+\.[^\s@<>]+")


def reason_to_skip(item: Item) -> str:
    """Why nothing becomes of the item; empty if something does."""
    if item.type == "nav_menu_item":
        return "navigation"
    if item.type not in {"post", "page", "attachment"}:
        return f"custom type {item.type[:40]}"
    if item.is_copy:
        return "the same item twice"
    if item.type != "attachment" and item.status in {"trash", "auto-draft"}:
        return f"status {item.status}"
    return ""


def state(item: Item, repaired: Counter[str]) -> State:
    """Published only what readers of the old blog saw, and what was scheduled for a time still to come."""
    is_scheduled = item.status == "future" and item.type == "post" and item.date and item.date > timezone.now()
    why = ""
    if item.has_password:
        why = "password-protected"
    elif item.status == "publish" and item.type == "post" and not item.date:
        why = "published without a date"
    elif item.status == "future" and not is_scheduled:
        why = "scheduled, but the time has passed or it is a page"
    elif item.status not in {"publish", "future", "draft"}:
        why = f"status {item.status[:40] or 'missing'}"
    if why:
        repaired[f"now a draft: {why}"] += 1
    return State.DRAFT if why or item.status == "draft" else State.PUBLISHED


def published_at(item: Item, state: State) -> datetime.datetime | None:
    """A draft that readers have not seen gets its date when it is published; what was put away, and ours, keeps it."""
    keeps_date = state == State.PUBLISHED or item.status in {"publish", "private"} or item.is_ours
    return item.date if keeps_date else None


def title(item: Item, repaired: Counter[str]) -> str:
    """The title as one line of plain text; the first words of the text if there is none."""
    words = plain_text(item.title)
    if not words:
        repaired["without a title"] += 1
        words = shortened(plain_text(item.excerpt or item.body), 60) or f"Untitled {item.type}"
    if len(words) > MAX_TITLE_LENGTH:
        repaired["titles shortened"] += 1
    return shortened(words, MAX_TITLE_LENGTH)


def shortened(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def decoded_slug(written: str) -> str:
    """A slug as WordPress stores it, percent-encoded and perhaps cut, in letters."""
    return make_slug(unquote(CUT_ESCAPE.sub("", written[:MAX_WRITTEN_SLUG]), errors="ignore"))


def slug(item: Item) -> str:
    wanted = decoded_slug(item.slug) or make_slug(plain_text(item.title)) or f"{item.type}-{item.id}"
    if item.type == "page" and (wanted in RESERVED or wanted.isdecimal()):
        return f"{wanted}-page"
    return wanted


def language(item: Item, site_language: str) -> Language:
    """What the item says (ours, or Polylang), else the script of its letters, else the language of the old blog."""
    told = item.meta.get("_tumen_language", "")
    told = told or next((term.slug for term in item.terms if term.taxonomy == "language"), "")
    if not told and (written := language_of(plain_text(f"{item.title} {item.body[:SAMPLE]}"))):
        return written
    return Language.KOREAN if (told or site_language).lower().startswith("ko") else Language.ENGLISH


def body(item: Item, library: Library, repaired: Counter[str]) -> tuple[str, str]:
    """The text and the teaser. Without its elements if there are too many inside one another.

    Raises HtmlError for a text that is too long for us.
    """
    if item.is_ours:
        return our_body(item, library), ""
    written = INLINE_FILE.sub("", item.body)
    if len(written) > MAX_RAW_LENGTH:
        raise HtmlError
    converted = convert(written, library, repaired)
    html = converted.html
    try:
        check_post_body(html)
    except HtmlError:
        html = convert(escape(comment_text(html)), library, Counter()).html
        check_post_body(html)
        repaired["texts reduced to plain paragraphs"] += 1
    return html, converted.teaser


def our_body(item: Item, library: Library) -> str:
    """As it is, with the pictures that we have at their addresses here. Raises HtmlError."""
    html = OUR_PICTURE.sub(lambda found: found[1] + (library.new_address(found[2]) or found[2]), item.body)
    check_post_body(html)
    return html


def source_of(item: Item) -> dict[str, str | bool]:
    """Fields of a post that name where its text is from, as an export of ours has them."""
    name, address = (item.meta.get(f"_tumen_source_{part}", "") for part in ("name", "url"))
    try:
        validate_web_address(address)
    except ValidationError:
        address = ""
    return {
        "source_name": name[:MAX_SOURCE_LENGTH],
        "source_url": address[:MAX_ADDRESS_LENGTH] if name else "",
        "full_reprint": bool(name and address and item.meta.get("_tumen_full_reprint")),
    }


def comment_days(item: Item) -> int:
    """For how many days comments are open, in an export of ours; 0 for no end that is known."""
    days = item.meta.get("_tumen_comments_days", "")
    return min(int(days), MAX_COMMENT_DAYS) if re.fullmatch("[0-9]{1,4}", days) else 0


def older_paths(item: Item) -> list[str]:
    """Further addresses that lead to the item, in an export of ours."""
    return [path for path in item.meta.get("_tumen_old_addresses", "").split() if old_path(path)]


def excerpt(item: Item, teaser: str) -> str:
    return shortened(plain_text(item.excerpt) or teaser, MAX_EXCERPT_LENGTH)


def source(address: str) -> str:
    """What tells the old blog from others: its host and path, however it is reached."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address[:MAX_SOURCE_LENGTH]
    host = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}"[:MAX_SOURCE_LENGTH]


def old_path(link: str) -> str:
    """The path of an old address, percent-encoded; empty where it was `/?p=ID` or is no address."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    is_address = parts.path not in {"", "/"} and not parts.query and unquote(parts.path).isprintable()
    return parts.path if is_address else ""


def public_name(written: str) -> str:
    """A name as readers may see it: of an e-mail address that stands for a name, the part before the @."""
    return EMAIL.sub(lambda found: found[0].partition("@")[0], plain_text(written[:MAX_WRITTEN_NAME])[:300])
