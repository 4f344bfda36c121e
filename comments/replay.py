"""What a change of rules or policy would have made of the comments that people have decided. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comments import policy, precision, rulebook
from comments.models import Comment, CommentQuerySet, Decision, Status
from comments.policy import Outcome, Policy
from comments.queue import address_of
from comments.spam import Judgement, Signal, Submission
from comments.spam.rules import Rules, is_rule

MAX_COMMENTS = 2000  # the most recently decided ones
MAX_SHOWN = 50  # comments whose verdict would be another
EXCERPT = 160  # characters
WORDS = {
    (Outcome.HELD, False): _("waits"),
    (Outcome.HELD, True): _("waits, counts as spam"),
    (Outcome.SPAM, True): _("spam folder"),
    (Outcome.PUBLISHED, False): _("published"),
}


@dataclass(frozen=True, slots=True)
class Setup:
    """All that makes a verdict of stored signals."""

    policy: Policy
    rules: Rules
    earned: frozenset[Outcome]


@dataclass(frozen=True, slots=True)
class Case:
    """A decided comment as it is judged again: its signals without those of rules, and without the policy's factors."""

    comment: Comment
    signals: tuple[Signal, ...]
    submission: Submission
    proven: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verdict upon a case: what becomes of it, and whether it counts as spam."""

    outcome: Outcome
    counts_as_spam: bool
    score: float = field(default=0.0, compare=False)

    @property
    def in_words(self) -> Any:
        return WORDS[self.outcome, self.counts_as_spam]


@dataclass(slots=True)
class Figures:
    """How "counts as spam" compares with what people decided."""

    caught: int = 0  # spam that counts as spam
    missed: int = 0  # spam that does not
    false_alarms: int = 0  # no spam that counts as spam

    def add(self, *, is_spam: bool, counts_as_spam: bool) -> None:
        self.caught += is_spam and counts_as_spam
        self.missed += is_spam and not counts_as_spam
        self.false_alarms += counts_as_spam and not is_spam

    @property
    def precision(self) -> float | None:
        return percent(self.caught, self.caught + self.false_alarms)

    @property
    def recall(self) -> float | None:
        return percent(self.caught, self.caught + self.missed)


@dataclass(frozen=True, slots=True)
class Flip:
    """A comment that would be judged otherwise."""

    comment: Comment
    excerpt: str
    before: Sentence
    after: Sentence

    @property
    def address(self) -> str:
        """Where moderators see it."""
        return address_of(self.comment)


@dataclass(slots=True)
class Replay:
    before: Figures
    after: Figures
    flips: list[Flip]  # the most recently decided, not more than are shown
    seen: int = 0
    touched: int = 0  # of those seen: they would have other points
    flipped: int = 0
    unscored: int = 0  # of those seen: imported, so that rules alone judge them
    unseen: int = 0  # decided once, but their text is gone


def setup() -> Setup:
    """What holds now."""
    now = policy.current()
    return Setup(now, rulebook.book().active, precision.earned(now))


def replay(before: Setup, after: Setup) -> Replay:
    """Judge the decided comments as it is now and as it would be. Four queries, however many comments."""
    result = Replay(Figures(), Figures(), [], unseen=unseen().count())
    for case in cases():
        was, will_be = sentence(case, before), sentence(case, after)
        is_spam = case.comment.status == Status.SPAM
        result.seen += 1
        result.touched += was.score != will_be.score
        result.unscored += case.comment.score is None
        result.before.add(is_spam=is_spam, counts_as_spam=was.counts_as_spam)
        result.after.add(is_spam=is_spam, counts_as_spam=will_be.counts_as_spam)
        if was != will_be:
            result.flipped += 1
            if len(result.flips) < MAX_SHOWN:
                excerpt = Truncator(case.comment.public_text).chars(EXCERPT)
                result.flips.append(Flip(case.comment, excerpt, was, will_be))
    return result


def sentence(case: Case, given: Setup) -> Sentence:
    """As `policy.decide` would judge, with the rules of the setup."""
    signals = (*case.signals, *given.rules(case.submission))
    unavailable = ("a source",) if case.comment.incomplete else ()
    judgement = policy.weigh(Judgement(signals, unavailable), given.policy.weights)
    outcome = policy.outcome_of(judgement, given.policy, proven=case.proven, earned=given.earned)
    return Sentence(outcome, judgement.score >= given.policy.spam_threshold, judgement.score)


def cases() -> Iterator[Case]:
    """The comments that people here or elsewhere have decided and whose text is still there, newest decision first."""
    decided = Comment.objects.decided_anywhere().exclude(body="").order_by("-status_since", "-pk")
    proven = set(decided.proven().values_list("pk", flat=True))
    for comment in decided.with_titles().prefetch_related("signals")[:MAX_COMMENTS]:
        signals = (
            Signal(signal.name, signal.points if signal.unweighted is None else signal.unweighted, signal.reason)
            for signal in comment.signals.all()
        )
        kept = tuple(signal for signal in signals if not is_rule(signal))
        submission = Submission(text=comment.public_text, name=comment.name, website=comment.website)
        yield Case(comment, kept, submission, comment.pk in proven)


def unseen() -> CommentQuerySet:
    """Decided by a person once, here or elsewhere, and erased since."""
    decided = Exists(Decision.objects.filter(comment=OuterRef("pk"), by__isnull=False))
    erased = Q(purged_at__isnull=False, body="") | Q(status=Status.WITHDRAWN)
    return Comment.objects.filter(erased, Q(decided) | Q(wordpress_id__isnull=False))


def percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
