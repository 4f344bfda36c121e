"""A WordPress text cut into tags, shortcodes and text, in linear time whatever it holds."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape
from typing import Literal, NamedTuple

RAW = {"pre", "code"}  # nothing in them is ours to change
CODE = {"code", "sourcecode"}  # shortcodes that show what they hold as it is
INVISIBLE = {"script", "style"}

MARK = re.compile(
    r"""(?P<comment><!--)
    | <(?P<closing>/?)(?P<element>[a-zA-Z][\w:-]*+)(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*')*+|[^<>]*+)>
    | \[\[(?P<escaped>[a-zA-Z][\w-]*+)[^\[\]]*+\]\]
    | \[(?P<ending>/?)(?P<code>[a-zA-Z][\w-]*+)(?P<values>(?:[\s/=:][^\[\]]*+)?)\]""",
    re.VERBOSE,
)
END = re.compile(r"</(pre|code|script|style)\s*>|(\[/(?:code|sourcecode)\])|(-->)", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")


class Token(NamedTuple):
    kind: Literal["text", "open", "close", "shortcode", "shortcode end", "escaped", "inline", "block", "more"]
    source: str = ""  # as it stands in the text; of `inline` and `block`, to be shown as it is
    name: str = ""  # of the element or shortcode, in lower case
    attributes: str = ""


def attributes(written: str) -> dict[str, str]:
    """The attributes of a tag or shortcode, in lower case, without character references."""
    return {
        name.lower(): unescape(double or single or bare) for name, double, single, bare in ATTRIBUTE.findall(written)
    }


def tokens(body: str, repaired: Counter[str]) -> Iterator[Token]:
    """The text in tokens, without comments, scripts and blocks that WordPress fills in only when it shows them."""
    ends = Ends(body)
    at = 0
    while mark := MARK.search(body, at):
        if mark.start() > at:
            yield Token("text", body[at : mark.start()])
        end = ends.after(mark)
        at = end[1] if end else mark.end()
        yield from read(mark, body[mark.end() : end[0]] if end else None, repaired)
    yield Token("text", body[at:])


def read(mark: re.Match[str], inner: str | None, repaired: Counter[str]) -> Iterator[Token]:
    """`inner` is what stands up to the end of a comment, or of an element whose content is left alone."""
    if mark["comment"]:
        if inner:
            yield from comment(inner, repaired)
    elif mark["element"]:
        name = mark["element"].lower()
        if name in INVISIBLE:
            return
        if inner is None:
            yield Token("close" if mark["closing"] else "open", mark[0], name, mark["attributes"])
        else:
            yield Token("block" if name == "pre" else "inline", f"{mark[0]}{inner}</{name}>")
    elif mark["escaped"]:
        yield Token("escaped", mark[0], mark["escaped"].lower())
    elif inner is None:
        yield Token("shortcode end" if mark["ending"] else "shortcode", mark[0], mark["code"].lower(), mark["values"])
    else:
        yield Token("block", f"<pre>{escape(unescape(inner.strip()), quote=False)}</pre>")


def comment(inner: str, repaired: Counter[str]) -> Iterator[Token]:
    """The marks of blocks are dropped, and so is a block that has no content of its own."""
    word = inner[:100].strip().partition(" ")[0]
    if inner.startswith("more"):
        yield Token("more")
    elif word == "nextpage":
        yield Token("text", "\n\n")
    elif word.startswith("wp:") and inner.rstrip().endswith("/"):
        repaired[f"block {word[3:43].rstrip('/')} removed"] += 1


class Ends:
    """Where the things end that a single search cannot find without looking at the rest of the text each time."""

    def __init__(self, body: str) -> None:
        self.spans: dict[str, list[tuple[int, int]]] = {}
        for found in END.finditer(body):
            name = found[1].lower() if found[1] else found[0].lower()
            self.spans.setdefault(name, []).append(found.span())

    def after(self, mark: re.Match[str]) -> tuple[int, int] | None:
        """The end of a comment, or of an element or shortcode whose content is left alone."""
        if mark["comment"]:
            spans = self.spans.get("-->", [])
        elif mark["element"] and not mark["closing"]:
            spans = self.spans.get(mark["element"].lower(), [])
        elif mark["code"] and not mark["ending"] and mark["code"].lower() in CODE:
            spans = self.spans.get(f"[/{mark['code'].lower()}]", [])
        else:
            return None
        index = bisect_left(spans, (mark.end(), 0))
        return spans[index] if index < len(spans) else None
