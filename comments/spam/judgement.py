"""Signals and how they are gathered: a source that fails is named as unavailable, it never stops a comment."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal, get_args

from comments.spam.submission import Submission

logger = logging.getLogger(__name__)

MAX_POINTS = 50.0  # log-odds; no clue is more certain than e^50 to 1, so a source that says so is broken
MAX_NAME = 60  # characters
MAX_REASON = 300  # characters
MAX_SIGNALS = 50  # of one source for one comment; more is a source that does not end

Field = Literal["text", "name", "website", "honeypot"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passage that a signal points at: `submission.<field>[start:end] == quote`."""

    field: Field
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, submission: Submission, field: Field, start: int, end: int) -> "Evidence":
        return cls(field, start, end, getattr(submission, field)[start:end])


@dataclass(frozen=True, slots=True)
class Signal:
    """One clue: points above zero speak for spam, below zero against it."""

    name: str
    points: float  # log-odds; the points of all signals add up to the score
    reason: str  # one sentence for a moderator
    evidence: Evidence | None = None


Source = Callable[[Submission], Iterable[Signal]]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything the sources said, in their order."""

    signals: tuple[Signal, ...]
    unavailable: tuple[str, ...] = ()  # names of sources that raised or returned nonsense

    @property
    def score(self) -> float:
        return sum((signal.points for signal in self.signals), start=0.0)


def judge(submission: Submission, sources: Iterable[Source]) -> Judgement:
    """Ask every source. Nothing a source does raises here; silence is "no opinion"."""
    signals: list[Signal] = []
    unavailable: list[str] = []
    for source in sources:
        try:
            signals += _answer(source, submission)
        except (Exception, SystemExit) as error:  # noqa: BLE001 a scorer's fault must not lose or publish a comment
            name = getattr(source, "__name__", type(source).__name__)[-MAX_NAME:]
            logger.error("Spam signal source %s is unavailable: %s.", name, type(error).__name__)  # never the text
            unavailable.append(name)
    return Judgement(tuple(signals), tuple(unavailable))


def _answer(source: Source, submission: Submission) -> list[Signal]:
    signals = list(islice(source(submission), MAX_SIGNALS + 1))
    if len(signals) > MAX_SIGNALS or not all(_makes_sense(signal, submission) for signal in signals):
        raise ValueError
    return signals


def _makes_sense(signal: Signal, submission: Submission) -> bool:
    return (
        isinstance(signal, Signal)
        and _is_line(signal.name, MAX_NAME)
        and _is_line(signal.reason, MAX_REASON)
        and isinstance(signal.points, int | float)
        and abs(signal.points) <= MAX_POINTS  # false for NaN, too
        and (signal.evidence is None or _is_quoted(signal.evidence, submission))
    )


def _is_line(text: str, longest: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= longest and text.isprintable()


def _is_quoted(evidence: Evidence, submission: Submission) -> bool:
    return (
        evidence.field in get_args(Field)
        and 0 <= evidence.start < evidence.end == evidence.start + len(evidence.quote)
        and evidence == Evidence.of(submission, evidence.field, evidence.start, evidence.end)
    )
