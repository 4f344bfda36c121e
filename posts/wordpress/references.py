"""Ampersands: character references and entities in what WordPress writes, made such that XML knows them."""

import re
from collections import Counter
from html import unescape
from html.entities import html5
from xml.sax.saxutils import escape

# An ampersand that is not one of the five entities of XML, with what it may stand for.
REFERENCE = re.compile(
    "&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));|([A-Za-z][A-Za-z0-9]{1,31};))?"
)
# Code points that XML takes, without those that people wrote in another encoding (&#146; is meant as ’).
ALLOWED = ((9, 10), (13, 13), (0x20, 0x7F), (0xA0, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))


def repair_references(text: str, repaired: Counter[str]) -> str:
    """The text with HTML's entities as characters, and every other bare ampersand escaped."""

    def repair(found: re.Match[str]) -> str:
        hexadecimal, decimal, entity = found.groups()
        if hexadecimal or decimal:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            if any(first <= code <= last for first, last in ALLOWED):
                return found[0]
            repaired["characters that XML forbids"] += 1
            return escape(unescape(found[0]).replace("\f", ""))  # which HTML knows and XML does not
        if entity in html5:
            repaired["entities that XML does not know"] += 1
            return escape(html5[entity])
        repaired["bare &"] += 1
        return "&amp;" + found[0][1:]

    return REFERENCE.sub(repair, text) if "&" in text else text
