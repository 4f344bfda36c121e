"""What the moderation of comments has come to, counted: for moderators by day, for the public by month.

Only decisions that stand are counted, not those that were undone.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone
from django.utils.timesince import timesince

from comments.models import Appeal, Comment, CommentSignal, Decision, Status

DAYS = 30  # that moderators see
MONTHS = 12  # that everybody sees
RECENT = 2000  # decided comments by which the signals are measured
MAX_WAITS = 20_000  # decisions whose waiting times are looked at, the newest


class Counts(NamedTuple):
    """Of one day or month."""

    begins: date
    received: int
    published: int
    rejected: int
    spam: int
    withdrawn: int


class Waits(NamedTuple):
    """How long comments waited until a person decided."""

    cases: int
    median: timedelta
    ninetieth: timedelta  # nine of ten waited no longer

    @property
    def half(self) -> str:
        return in_words(self.median)

    @property
    def nine_of_ten(self) -> str:
        return in_words(self.ninetieth)


def in_words(span: timedelta) -> str:
    moment = timezone.now()
    return timesince(moment - span, moment)


class SignalRecord(NamedTuple):
    """How often people decided as a signal had suggested: spam where it gave points, published where it took some."""

    name: str
    cases: int
    right: int

    @property
    def percent(self) -> float:
        return 100 * self.right / self.cases


class ModeratorRecord(NamedTuple):
    """How often others decided otherwise about the same comment later."""

    who: str
    decided: int
    overruled: int

    @property
    def percent_agreed(self) -> float:
        return 100 * (1 - self.overruled / self.decided)


def by_day(now: datetime) -> list[Counts]:
    """The last days, oldest first, today included. Two queries."""
    today = timezone.localdate(now)
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    return _counts(days, TruncDate, midnight(days[0]), None)


def by_month(now: datetime) -> list[Counts]:
    """The last months that are over, newest first. Two queries."""
    this_month = timezone.localdate(now).replace(day=1)
    months = [_months_before(this_month, number) for number in range(1, MONTHS + 1)]
    return _counts(months, TruncMonth, midnight(months[-1]), midnight(this_month))


def _months_before(month: date, number: int) -> date:
    index = month.year * 12 + month.month - 1 - number
    return date(index // 12, index % 12 + 1, 1)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def _counts(periods: Iterable[date], truncate: Any, since: datetime, until: datetime | None) -> list[Counts]:
    end = until or timezone.now() + timedelta(days=1)
    written = Comment.objects.filter(wordpress_id=None, staff=None, created_at__gte=since, created_at__lt=end)
    received = _grouped(written.annotate(period=truncate("created_at")).order_by().values_list("period"))
    decided = Decision.objects.about_readers().standing().moves().filter(made_at__gte=since, made_at__lt=end)
    moves = _grouped(decided.annotate(period=truncate("made_at")).order_by().values_list("period", "after"))
    return [Counts(period, received[period,], *(moves[period, after] for after in SHOWN)) for period in periods]


SHOWN = (Status.APPROVED, Status.REJECTED, Status.SPAM, Status.WITHDRAWN)


def _grouped(rows: Any) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for period, *rest, count in rows.annotate(count=Count("pk")):
        found[(period.date() if isinstance(period, datetime) else period, *rest)] += count
    return found


def waits(since: datetime, until: datetime | None = None) -> Waits | None:
    """Of comments that a person decided in that time; none if there were fewer than two. One query."""
    decided = (
        Decision.objects.about_readers()
        .standing()
        .filter(by__isnull=False, before=Status.PENDING, since_before__isnull=False, made_at__gte=since)
    )
    if until:
        decided = decided.filter(made_at__lt=until)
    times = decided.exclude(after=Status.PENDING).order_by("-pk").values_list("made_at", "since_before")[:MAX_WAITS]
    seconds = [(made - began).total_seconds() for made, began in times if began]
    if len(seconds) < 2:
        return None
    tenths = quantiles(seconds, n=10, method="inclusive")
    return Waits(len(seconds), timedelta(seconds=round(tenths[4])), timedelta(seconds=round(tenths[8])))


def signals() -> list[SignalRecord]:
    """By the comments that people published or marked as spam last, the most frequent first. One query."""
    recent = (
        Comment.objects.decided_by_people()
        .filter(status__in=[Status.APPROVED, Status.SPAM], scored_at__isnull=False)
        .order_by("-pk")
        .values("pk")[:RECENT]
    )
    rows = (
        CommentSignal.objects.filter(comment__in=recent)
        .exclude(points=0)
        .order_by()
        .values_list("name")
        .annotate(
            cases=Count("pk"),
            right=Count("pk", filter=Q(points__gt=0, comment__status=Status.SPAM))
            + Count("pk", filter=Q(points__lt=0, comment__status=Status.APPROVED)),
        )
    )
    return sorted((SignalRecord(*row) for row in rows), key=lambda record: (-record.cases, record.name))


def moderators(since: datetime) -> list[ModeratorRecord]:
    """Who decided how much, and how often another decided otherwise later. One query."""
    other = Decision.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"), by__isnull=False).exclude(
        by=OuterRef("by")
    )
    rows = (
        Decision.objects.about_readers()
        .filter(by__isnull=False, undoes=None, before=Status.PENDING, made_at__gte=since)
        .moves()
        .exclude(undone_by__by=F("by"))
        .annotate(overruled=Exists(other.exclude(after=OuterRef("after"))))
        .order_by()
        .values_list(f"by__{User.USERNAME_FIELD}")
        .annotate(decided=Count("pk"), otherwise=Count("pk", filter=Q(overruled=True)))
    )
    return sorted(ModeratorRecord(*row) for row in rows)


class Appeals(NamedTuple):
    made: int
    granted: int


def appeals(since: datetime, until: datetime) -> Appeals:
    """Two queries."""
    made = Appeal.objects.filter(made_at__gte=since, made_at__lt=until)
    return Appeals(made.count(), made.filter(refused_at=None, comment__status=Status.APPROVED).count())
