"""Which comments moderators wish to see, and in which order: read from an address, and written into one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, TextChoices
from django.http import Http404, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import Campaign, Comment, CommentQuerySet, CommentSignal, Status
from comments.signal_words import name_of
from comments.spam.rules import PREFIX
from posts.models import Language, Post

LISTED = (Status.PENDING, Status.APPROVED, Status.REJECTED, Status.SPAM)
MAX_LENGTH = 245  # characters of a typed value: the longest name
MAX_DIGITS = 18  # of a primary key, which has 63 bits
IN_FORM = ("q", "order", "language", "signal", "careful")


class Order(TextChoices):
    OLDEST = "oldest", gettext_lazy("Oldest first")
    NEWEST = "newest", gettext_lazy("Newest first")
    RISK = "risk", gettext_lazy("By risk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    status: Status = Status.PENDING
    order: Order = Order.OLDEST
    post: int | None = None  # primary key
    language: str = ""
    signal: str = ""  # its name
    proof: int | None = None  # primary key: a proven author
    name: str = ""  # as typed
    careful: bool = False  # only what may endanger people
    campaign: int | None = None  # primary key
    q: str = ""  # words to search for

    @classmethod
    def parse(cls, values: QueryDict) -> "Filters":
        """Raises Http404 for a status, an order or a key that cannot be."""
        status = known(values.get("status") or Status.PENDING, LISTED)
        return cls(
            status=status,
            order=known(values.get("order") or usual_order(status), Order),
            post=key(values.get("post", "")),
            language=known(values.get("language", ""), ("", *Language)),
            signal=typed(values.get("signal", "")),
            proof=key(values.get("proof", "")),
            name=typed(values.get("name", "")),
            careful=bool(values.get("careful")),
            campaign=key(values.get("campaign", "")),
            q=typed(values.get("q", "")),
        )

    @property
    def active(self) -> dict[str, Any]:
        """What leaves comments out, beside their status."""
        return {field: value for field, value in asdict(self).items() if value and field not in ("status", "order")}

    def parameters(self) -> dict[str, Any]:
        """What the address says: nothing of what is usual."""
        said = {} if self.status == Status.PENDING else {"status": self.status.value}
        if self.order != usual_order(self.status):
            said["order"] = self.order.value
        return said | {field: 1 if value is True else value for field, value in self.active.items()}

    def as_query(self, **changes: Any) -> str:
        """The address of the list with these changes, from its first page. In another status the order is the usual."""
        if "status" in changes:
            changes = {"order": usual_order(changes["status"])} | changes
        return f"?{urlencode(replace(self, **changes).parameters())}"

    def narrowed(self, comments: CommentQuerySet) -> CommentQuerySet:
        """By all but status and search."""
        plain = {field: value for field, value in self.active.items() if field not in ("q", "signal")}
        comments = comments.filter(**plain)
        if self.signal:
            comments = comments.filter(Exists(CommentSignal.objects.filter(comment=OuterRef("pk"), name=self.signal)))
        return comments


def usual_order(status: Status) -> Order:
    """Who has waited longest, or what was decided last."""
    return Order.OLDEST if status == Status.PENDING else Order.NEWEST


def known(value: Any, choices: Any) -> Any:
    """The one of the choices that it is. Raises Http404."""
    try:
        return next(choice for choice in choices if choice == value)
    except StopIteration as error:
        raise Http404 from error


def key(value: str) -> int | None:
    """Raises Http404 for what no key is."""
    try:
        return parse_key(value) if value else None
    except ValueError as error:
        raise Http404 from error


def parse_key(value: str) -> int:
    """Raises ValueError for what no key is: one that no database holds, too."""
    if not (value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS):
        raise ValueError(value)
    return int(value)


def typed(value: str) -> str:
    return value.replace("\0", "").strip()[:MAX_LENGTH]


class Chip(NamedTuple):
    """An active filter in words, and the address without it."""

    label: str
    without: str


def chips(filters: Filters, rules: Mapping[int, str]) -> list[Chip]:
    return [Chip(in_words(field, value, rules), without(filters, field)) for field, value in filters.active.items()]


def without(filters: Filters, field: str) -> str:
    return filters.as_query(**{field: getattr(Filters(), field)})


def in_words(field: str, value: Any, rules: Mapping[int, str]) -> str:
    match field:
        case "post":
            return Post.objects.filter(pk=value).values_list("title", flat=True).first() or f"#{value}"
        case "language":
            return str(Language(value).label)
        case "signal":
            return dict(signal_labels([value], rules))[value]
        case "proof":
            return _("One proven author")
        case "name":
            return _("Name: %(name)s") % {"name": value}
        case "careful":
            return _("Needs a careful eye")
        case "campaign":
            return _("Campaign: %(what)s") % {"what": Campaign.objects.filter(pk=value).first() or f"#{value}"}
    return f"“{value}”"


def form_context(filters: Filters, shown: Iterable[Comment], rules: Mapping[int, str]) -> dict[str, Any]:
    """What templates/admin/comments/_filters.html shows. `rules`: what they look for, by their keys.

    At most two queries: for the names of a post and a campaign that are filters.
    """
    return {
        "filters": filters,
        "hidden": [(field, value) for field, value in filters.parameters().items() if field not in IN_FORM],
        "orders": Order.choices,
        "languages": Language.choices,
        "signals": offered_signals(filters, shown, rules),
        "chips": chips(filters, rules),
        "all": Filters(status=filters.status, order=filters.order).as_query(),
    }


def offered_signals(filters: Filters, shown: Iterable[Comment], rules: Mapping[int, str]) -> list[tuple[str, str]]:
    """Names and labels of the signals of the comments that are shown, and of the one that is chosen."""
    found = {signal.name for comment in shown for signal in comment.signals.all()}
    return sorted(signal_labels({*found, filters.signal} - {""}, rules), key=lambda offer: offer[1].casefold())


def signal_labels(names: Iterable[str], rules: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """A rule by what it looks for, any other signal by its name."""
    texts = {f"{PREFIX}{pk}": text for pk, text in rules.items()}
    for name in names:
        told = _("Rule “%(text)s”") % {"text": texts[name]} if name in texts else name_of(name)
        yield name, told
