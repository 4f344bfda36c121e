"""Make the markup of a WordPress export well-formed, on the way into an XML parser.

WordPress writes XML by hand, plugins write into it, and much of it is none: undeclared prefixes, bare ampersands, HTML
entities, `]]>` inside a text, HTML outside CDATA, PHP's warnings between the elements. What goes to the parser is the
document reduced to the elements that an import knows, each of them opened and closed, in namespaces of our own.
Constant memory: a piece of text is passed on as it comes, and nothing but the names of the open elements is kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from posts.wordpress.decoding import WxrError
from posts.wordpress.references import repair_references

MAX_TEXT = 8_000_000  # characters of one element
MAX_TAG = 64 * 1024  # characters
MAX_DEPTH = 1000  # open elements that we do not know

ROOT = "<rss "  # how every export begins
ITEM = "<item>"

# What may stand in what. All other elements that we know hold text only.
PARENTS = {
    "rss": "",
    "channel": "rss",
    "wp:author": "channel",
    "wp:category": "channel",
    "wp:tag": "channel",
    "item": "channel",
    "wp:postmeta": "item",
    "wp:comment": "item",
}
TEXTS = frozenset(
    """title link description language generator pubDate guid category dc:creator content:encoded excerpt:encoded
    wp:wxr_version wp:base_site_url wp:base_blog_url
    wp:author_id wp:author_login wp:author_display_name wp:author_first_name wp:author_last_name
    wp:category_nicename wp:category_parent wp:cat_name wp:category_description wp:tag_slug wp:tag_name
    wp:post_id wp:post_date wp:post_date_gmt wp:comment_status wp:post_name wp:status wp:post_parent wp:menu_order
    wp:post_type wp:post_password wp:is_sticky wp:attachment_url wp:meta_key wp:meta_value
    wp:comment_id wp:comment_author wp:comment_author_email wp:comment_author_url wp:comment_date wp:comment_date_gmt
    wp:comment_content wp:comment_approved wp:comment_type wp:comment_parent""".split()
)
PREFIXES = ("wp", "content", "excerpt", "dc")  # each is its own namespace in what the parser gets
USUAL_PREFIX = (  # by what the declared address of a namespace holds; the first that fits
    ("/excerpt", "excerpt"),
    ("wordpress.org/export", "wp"),
    ("rss/1.0/modules/content", "content"),
    ("purl.org/dc/", "dc"),
)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())

TAG = re.compile(r"<(/?)([^\W\d][\w.:-]*+)([^<>]*+)>")
BRACKET = re.compile("[<>]")
SECTIONS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
NAMESPACE = re.compile(r"""xmlns:([\w.-]+)\s*=\s*["']([^"']*)""")
DECLARATION = re.compile(r"!(?:doctype|entity|element|attlist|notation)\b", re.IGNORECASE)
CATEGORY_ATTRIBUTE = re.compile(r"""\b(domain|nicename)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
UNFINISHED = re.compile(r"(?:&[#\w]{0,32}|\]{1,2})\Z")


class Repairer:
    """A file object for an XML parser. `read` raises WxrError for what is beyond repair."""

    def __init__(self, chunks: Iterable[str], repaired: Counter[str]) -> None:
        self.repaired = repaired
        self.buffer = ""
        self.at = 0  # how far the buffer is read
        self.line = 1  # where the buffer begins in the file
        self.final = False  # no more text will come
        self.section = ""  # what ends the CDATA section, comment or instruction that we are in
        self.open: list[str] = []  # elements, from the root
        self.text = ""  # the innermost open element, if it is one that holds text
        self.had_section = False  # the element had a CDATA section already
        self.had_item = False  # the section had the beginning of an item
        self.length = 0  # characters since the last tag that we know
        self.strangers = 0  # open elements that we do not know
        self.prefixes: dict[str, str] = {}  # declared prefix: the usual one
        self.is_wordpress = self.done = False
        self.out: list[str] = []
        self.pieces = self.repair(iter(chunks))

    def read(self, size: int = -1) -> bytes:
        """The next piece, of whatever size; nothing at the end."""
        return next((piece.encode() for piece in self.pieces if piece), b"")

    def repair(self, chunks: Iterator[str]) -> Iterator[str]:
        for chunk in chunks:
            self.line += self.buffer.count("\n", 0, self.at)
            self.buffer, self.at = self.buffer[self.at :] + chunk, 0
            yield self.work()
            if self.done:
                self.refuse_another(chunks)
                return
        self.final = True
        yield self.work()
        if not self.done:
            self.refuse_the_end()

    def work(self) -> str:
        """Read on as far as the buffer goes."""
        self.out.clear()
        while self.at < len(self.buffer) and not self.done:
            goes_on = self.read_section() if self.section else self.read_markup()
            if self.length > MAX_TEXT:
                raise self.error(f"a text is longer than {MAX_TEXT // 10**6} million characters")
            if not goes_on:
                break
        return "".join(self.out)

    def read_section(self) -> bool:
        end = self.buffer.find(self.section, self.at)
        stop = end if end >= 0 else max(self.at, len(self.buffer) - len(ITEM))
        keep = self.section == "]]>" and self.text
        if keep:
            self.out.append(self.buffer[self.at : stop])
            self.had_item = self.had_item or ITEM in self.buffer[self.at : stop + len(ITEM)]
        self.length += stop - self.at
        self.at = stop
        if end < 0:
            return False
        if keep:
            self.out.append("]]>")
        self.at += len(self.section)
        self.section = ""
        return True

    def read_markup(self) -> bool:
        """Text up to the next `<`, or what begins with it. False where more of the file is needed to tell."""
        end = self.buffer.find("<", self.at)
        if end == self.at:
            return self.read_section_start() or self.read_tag()
        if end < 0:
            unfinished = None if self.final else UNFINISHED.search(self.buffer, max(self.at, len(self.buffer) - 34))
            end = unfinished.start() if unfinished else len(self.buffer)
        self.pass_text(self.buffer[self.at : end])
        self.at = end
        return end < len(self.buffer) and self.buffer[end] == "<"

    def read_section_start(self) -> bool:
        for start, end in SECTIONS.items():
            if self.buffer.startswith(start, self.at):
                self.section = end
                self.at += len(start)
                if self.text and end == "]]>":
                    self.had_section = True
                    self.out.append(start)
                return True
        return False

    def read_tag(self) -> bool:
        ahead = len(self.buffer) - self.at
        tag = TAG.match(self.buffer, self.at)
        if not tag and not self.final and (ahead < 9 or self.is_cut_tag(ahead)):
            return False
        self.at += 1
        if tag and self.use_tag(tag):
            self.at = tag.end()
        elif self.text:
            self.repaired["markup outside CDATA"] += 1
            self.out.append("&lt;")
        elif DECLARATION.match(self.buffer, self.at):
            raise self.declaration_error()
        return True

    def is_cut_tag(self, ahead: int) -> bool:
        return ahead < MAX_TAG and not BRACKET.search(self.buffer, self.at + 1)

    def use_tag(self, tag: re.Match[str]) -> bool:
        """Whether the tag is one; in an element that holds text, most are part of the text."""
        closing, name, rest = tag[1] == "/", self.usual_name(tag[2], tag[3]), tag[3]
        if self.text and not (closing and name == self.text):
            if name not in PARENTS and not (":" in name and name in TEXTS):
                self.count_stranger(name, rest, closing=closing)
                return False
            if self.had_item:  # which may have been private, and must not become part of another one's text
                raise self.error(f"<{self.text}> is not closed, or a CDATA section in it")
            self.repaired["elements that were not closed"] += 1
            self.close_text()
        if name in PARENTS:
            self.pass_container(name, rest, closing=closing)
        elif name in TEXTS and self.open:
            self.pass_text_tag(name, rest, closing=closing)
        else:
            self.count_stranger(name, rest, closing=closing)
        return True

    def usual_name(self, name: str, rest: str) -> str:
        """The name with the prefix that WordPress uses, whatever the file declares or forgets to declare."""
        for prefix, address in NAMESPACE.findall(rest):
            self.prefixes[prefix] = next((usual for part, usual in USUAL_PREFIX if part in address), prefix)
        prefix, colon, local = name.rpartition(":")
        if not colon or self.text:
            return self.prefixes.get(prefix, prefix) + colon + local
        if self.open and prefix not in self.prefixes:
            self.prefixes[prefix] = prefix
            self.repaired["namespace prefixes that are not declared"] += 1
        return self.prefixes.get(prefix, prefix) + colon + local

    def count_stranger(self, name: str, rest: str, *, closing: bool) -> None:
        """Elements that we do not know are left out, but nobody may nest a million of them."""
        if not self.open and name.lower() in {"html", "head", "body"}:
            raise WxrError("This is an HTML page, not a WordPress export.")
        if closing:
            self.strangers = max(0, self.strangers - 1)
        elif name.lower() not in VOID and not rest.endswith("/"):
            self.strangers += 1
        if self.strangers > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} elements stand inside one another")

    def pass_container(self, name: str, rest: str, *, closing: bool) -> None:
        self.length = self.strangers = 0
        self.is_wordpress = self.is_wordpress or name.startswith("wp:")
        if closing:
            self.close_container(name)
        elif (self.open[-1] if self.open else "") != PARENTS[name]:
            raise self.error(f"<{name}> stands inside <{self.open[-1]}>" if self.open else f"<{name}> comes first")
        else:
            namespaces = "".join(f' xmlns:{prefix}="{prefix}"' for prefix in PREFIXES) if name == "rss" else ""
            self.out.append(f"<{name}{namespaces}>")
            self.open.append(name)
            if rest.endswith("/"):
                self.close_container(name)

    def close_container(self, name: str) -> None:
        if name not in self.open:
            self.repaired["end tags without a start"] += 1
            return
        if self.open[-1] != name:
            raise self.error(f"<{self.open[-1]}> is not closed")
        self.out.append(f"</{self.open.pop()}>")
        if not self.open:
            self.done = True
            if not self.is_wordpress:
                raise WxrError("This is an RSS feed, not a WordPress export.")

    def pass_text_tag(self, name: str, rest: str, *, closing: bool) -> None:
        self.length = self.strangers = 0
        self.is_wordpress = self.is_wordpress or name.startswith("wp:")
        if closing and not self.text:
            self.repaired["end tags without a start"] += 1
        elif closing:
            self.close_text()
        else:
            self.out.append(f"<{name}{self.attributes(rest) if name == 'category' else ''}>")
            self.text, self.had_section, self.had_item = name, False, False
            if rest.endswith("/"):
                self.close_text()

    def close_text(self) -> None:
        self.out.append(f"</{self.text}>")
        self.text = ""

    def attributes(self, rest: str) -> str:
        values = {name: double or single for name, double, single in CATEGORY_ATTRIBUTE.findall(rest)}
        written = {
            name: repair_references(value, self.repaired).replace('"', "&quot;") for name, value in values.items()
        }
        return "".join(f' {name}="{value}"' for name, value in written.items())

    def pass_text(self, text: str) -> None:
        self.length += len(text)
        if not self.text:
            return
        if "]]>" in text:
            self.repaired["]]> inside a text"] += 1
            text = text.replace("]]>", "" if self.had_section else "]]&gt;")
        self.out.append(repair_references(text, self.repaired))

    def declaration_error(self) -> WxrError:
        if self.buffer[self.at : self.at + 13].lower() == "!doctype html":
            return WxrError("This is an HTML page, not a WordPress export.")
        return self.error("there is a document type or an entity, which no WordPress export declares")

    def error(self, problem: str) -> WxrError:
        line = self.line + self.buffer.count("\n", 0, self.at)
        return WxrError(f"The file cannot be read: in line {line}, {problem}.")

    def refuse_another(self, chunks: Iterator[str]) -> None:
        """After the end there may be remarks of a cache or of PHP. What stands in a second export would be lost."""
        rest = ""
        for chunk in chain([self.buffer[self.at :]], chunks):
            rest = rest[-len(ROOT) :] + chunk
            if ROOT in rest:
                raise WxrError("The file holds more than one export; please import each in a file of its own.")

    def refuse_the_end(self) -> None:
        if not self.open:
            raise WxrError("This is not a WordPress export: it has no <rss> element.")
        raise WxrError(f"The file was cut short: it ends inside <{self.text or self.open[-1]}>.")
