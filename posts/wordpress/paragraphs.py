"""Paragraphs and line breaks where WordPress's editor had blank lines and line ends only.

What WordPress does when it shows a text: blank lines end a paragraph, a line end becomes <br>, block elements stand as
they are, and nothing inside <pre> and <code> changes. Texts made of blocks have their paragraphs already.
"""

import re
from collections.abc import Iterable

from posts.expansion import video_host
from posts.nesting import VOID
from posts.wordpress.tokens import Token

BLOCKS = frozenset(
    """address article aside blockquote body caption center col colgroup dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main map menu nav ol option p section select summary table
    tbody td tfoot th thead tr ul""".split()
)
WITH_PARAGRAPHS = frozenset({"", "blockquote", "body"})  # all text directly in them is in paragraphs
MAY_HAVE_PARAGRAPHS = frozenset(  # where there are two or more
    "address article aside center dd details div figure footer header li main section td th".split()
)
MAX_DEPTH = 200  # open elements that we keep account of
ELEMENT = re.compile(r"<[^<>]*>")
ADDRESS = re.compile(r"https?://\S+")


def paragraphs(tokens: Iterable[Token], *, blocks: bool) -> str:
    """The HTML of the tokens; `blocks` says that the text was made of blocks."""
    flow = Flow(blocks=blocks)
    for token in tokens:
        flow.add(token)
    flow.flush()
    return "".join(flow.out).strip()


class Flow:
    def __init__(self, *, blocks: bool) -> None:
        self.blocks = blocks
        self.out: list[str] = []
        self.above: list[str] = []  # open block elements
        self.line: list[str] = []
        self.lines: list[str] = []  # of the paragraph
        self.finished: list[str] = []  # paragraphs
        self.after_break = False  # the last line ended with <br>

    def add(self, token: Token) -> None:
        lines_count = not (self.blocks and self.above)
        if token.kind == "text" and lines_count:
            self.add_text(token.source)
        elif token.kind == "block" or token.name in BLOCKS:
            self.flush()
            self.add_block(token)
        elif token.name == "br" and lines_count:
            self.end_line()
            self.after_break = True
        else:
            self.line.append(token.source)

    def add_text(self, text: str) -> None:
        first, *rest = text.split("\n")
        self.line.append(first)
        for line in rest:
            if self.after_break and not "".join(self.line).strip():
                self.line.clear()  # the line end in the source after <br>
            else:
                self.end_line()
            self.after_break = False
            self.line.append(line)

    def end_line(self) -> None:
        line = "".join(self.line).strip()
        self.line.clear()
        if video_host(line):
            self.end_paragraph()
            self.finished.append(line)
        elif line:
            self.lines.append(line)
        else:
            self.end_paragraph()

    def end_paragraph(self) -> None:
        if self.lines:
            self.finished.append("<br>\n".join(self.lines))
            self.lines.clear()

    def flush(self) -> None:
        """Write what was gathered since the last block element."""
        self.end_line()
        self.end_paragraph()
        self.after_break = False
        found, self.finished = self.finished, []
        parent = self.above[-1] if self.above else ""
        is_address = len(found) == 1 and ADDRESS.fullmatch(found[0])
        if parent in WITH_PARAGRAPHS or (parent in MAY_HAVE_PARAGRAPHS and (is_address or len(found) > 1)):
            self.out += [f"<p>{text}</p>\n" if is_visible(text) else text for text in found]
        elif found:
            self.out.append(("</p>\n<p>" if parent == "p" else "<br>\n").join(found))

    def add_block(self, token: Token) -> None:
        if token.kind == "close":
            self.close(token)
            return
        if self.above and self.above[-1] == "p":
            self.above.pop()  # a block element ends the paragraph, as in every browser
        if token.kind == "block" or token.name in VOID:
            self.out.append(f"{token.source}\n")
        else:
            self.out.append(token.source)
            if len(self.above) < MAX_DEPTH:
                self.above.append(token.name)

    def close(self, token: Token) -> None:
        if token.name not in self.above:
            return
        while self.above.pop() != token.name:
            pass
        self.out.append(f"{token.source}\n")


def is_visible(text: str) -> bool:
    return "<img" in text or bool(ELEMENT.sub("", text).strip())
