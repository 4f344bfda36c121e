"""What WordPress would have shown of a post's text, as plain HTML.

Pure and linear in the length of the text. The result is not safe yet: posts/html.py sanitises it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from posixpath import basename
from urllib.parse import unquote

from posts.wordpress.paragraphs import paragraphs
from posts.wordpress.plain import plain_text
from posts.wordpress.shortcodes import Library, player, without_shortcodes
from posts.wordpress.tokens import Token, attributes, tokens

PLAYERS = {"iframe": "src", "embed": "src", "video": "src", "audio": "src", "source": "src", "object": "data"}
AROUND_PLAYERS = {"noscript", "param", "track"}


@dataclass(frozen=True, slots=True)
class Converted:
    html: str
    teaser: str  # what stood above <!--more-->, as plain text; empty without that mark


def convert(body: str, library: Library, repaired: Counter[str]) -> Converted:
    """The body as HTML; what could not be kept is counted."""
    found = list(without_shortcodes(list(tokens(body, repaired)), library, repaired))
    mark = next((index for index, token in enumerate(found) if token.kind == "more"), 0)
    return Converted(
        html=paragraphs(with_pictures(players(found), library, repaired), blocks="<!-- wp:" in body),
        teaser=plain_text("".join(token.source for token in found[:mark])),
    )


def players(found: Iterable[Token]) -> Iterator[Token]:
    """An address in place of each player, for nothing that runs elsewhere is shown here."""
    last = ""
    for token in found:
        if token.name not in PLAYERS:
            if token.name not in AROUND_PLAYERS:
                yield token
            continue
        address = attributes(token.attributes).get(PLAYERS[token.name], "") if token.kind == "open" else ""
        address = f"https:{address}" if address.startswith("//") else address
        if address.startswith(("http://", "https://")) and address != last:
            yield player(address)
        last = address or last


def with_pictures(found: Iterable[Token], library: Library, repaired: Counter[str]) -> Iterator[Token]:
    """Pictures and links to pictures at their new addresses; a picture that we do not have becomes a link."""
    in_link = False
    for token in found:
        if token.name == "a":
            in_link = token.kind == "open"
            new = library.new_address(attributes(token.attributes).get("href", "")) if in_link else ""
            yield Token("open", f'<a href="{escape(new)}">', "a") if new else token
        elif token.name == "img":
            yield picture(attributes(token.attributes), library, repaired, in_link=in_link)
        else:
            yield token


def picture(written: dict[str, str], library: Library, repaired: Counter[str], *, in_link: bool) -> Token:
    address, alt = written.get("src", ""), written.get("alt", "").strip()
    if new := library.new_address(address, alt=alt):
        return Token("open", f'<img src="{escape(new)}" alt="{escape(alt)}">', "img")
    repaired["pictures that are not here, now links"] += 1
    if not address.startswith(("http://", "https://", "/")):
        return Token("inline", escape(alt))
    name = unquote(basename(address.partition("?")[0]))
    words = escape(alt or (name if name.isprintable() else "") or address)
    return Token("inline", words if in_link else f'<a href="{escape(address)}">{words}</a>')
