"""Pages of comments for moderators, which cost the same however many comments there are.

An index gives the pages of one status in each order, and those of one post or language in the order of time. With any
other filter at most WINDOW comments are looked at: all that it holds, if they are no more, and then they are sorted
here; else those that come next in the order, and the page says from where to look further.
"""

import datetime
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import Http404
from django.utils.formats import number_format

from comments import search
from comments.desk import in_context
from comments.filters import LISTED, Filters, Order, parse_key
from comments.models import Comment, CommentQuerySet, CommentSignal, Status

PAGE_SIZE = 10  # comments; the next ones are fetched before they are needed
WINDOW = 1000  # comments
COUNTED = 1000  # comments; of more it is only said that they are more
MOMENT = "%Y%m%dT%H%M%S.%f"


class Place(NamedTuple):
    """Where a comment stands: what the order goes by, and its key. As text it is part of an address."""

    value: datetime.datetime | float
    pk: int

    def __str__(self) -> str:
        if isinstance(self.value, float):
            return f"{self.value!r}-{self.pk}"
        return f"{self.value.astimezone(datetime.UTC):{MOMENT}}-{self.pk}"

    @classmethod
    def parse(cls, text: str, order: Order) -> "Place":
        """Raises Http404."""
        value, _separator, pk = text.rpartition("-")
        try:
            return cls(number(value) if order == Order.RISK else moment(value), parse_key(pk))
        except ValueError as error:
            raise Http404 from error


def number(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(text)
    return value


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, MOMENT).replace(tzinfo=datetime.UTC)


def position(comment: Comment, *, pk: int | None = None) -> str:
    """The place of a comment in the orders by time."""
    return str(Place(comment.status_since, pk or comment.pk))


@dataclass(frozen=True, slots=True)
class Way:
    """Through the comments in an order, or back."""

    field: str
    falling: bool  # from the highest value to the lowest
    keys_falling: bool  # where values are the same

    def back(self) -> "Way":
        return replace(self, falling=not self.falling, keys_falling=not self.keys_falling)

    def walk(self, comments: CommentQuerySet, start: Place | None, size: int) -> list[Place]:
        """Those that come next. Two queries, so that the index need not be read again where many share a value."""
        rows = self.ordered(comments)
        if start is None:
            return [Place(*row) for row in rows[:size]]
        beyond = f"pk__{'lt' if self.keys_falling else 'gt'}"
        found = list(rows.filter(**{self.field: start.value, beyond: start.pk})[:size])
        beyond = f"{self.field}__{'lt' if self.falling else 'gt'}"
        found += rows.filter(**{beyond: start.value})[: size - len(found)]
        return [Place(*row) for row in found]

    def ordered(self, comments: CommentQuerySet) -> QuerySet:
        order = f"{'-' if self.falling else ''}{self.field}", f"{'-' if self.keys_falling else ''}pk"
        return comments.order_by(*order).values_list(self.field, "pk")

    def sort(self, places: Iterable[Place], start: Place | None) -> list[Place]:
        """The same of places that are known."""
        by_key = sorted(places, key=lambda place: place.pk, reverse=self.keys_falling)
        in_order = sorted(by_key, key=lambda place: place.value, reverse=self.falling)
        return [place for place in in_order if start is None or self.is_beyond(place, start)]

    def next_to(self, place: Place) -> Place:
        """So close behind that no comment is between them; on the way back the place itself is met again."""
        return place._replace(pk=place.pk + (-1 if self.keys_falling else 1))

    def is_beyond(self, place: Place, start: Place) -> bool:
        if place.value == start.value:
            return place.pk != start.pk and (place.pk < start.pk) == self.keys_falling
        return (place.value < start.value) == self.falling  # type: ignore[operator]  # both of one kind


WAYS = {
    Order.OLDEST: Way("status_since", falling=False, keys_falling=False),
    Order.NEWEST: Way("status_since", falling=True, keys_falling=True),
    Order.RISK: Way("risk", falling=True, keys_falling=False),
}


