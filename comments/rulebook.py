"""The moderators' rules: kept in the database, and ready for use in this process."""

import datetime
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments.models import Rule, new_mark
from comments.spam import Signal, Submission
from comments.spam.rules import Kind, Row, Rules

logger = logging.getLogger(__name__)

MAX_RULES = 500
MAX_PATTERNS = 50  # of them; each costs more than a word


@dataclass(frozen=True, slots=True)
class Book:
    """The rules as they were loaded, good until one is changed or expires."""

    mark: int
    until: datetime.datetime | None
    active: Rules
    shadow: Rules


_book: Book | None = None
_texts: tuple[int, Mapping[int, str]] | None = None


def rules(submission: Submission) -> Iterator[Signal]:
    """The source of signals. One small query where no rule has changed."""
    return book().active(submission)


def fitting(submission: Submission) -> list[int]:
    """Primary keys of the rules that fit, in shadow or in earnest. Counting must not stop a comment: nothing raises.

    No query where none fits. Where one does, it is looked up whether it has changed since the source `rules` was asked.
    """
    try:
        return _hits(book(), submission) if _book is None or _hits(_book, submission) else []
    except Exception as error:  # noqa: BLE001 the source `rules` fails as well, and that holds the comment
        logger.error("Hits of rules are not counted: %s.", type(error).__name__)
        return []


def _hits(found: Book, submission: Submission) -> list[int]:
    return [hit.row.pk for kept in (found.active, found.shadow) for hit in kept.hits(submission)]


def book() -> Book:
    """Loaded again when the sum of the rules' marks is another."""
    global _book
    mark, now = marks(), timezone.now()
    if _book is None or _book.mark != mark or (_book.until and _book.until <= now):
        _book = _load(mark, now)
    return _book


def _load(mark: int, now: datetime.datetime) -> Book:
    valid = list(in_force(now).exclude(state=Rule.State.OFF))
    return Book(
        mark,
        min((rule.expires_at for rule in valid if rule.expires_at), default=None),
        Rules(rows(rule for rule in valid if rule.state == Rule.State.ACTIVE)),
        Rules(rows(rule for rule in valid if rule.state == Rule.State.SHADOW)),
    )


def marks() -> int:
    """Their sum: another when a rule was added, changed or deleted. One small query."""
    return int(Rule.objects.aggregate(mark=Coalesce(Sum("mark"), 0))["mark"])


def texts(*, mark: int | None = None) -> Mapping[int, str]:
    """What each rule looks for, by its key. No query if the sum of their marks was just read, and is as before."""
    global _texts
    mark = marks() if mark is None else mark
    if _texts is None or _texts[0] != mark:
        _texts = mark, dict(Rule.objects.values_list("pk", "text"))
    return _texts[1]


def in_force(now: datetime.datetime) -> QuerySet[Rule]:
    """Those that have not expired."""
    return Rule.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now)).order_by("pk")


def rows(kept: Iterable[Rule]) -> list[Row]:
    return [Row(rule.pk, cast(Kind, rule.kind), rule.text, rule.points) for rule in kept]


@transaction.atomic
def keep(rule: Rule) -> None:
    """Store a rule, new or changed. Hits of what it looked for before are not counted any more."""
    before = Rule.objects.filter(pk=rule.pk).values_list("kind", "text").first()
    rule.mark = new_mark()
    rule.save()
    if before and before != (rule.kind, rule.text):
        rule.hits.all().delete()
