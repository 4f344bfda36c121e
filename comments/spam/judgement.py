"""Signals and how they are gathered: a source that fails is named as unavailable, it never stops a comment."""

import logging
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from math import fsum
from time import perf_counter, thread_time
from typing import Literal, get_args

from comments.spam.submission import Submission

logger = logging.getLogger(__name__)

MAX_POINTS = 50.0  # log-odds; no clue is more certain than e^50 to 1, so a source that says so is broken
MAX_NAME = 60  # characters
MAX_REASON = 300  # characters
MAX_SIGNALS = 50  # of one source for one comment; more is a source that does not end
MAX_SOURCE = 47  # characters of a source's name, so that "… switched off" fits the name of a signal
OUR_SIGNALS = "comments.spam.signals."  # goes without saying

# A local source cannot be interrupted, so it is measured, and being too slow once is enough. What counts is the CPU
# time of the thread, its own doing. The clock runs on with whatever else the machine does; it counts only where it must
# mean that the source waits for something, which no local source has a reason to do.
MAX_CPU = 0.2  # seconds
MAX_CLOCK = 3.0  # seconds

Field = Literal["text", "name", "website", "honeypot"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passage that a signal points at: `submission.<field>[start:end] == quote`."""

    field: Field
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, submission: object, field: Field, start: int, end: int) -> "Evidence":
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
class Answer:
    """What one source said, or why it said nothing."""

    source: str
    signals: tuple[Signal, ...] = ()
    missing: Literal["", "unavailable", "switched off", "did not finish"] = ""
    error: str = ""  # the class of what it raised
    too_slow: float | None = None  # milliseconds, where they are too many

    def gap(self) -> Signal:
        """What stands in for the signals of a source that is missing."""
        reason = f"{self.source}: {self.missing}. The comment waits, for not every clue is known."
        return Signal(gap_name(self.source, self.missing), 0.0, reason)


def gap_name(source: str, missing: str) -> str:
    return f"{source} {missing}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything the sources said, in their order."""

    signals: tuple[Signal, ...]
    unavailable: tuple[str, ...] = ()  # names of sources that raised, returned nonsense, or were not asked
    answers: tuple[Answer, ...] = field(default=(), compare=False)  # of every source

    @classmethod
    def of(cls, answers: Iterable[Answer], *, known: Iterable[Signal] = ()) -> "Judgement":
        """Put the answers together, behind the signals that are `known` already."""
        answers = tuple(answers)
        signals = (*known, *(signal for answer in answers for signal in answer.signals))
        return cls(signals, tuple(answer.source for answer in answers if answer.missing), answers)

    @property
    def gaps(self) -> tuple[Signal, ...]:
        """A signal of no points for each source that is missing, so that a moderator sees what is not known."""
        return tuple(answer.gap() for answer in self.answers if answer.missing)

    @property
    def may_become_whole(self) -> bool:
        """Whether a source gave no answer that may give one later. One that is switched off will not."""
        return any(answer.missing == "unavailable" for answer in self.answers)

    @property
    def score(self) -> float:
        return fsum(signal.points for signal in self.signals)  # exact: the same in whatever order they are added


def judge(
    submission: Submission, sources: Iterable[Source], *, off: Container[str] = (), known: Iterable[Signal] = ()
) -> Judgement:
    """Ask every source, one after the other as `sources` yields them, unless it is switched `off`.

    Nothing a source does raises here; silence is "no opinion".
    """
    return Judgement.of((_ask(source, submission, off) for source in sources), known=known)


def source_name(source: Source) -> str:
    """What moderators know it by: the end of its dotted name."""
    name: str = getattr(source, "__name__", type(source).__name__)
    return name.removeprefix(OUR_SIGNALS)[-MAX_SOURCE:]


def _ask(source: Source, submission: Submission, off: Container[str]) -> Answer:
    name = source_name(source)
    if name in off:
        return Answer(name, missing="switched off")
    cpu, clock = thread_time(), perf_counter()
    try:
        answer = Answer(name, _answer(source, submission))
    except (Exception, SystemExit) as error:  # noqa: BLE001 a scorer's fault must not lose or publish a comment
        logger.error("Spam signal source %s is unavailable: %s.", name, type(error).__name__)  # never the text
        answer = Answer(name, missing="unavailable", error=type(error).__name__)
    return replace(answer, too_slow=_too_slow(source, thread_time() - cpu, perf_counter() - clock))


def _too_slow(source: Source, cpu: float, clock: float) -> float | None:
    """Milliseconds, if they are too many; a source that says `remote = True` keeps a time limit of its own."""
    if getattr(source, "remote", False):
        return None
    seconds = cpu if cpu > MAX_CPU else clock if clock > MAX_CLOCK else 0
    return 1000 * seconds or None


def _answer(source: Source, submission: Submission) -> tuple[Signal, ...]:
    signals = tuple(islice(source(submission), MAX_SIGNALS + 1))
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