class Total(NamedTuple):
    """How many comments there are, or that they are more than were counted."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return f"{number_format(self.number, force_grouping=True)}{'+' if self.more else ''}"


class Elsewhere(NamedTuple):
    """Where else a search has found something, or an author has comments."""

    status: Status
    total: Total
    address: str


class Listing(NamedTuple):
    """One page. The addresses of its neighbours are places, empty where there is none."""

    comments: list[Comment]
    before: str
    after: str
    total: Total | None  # none where nothing is filtered
    elsewhere: list[Elsewhere]


class Step(NamedTuple):
    """What a page begins with. Of a part that was looked through, also the place from where to look further."""

    places: list[Place]
    is_part: bool = False
    further: Place | None = None


def list_page(filters: Filters, *, after: str = "", before: str = "") -> Listing:
    """The comments that follow, or precede, a place. Costs the same however far it is from the start.

    Where nothing is left there, because it was decided meanwhile, the first page. Raises Http404 for a malformed one.
    """
    start = Place.parse(before or after, filters.order) if before or after else None
    way = WAYS[filters.order].back() if before else WAYS[filters.order]
    source = held(filters) or Passing(filters)
    step = source.step(way, start)
    rows = step.places[:PAGE_SIZE]
    far = rows[-1] if len(step.places) > PAGE_SIZE else step.further
    if start and far is None and (before or not rows) and not step.is_part:
        return list_page(filters)
    near = (rows[0] if rows else way.next_to(start)) if start else None
    earlier, later = (far, near) if before else (near, far)
    total = source.total() if filters.active else None
    comments = load(reversed(rows) if before else rows)
    return Listing(comments, str(earlier or ""), str(later or ""), total, source.elsewhere())


def load(places: Iterable[Place]) -> list[Comment]:
    keys = [place.pk for place in places]
    found = in_context().in_bulk(keys)
    return [found[key] for key in keys if key in found]


class Passing:
    """All comments of a status, looked at as they pass in the order."""

    def __init__(self, filters: Filters) -> None:
        self.filters = filters
        self.comments = Comment.objects.filter(status=filters.status)
        self.is_indexed = not filters.active
        for field in ("post", "language"):
            if filters.order != Order.RISK and field in filters.active:
                self.comments = self.comments.filter(**{field: filters.active[field]})
                self.is_indexed = len(filters.active) == 1
                return

    def step(self, way: Way, start: Place | None) -> Step:
        if self.is_indexed:
            return Step(way.walk(self.comments, start, PAGE_SIZE + 1))
        return self.part(way, start) if start else self.first

    @cached_property
    def first(self) -> Step:
        return self.part(WAYS[self.filters.order], None)

    def part(self, way: Way, start: Place | None) -> Step:
        ahead = way.walk(self.comments, start, WINDOW + 1)
        passed = ahead[:WINDOW]
        fit = self.filters.narrowed(Comment.objects.filter(pk__in=[place.pk for place in passed]))
        keys = set(fit.values_list("pk", flat=True))
        found = [place for place in passed if place.pk in keys]
        return Step(found, is_part=True, further=passed[-1] if len(ahead) > WINDOW else None)

    def total(self) -> Total:
        if self.is_indexed:
            return counted(self.comments[: COUNTED + 1].count())
        return Total(len(self.first.places), more=self.first.further is not None)

    def elsewhere(self) -> list[Elsewhere]:
        return []


class Held:
    """All comments that a filter holds, in any status."""

    def __init__(self, filters: Filters, keys: list[int], *, more: bool = False) -> None:
        field = WAYS[filters.order].field
        self.filters = filters
        self.more = more  # than were found
        self.places: dict[str, list[Place]] = {status: [] for status in Status}
        comments = filters.narrowed(Comment.objects.filter(pk__in=keys))
        for status, value, pk in comments.values_list("status", field, "pk"):
            self.places[status].append(Place(value, pk))

    def step(self, way: Way, start: Place | None) -> Step:
        return Step(way.sort(self.places[self.filters.status], start))

    def total(self) -> Total:
        return Total(len(self.places[self.filters.status]), more=self.more)

    def elsewhere(self) -> list[Elsewhere]:
        if not (self.filters.q or self.filters.proof or self.filters.name):
            return []
        return [
            Elsewhere(status, Total(len(self.places[status]), self.more), self.filters.as_query(status=status))
            for status in LISTED
            if status != self.filters.status and self.places[status]
        ]


def held(filters: Filters) -> Held | None:
    """None where every filter holds more than WINDOW comments. Of a search the newest are taken, whatever is more."""
    if filters.q:
        found = search.newest(filters.q, WINDOW + 1)
        return Held(filters, found[:WINDOW], more=len(found) > WINDOW)
    for keys in key_lists(filters):
        found = list(keys[: WINDOW + 1])
        if len(found) <= WINDOW:
            return Held(filters, found)
    return None


def key_lists(filters: Filters) -> Iterator[QuerySet]:
    """For each filter the keys that it holds, each from an index of its own."""
    comments = Comment.objects.order_by()
    if filters.signal:
        yield CommentSignal.objects.filter(name=filters.signal).order_by("comment").values_list("comment", flat=True)
    for field in ("proof", "name", "campaign"):
        if value := filters.active.get(field):
            yield comments.filter(**{field: value}).values_list("pk", flat=True)
    in_status = ("careful", "post", "language") if filters.order == Order.RISK else ("careful",)
    for field in in_status:
        if value := filters.active.get(field):
            yield comments.filter(status=filters.status, **{field: value}).values_list("pk", flat=True)


def counted(number: int) -> Total:
    return Total(min(number, COUNTED), more=number > COUNTED)
