"""Moderators' rules as a source of signals, made of plain rows. Literal, or through a linear-time engine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Protocol

import re2

from comments.spam.judgement import MAX_SIGNALS, Evidence, Field, Signal
from comments.spam.literals import find_literal, lower
from comments.spam.submission import Link, Submission, find_links

Kind = Literal["word", "phrase", "host", "pattern"]

PREFIX = "rule_"
FIELDS: tuple[Field, ...] = ("text", "name", "website")
MAX_TEXT = 200  # characters of what a rule looks for
MAX_MEMORY = 1 << 19  # bytes that the engine may use for a pattern
MAX_PROGRAM = 300  # steps of a compiled pattern; below it 10,000 characters took under 10 ms of any pattern we tried
MAX_HOST = 253  # characters; no name on the Internet is longer
SPACES = dict.fromkeys(map(ord, "\t\n\v\f\r\x85\xa0\u2003\u2009\u202f\u3000"), " ")


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as plain data."""

    pk: int
    kind: Kind
    text: str
    points: float


class Passages(Protocol):
    """What rules look at of a submission."""

    @property
    def text(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def website(self) -> str: ...
    @property
    def links(self) -> tuple[Link, ...]: ...


class Hit(NamedTuple):
    row: Row
    evidence: Evidence


class PatternError(ValueError):
    """A pattern that no rule may have."""


class PatternSyntaxError(PatternError):
    """The engine does not understand it; look-around and back-references are not linear."""


class PatternTooLargeError(PatternError):
    """It would take too long, or is longer than a rule may be."""


class PatternFitsNothingError(PatternError):
    """It fits an empty text, so it fits every comment."""


class Rules:
    """Gives one signal for each rule that fits. Raises PatternError where a row has a pattern that none may have."""

    __name__ = "rules"

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self._literals = [(row, lower(row.text)) for row in rows if row.kind in {"word", "phrase"}]
        self._hosts = {_ascii(row.text): row for row in rows if row.kind == "host"}
        self._patterns = [(row, compile_pattern(row.text)) for row in rows if row.kind == "pattern"]

    def __call__(self, submission: Submission) -> Iterator[Signal]:
        """The heaviest first, and no more than a source may give."""
        hits = sorted(self.hits(submission), key=lambda hit: (-abs(hit.row.points), hit.row.pk))
        for row, evidence in hits[:MAX_SIGNALS]:
            yield Signal(f"{PREFIX}{row.pk}", row.points, f"Your rule “{row.text}” fits.", evidence)

    def hits(self, submission: Passages) -> Iterator[Hit]:
        """Every rule that fits, once."""
        yield from self._literal_hits(submission)
        yield from self._host_hits(submission)
        yield from self._pattern_hits(submission)

    def _literal_hits(self, submission: Passages) -> Iterator[Hit]:
        texts = _texts(submission) if self._literals else []
        lowered = [(field, lower(text).translate(SPACES)) for field, text in texts]
        for row, wanted in self._literals:
            for field, text in lowered:
                if found := find_literal(wanted, text):
                    yield Hit(row, Evidence.of(submission, field, *found))
                    break

    def _host_hits(self, submission: Passages) -> Iterator[Hit]:
        left = dict(self._hosts)
        for field, text in _texts(submission) if left else []:
            for link in submission.links if field == "text" else find_links(text):
                for domain in _domains(link.host):
                    if row := left.pop(domain, None):
                        yield Hit(row, Evidence.of(submission, field, link.start, link.end))

    def _pattern_hits(self, submission: Passages) -> Iterator[Hit]:
        texts = _texts(submission) if self._patterns else []
        encodable = [(field, text.encode(errors="replace").decode()) for field, text in texts]  # as long as before
        for row, pattern in self._patterns:
            for field, text in encodable:
                match = pattern.search(text)
                if match and match.start() < match.end():
                    yield Hit(row, Evidence.of(submission, field, *match.span()))
                    break


def is_rule(signal: Signal) -> bool:
    return signal.name.startswith(PREFIX)


@lru_cache(maxsize=128)
def compile_pattern(text: str) -> Any:
    """For google-re2, upper and lower case alike. Raises PatternError."""
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    if len(text) > MAX_TEXT:
        raise PatternTooLargeError
    try:
        pattern = re2.compile(text, options)
    except UnicodeEncodeError as error:
        raise PatternSyntaxError from error
    except re2.error as error:
        raise (PatternTooLargeError if "too large" in str(error) else PatternSyntaxError) from error
    if not 0 <= pattern.programsize <= MAX_PROGRAM or not 0 <= pattern.reverseprogramsize <= MAX_PROGRAM:
        raise PatternTooLargeError
    if pattern.search(""):
        raise PatternFitsNothingError
    return pattern


def _texts(submission: Passages) -> list[tuple[Field, str]]:
    return [(field, text) for field in FIELDS if (text := getattr(submission, field))]


def _domains(host: str) -> Iterator[str]:
    """example.com of www.example.com, label by label."""
    domain = _ascii(host[-MAX_HOST:])
    while domain:
        yield domain
        domain = domain.partition(".")[2]


def _ascii(host: str) -> str:
    """As the name system writes it, so that an address in another script is known in either spelling."""
    host = host.lower().strip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
