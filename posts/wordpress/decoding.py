"""The bytes of a WordPress export as text: the encoding that they really are in, without what XML forbids."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK = 64 * 1024  # bytes read at once
DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
# Encodings that are declared but not meant: every browser reads them as their Windows variants.
MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
}
# Bytes that are not UTF-8 (Python decodes them to these lone surrogates), and characters that XML forbids.
ANY_BROKEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # much faster than the next one
BROKEN = re.compile("([\udc80-\udcff]+)|[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udc7f\udd00-\udfff]+")
NOT_UTF8 = re.compile("[\udc80-\udcff]+")
STRAY = re.compile("(?<![^\0-\x7f])[\udc80-\udcff](?![^\0-\x7f])")  # alone between ASCII
FEW = 20  # bytes that are repaired in any case
CUT_CHARACTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


FOREIGN = (
    "Most of the text is not UTF-8: please name its encoding in the first line of the file, "
    'as in <?xml version="1.0" encoding="EUC-KR"?>.'
)


class WxrError(ValueError):
    """The file cannot be read as a WordPress export. The message is one sentence for the person who runs the import."""


def read_text(path: Path, repaired: Counter[str]) -> Iterator[str]:
    """The file's text in pieces, in constant memory; what had to be repaired is counted. Raises WxrError."""
    try:
        if not path.is_file():
            raise WxrError(f"{path} is not a file." if path.exists() else f"There is no file {path}.")
        with path.open("rb") as file:
            encoding = find_encoding(file, repaired)
            yield from decoded(file, encoding, repaired)
    except OSError as error:
        raise WxrError(f"{path} cannot be read: {error.strerror}.") from error


def find_encoding(file: BinaryIO, repaired: Counter[str]) -> str:
    """The encoding that the bytes are in, which is not always the declared one. Reads the file once."""
    start = file.read(1024)
    if not start.strip():
        raise WxrError("The file is empty.")
    for magic, kind in PACKED.items():
        if start.startswith(magic):
            raise WxrError(f"The file is packed with {kind}; please unpack it first.")
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return encoding
    declared = DECLARED.match(start)
    encoding = usable_encoding(declared[1].decode(), repaired) if declared else "utf-8"
    if encoding != "utf-8" and is_utf8(file):
        repaired["declared encoding is wrong, the text is UTF-8"] += 1
        return "utf-8"
    return encoding


def usable_encoding(name: str, repaired: Counter[str]) -> str:
    """Python's name of a declared encoding that this text, readable as ASCII so far, can be in; else UTF-8."""
    try:
        codec = codecs.lookup(name).name
        if b"<rss".decode(codec) == "<rss" and codecs.getincrementaldecoder(codec):
            return MEANT.get(codec, codec)
    except (LookupError, UnicodeError):
        pass
    repaired["declared encoding is unknown or wrong, read as UTF-8"] += 1
    return "utf-8"


def is_utf8(file: BinaryIO) -> bool:
    """Whether the whole file is UTF-8 beyond ASCII. Other encodings do not look like it by chance."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    beyond_ascii = False
    try:
        while chunk := file.read(CHUNK):
            beyond_ascii = beyond_ascii or not chunk.isascii()
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return beyond_ascii


def decoded(file: BinaryIO, encoding: str, repaired: Counter[str]) -> Iterator[str]:
    file.seek(0)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    evidence = Evidence()
    try:
        while chunk := file.read(CHUNK):
            text = decoder.decode(chunk)
            evidence.add(text)
            yield clean(text, repaired)
        yield clean(decoder.decode(b"", final=True), repaired)
    except UnicodeError as error:
        raise WxrError(f"The file is not the {encoding} text that it says it is.") from error
    if evidence.is_foreign:
        raise WxrError(FOREIGN)


@dataclass(slots=True)
class Evidence:
    """What tells a text in another encoding, read as UTF-8, from UTF-8 with a few broken bytes."""

    characters: int = 0  # beyond ASCII
    strays: int = 0  # bytes that are not UTF-8, alone: an accent or a quotation mark in Windows-1252
    strangers: int = 0  # other bytes that are not UTF-8

    def add(self, text: str) -> None:
        if text.isascii():
            return
        strays, broken = len(STRAY.findall(text)), len(text) - len(NOT_UTF8.sub("", text))
        self.characters += len(text) - len(text.encode("ascii", "ignore")) - broken
        self.strays += strays
        self.strangers += broken - strays

    @property
    def is_foreign(self) -> bool:
        return self.strangers > max(FEW, self.characters + self.strays)


def clean(text: str, repaired: Counter[str]) -> str:
    """Without the characters that XML forbids, and with bytes that are not UTF-8 read as well as can be."""

    def repair(found: re.Match[str]) -> str:
        repaired["bytes that are not UTF-8" if found[1] else "characters that XML forbids"] += len(found[0])
        return bad_bytes(found) if found[1] else ""

    return BROKEN.sub(repair, text) if ANY_BROKEN.search(text) else text


def bad_bytes(found: re.Match[str]) -> str:
    """Windows-1252 where they stand next to ASCII, as in a file put together from two; else a character was cut."""
    raw = found[0].encode("utf-8", "surrogateescape")
    after_ascii = found.start() == 0 or found.string[found.start() - 1].isascii()
    if after_ascii and not CUT_CHARACTER.fullmatch(raw):
        return raw.decode("cp1252", "replace")
    return "\N{REPLACEMENT CHARACTER}"
