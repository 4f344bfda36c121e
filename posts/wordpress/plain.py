"""Plain text of the HTML that WordPress keeps in titles, excerpts and comments. Linear."""

import re
from html import unescape

ELEMENT = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)>")
ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*["']?([^\s"'<>]+)""", re.IGNORECASE)
PARAGRAPHS = frozenset("p div blockquote pre ul ol dl table h1 h2 h3 h4 h5 h6".split())
LINES = frozenset("br dd dt li tr".split())


def plain_text(markup: str) -> str:
    """One line without elements, for titles and excerpts."""
    words = ELEMENT.sub(lambda found: " " if found[2].lower() in PARAGRAPHS | LINES else "", without_comments(markup))
    return " ".join(unescape(words).split())


def without_comments(markup: str) -> str:
    first, *rest = markup.split("<!--")
    return first + "".join(part.partition("-->")[2] if "-->" in part else part for part in rest)


def comment_text(markup: str) -> str:
    """A comment as its reader saw it, with paragraphs; the address of a link follows its words."""
    pieces: list[str] = []
    at = start = 0  # start: of a link's words among the pieces
    address = ""
    markup = without_comments(markup)
    for found in ELEMENT.finditer(markup):
        pieces.append(unescape(markup[at : found.start()]))
        at = found.end()
        name = found[2].lower()
        target = ADDRESS.search(found[3]) if name in {"a", "img"} and not found[1] else None
        if name == "a":
            pieces[start:] = with_address(pieces[start:], address)
            address, start = unescape(target[1]) if target else "", len(pieces)
        elif target:
            pieces.append(f"\n{unescape(target[1])}\n")
        elif name in PARAGRAPHS:
            pieces.append("\n\n")
        elif name in LINES and not markup.startswith(("\n", "\r"), at):
            pieces.append("\n")
    pieces.append(unescape(markup[at:]))
    pieces[start:] = with_address(pieces[start:], address)
    return tidy("".join(pieces))


def with_address(words: list[str], address: str) -> list[str]:
    """The words of a link with its address; the address alone where the words are the address, whole or shortened."""
    if not address.startswith(("http://", "https://")):
        return words
    shown = bare("".join(words).strip())
    beginning = shown.rstrip("….")
    if shown in {"", bare(address)} or (shown != beginning and bare(address).startswith(beginning)):
        return [address]
    return [*words, f" ({address})"]


def bare(address: str) -> str:
    return address.removeprefix("http://").removeprefix("https://").removeprefix("www.").rstrip("/")


def tidy(text: str) -> str:
    """Lines without space around them, and never more than one blank line."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
