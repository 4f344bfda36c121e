"""Pages of figures: the moderators' dashboard, the log of all decisions, and what the public is told."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from comments import figures, rulebook, sampling
from comments.figures import Counts
from comments.filters import key, parse_key, signal_labels
from comments.models import Comment, Decision, Status
from comments.permissions import PERMISSION, moderators
from posts import pages
from posts.models import Language

LOG_PAGE = 50  # decisions
FEW = 5  # below it the public is told "<5", so that nobody can be found behind a number
CHART_WIDTH, CHART_HEIGHT = 600, 120  # units of the drawing
MAX_QUERY = 100  # characters


class Bar(NamedTuple):
    """One part of a column, in units of the drawing, from the top left."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str


class Chart(NamedTuple):
    bars: list[Bar]
    top: int  # what the full height stands for
    width: int = CHART_WIDTH
    height: int = CHART_HEIGHT


KINDS: dict[str, Any] = {
    "received": pgettext_lazy("comments", "received"),
    "published": pgettext_lazy("comments", "published"),
    "rejected": pgettext_lazy("comments", "rejected"),
    "spam": pgettext_lazy("comments", "spam"),
}


def chart(days: Sequence[Counts], kinds: Iterable[str]) -> Chart:
    """A column for each day, the kinds one above the other."""
    kinds = list(kinds)
    top = max(sum(getattr(day, kind) for kind in kinds) for day in days) or 1
    step = CHART_WIDTH / len(days)
    bars = []
    for place, day in enumerate(days):
        bottom = float(CHART_HEIGHT)
        for kind in kinds:
            number = getattr(day, kind)
            height = CHART_HEIGHT * number / top
            bottom -= height
            if number:
                bars.append(Bar(place * step + 1, bottom, step - 2, height, kind, f"{day.begins}: {number}"))
    return Chart(bars, top)


@require_safe
@permission_required(PERMISSION, raise_exception=True)
def dashboard(request: HttpRequest) -> HttpResponse:
    """How the moderation goes: what waits, what came and went, how long it took, and how right all was."""
    now = timezone.now()
    since = figures.midnight(timezone.localdate(now) - timedelta(days=figures.DAYS - 1))
    days = figures.by_day(now)
    waiting = Comment.objects.waiting()
    context = {
        **admin.site.each_context(request),
        "title": _("Figures"),
        "is_nav_sidebar_enabled": False,
        "oldest": waiting.order_by("status_since").values_list("status_since", flat=True).first(),
        "days": days,
        "received": chart(days, ["received"]),
        "decided": chart(days, ["published", "rejected", "spam"]),
        "kinds": KINDS,
        "waits": figures.waits(since),
        "signals": _labelled(figures.signals()),
        "moderators": figures.moderators(since),
        "sample": sampling.estimate(),
        "one_in": sampling.ONE_IN,
        "number_of_days": figures.DAYS,
        "recent": figures.RECENT,
    }
    return render(request, "admin/comments/figures.html", context)


def _labelled(records: Sequence[figures.SignalRecord]) -> list[tuple[str, figures.SignalRecord]]:
    """With what the queue calls each signal. One query, for the names of rules."""
    labels = dict(signal_labels([record.name for record in records], rulebook.texts()))
    return [(labels[record.name], record) for record in records]


DEEDS: dict[str, tuple[Any, Q]] = {
    "published": (gettext_lazy("Published"), Q(after=Status.APPROVED, undoes=None) & ~Q(before=Status.APPROVED)),
    "rejected": (gettext_lazy("Rejected"), Q(after=Status.REJECTED, undoes=None) & ~Q(before=Status.REJECTED)),
    "spam": (gettext_lazy("Spam"), Q(after=Status.SPAM, undoes=None) & ~Q(before=Status.SPAM)),
    "restored": (gettext_lazy("Restored"), Q(after=Status.PENDING, undoes=None) & ~Q(before=Status.PENDING)),
    "withdrawn": (gettext_lazy("Withdrawn"), Q(after=Status.WITHDRAWN, undoes=None)),
    "undone": (gettext_lazy("Undone"), Q(undoes__isnull=False)),
}


@require_safe
@permission_required(PERMISSION, raise_exception=True)
def log(request: HttpRequest) -> HttpResponse:
    """All decisions, the newest first."""
    found = list(_chosen(request)[: LOG_PAGE + 1])
    context = {
        **admin.site.each_context(request),
        "title": _("Log of decisions"),
        "is_nav_sidebar_enabled": False,
        "decisions": found[:LOG_PAGE],
        "older": found[LOG_PAGE - 1].pk if len(found) > LOG_PAGE else None,
        "people": moderators(),
        "deeds": {name: label for name, (label, _condition) in DEEDS.items()},
        "max_query": MAX_QUERY,
    }
    return render(request, "admin/comments/log.html", context)


def _chosen(request: HttpRequest) -> QuerySet[Decision]:
    """What the page's form asks for. Raises Http404 for what it cannot have asked for."""
    by, deed, before = (request.GET.get(name, "") for name in ("by", "deed", "before"))
    words = request.GET.get("q", "").replace("\0", "").strip()[:MAX_QUERY]
    if deed and deed not in DEEDS:
        raise Http404
    chosen = Decision.objects.select_related("by", "comment__post").order_by("-pk")
    chosen = chosen.defer("comment__body", "comment__html", "comment__post__body", "comment__post__html")
    if deed:
        chosen = chosen.filter(DEEDS[deed][1])
    if by:
        chosen = chosen.filter(by=None) if by == "policy" else chosen.filter(by=key(by))
    if before:
        chosen = chosen.filter(pk__lt=key(before))
    with suppress(ValueError):
        return chosen.filter(comment=parse_key(words.removeprefix("#")))
    return chosen.filter(Q(reason__icontains=words) | Q(comment__name__icontains=words)) if words else chosen


@require_safe
def transparency(request: HttpRequest, language: str) -> HttpResponse:
    """What became of readers' comments, by month, for everybody. Made anew every day; months that are over only."""
    if language not in Language:
        raise Http404
    today = timezone.localdate()

    def build() -> pages.Body:
        now = timezone.now()
        months = [_month(counts) for counts in figures.by_month(now)]
        context = {"months": months, "few": FEW, "canonical": request.path, "languages": Language}
        return pages.render("comments/transparency.html", context, language=language)

    return pages.respond(request, build, today)


def _month(counts: Counts) -> dict[str, Any]:
    since = figures.midnight(counts.begins)
    until = figures.midnight((counts.begins + timedelta(days=31)).replace(day=1))
    waits = figures.waits(since, until)
    appeals = figures.appeals(since, until)
    return {
        "begins": counts.begins,
        "numbers": [_shown(number) for number in (*counts[1:], *appeals)],
        "half": waits.half if waits and waits.cases >= FEW else "",
    }


def _shown(number: int) -> str:
    """None is none, and a few are not told apart."""
    return f"<{FEW}" if 0 < number < FEW else str(number)
