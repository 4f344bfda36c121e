"""Bans, holds and trust: what moderators have said beforehand about a proven author, a host or a phrase.

A ban wins over a hold, and a hold over trust. A name or an address that was merely typed has none of them.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments.models import Comment, Proof, Sanction, new_mark
from comments.policy import Outcome
from comments.spam.domains import registrable
from comments.spam.rules import MAX_TEXT, Kind, Row, Rules
from comments.spam.signals.fields import host_of
from comments.spam.submission import Link, find_links

MAX_SANCTIONS = 5000  # so that the sum of their marks fits into a column
MAX_PHRASES = 500  # of them; each is looked for in every comment
MAX_AT_ONCE = 2000  # waiting comments that are looked at, and rejected, in one transaction
MAX_HOSTS = 10  # of one comment that a moderator is offered
STRENGTH = {Sanction.Effect.BAN: 0, Sanction.Effect.HOLD: 1, Sanction.Effect.TRUST: 2}  # the lowest wins
REASONS = {  # for the log of decisions; the author is never shown them
    Sanction.Effect.BAN: "Banned",
    Sanction.Effect.HOLD: "Always held",
    Sanction.Effect.TRUST: "Trusted",
}
REMEMBERED = ("effect", "expires_at", "note", "made_by_id", "made_at", "batch", "before")


class Ruling(NamedTuple):
    """Like the policy's verdict, which it takes the place of."""

    outcome: Outcome
    reason: str


class Target(NamedTuple):
    """Whom or what a sanction is about."""

    kind: str
    proof: Proof | None = None
    text: str = ""


class Person(NamedTuple):
    """What a moderator is shown about where a comment comes from."""

    sanctions: list[Sanction]  # in force, the one that wins first
    hosts: list[str]  # that it leads to


class Said(NamedTuple):
    """What is looked at of a comment: nothing that is covered, so that nobody can try out what lies below."""

    text: str
    name: str
    website: str

    @property
    def links(self) -> tuple[Link, ...]:
        return find_links(self.text)


@dataclass(frozen=True)
class Book:
    """The sanctions as they were loaded, good until one is changed or expires."""

    mark: int
    until: datetime.datetime | None
    sanctions: dict[int, Sanction]

    @cached_property
    def by_proof(self) -> dict[int, Sanction]:
        return {one.proof_id: one for one in self.sanctions.values() if one.proof_id}

    @cached_property
    def rules(self) -> Rules | None:
        found = [row(one.pk, one) for one in self.sanctions.values() if one.text]
        return Rules(found) if found else None

    def fitting(self, comment: Comment) -> list[Sanction]:
        """The one that wins first: the strongest, and of the same strength that about the author."""
        found = [self.by_proof[comment.proof_id]] if comment.proof_id in self.by_proof else []
        if self.rules:
            found += [self.sanctions[hit.row.pk] for hit in self.rules.hits(said(comment))]
        return sorted(found, key=lambda one: STRENGTH[Sanction.Effect(one.effect)])


_book: Book | None = None


def book(*, mark: int | None = None) -> Book:
    """One small query where nothing has changed, none where the sum of the marks has just been read."""
    global _book
    if mark is None:
        mark = Sanction.objects.aggregate(mark=Coalesce(Sum("mark"), 0))["mark"]
    if _book is None or _book.mark != mark or (_book.until and _book.until <= timezone.now()):
        in_force = Sanction.objects.in_force().in_bulk()
        until = min((one.expires_at for one in in_force.values() if one.expires_at), default=None)
        _book = Book(mark, until, in_force)
    return _book


def row(pk: int, about: Sanction | Target) -> Row:
    return Row(pk, cast(Kind, about.kind), about.text, 0.0)


def said(comment: Comment) -> Said:
    return Said(comment.public_text, comment.name, comment.website)


def ruling(comment: Comment) -> Ruling | None:
    """What becomes of a judged comment instead of what the policy says; stored with it. None: as the policy says."""
    found = book().fitting(comment)
    outcome = _outcome(comment, found) if found else None
    if outcome is None:
        return None
    Comment.objects.filter(pk=comment.pk).update(outcome=outcome, counterfactual=None)
    return Ruling(outcome, reason(found[0]))


def _outcome(comment: Comment, found: Sequence[Sanction]) -> Outcome | None:
    """Trust publishes a proven author's comment, never one that must be looked at or of which not every clue is known.

    Whatever is trusted is not put into the spam folder.
    """
    if found[0].effect == Sanction.Effect.BAN:
        return Outcome.REJECTED
    if found[0].effect == Sanction.Effect.HOLD:
        return Outcome.HELD
    comment.refresh_from_db(fields=["score", "threshold", "outcome", "incomplete", "careful"])
    spammy = comment.score is None or comment.threshold is None or comment.score >= comment.threshold
    if found[0].kind == Sanction.Kind.PROOF and not (spammy or comment.incomplete or comment.careful):
        return Outcome.PUBLISHED
    return Outcome.HELD if comment.outcome == Outcome.SPAM else None


def reason(sanction: Sanction) -> str:
    whom = f"{sanction.kind} {sanction.text}" if sanction.text else "proven author"
    return f"{REASONS[Sanction.Effect(sanction.effect)]}: {whom}"


def describe(comments: Iterable[Comment], *, mark: int) -> None:
    """Note at each comment of a page what is known of its author and hosts, as `person`. One query at most."""
    known = book(mark=mark)
    for comment in comments:
        vars(comment)["person"] = Person(known.fitting(comment), hosts(comment))


def hosts(comment: Comment) -> list[str]:
    """The sites that the comment leads to, in its order."""
    named = [link.host for link in find_links(comment.public_text)] + [host_of(comment.website)]
    found = dict.fromkeys(registrable(host) for host in named if "." in host and host.isprintable())
    return [host for host in found if len(host) <= MAX_TEXT][:MAX_HOSTS]


def waiting_for(target: Target) -> list[Comment]:
    """What waits and comes from there, the newest first. Hosts and phrases are looked for in the newest that wait."""
    waiting = Comment.objects.waiting().with_titles().order_by("-pk")
    if target.proof:
        return list(waiting.filter(proof=target.proof)[:MAX_AT_ONCE])
    rules = Rules([row(0, target)])
    return [comment for comment in waiting[:MAX_AT_ONCE] if any(rules.hits(said(comment)))]


def now_on(target: Target) -> Sanction | None:
    """What holds about it now."""
    return Sanction.objects.in_force().filter(**target._asdict()).first()


@transaction.atomic
def impose(
    target: Target, effect: str, *, by: User, expires_at: datetime.datetime | None, note: str, batch: UUID
) -> Sanction:
    """Say it, in place of what was said before about the same. Taken back with all that was decided in the batch."""
    sanction, created = Sanction.objects.select_for_update().get_or_create(
        **target._asdict(), defaults={"effect": effect, "made_by": by, "batch": batch}
    )
    sanction.before = None if created else _memory(sanction)
    sanction.effect, sanction.expires_at, sanction.note, sanction.made_by = effect, expires_at, note, by
    sanction.made_at, sanction.batch, sanction.mark = timezone.now(), batch, new_mark()
    sanction.save()
    return sanction


def _memory(sanction: Sanction) -> dict[str, Any]:
    """All that `take_back` needs, as JSON can hold it: to the microsecond."""
    values = {name: getattr(sanction, name) for name in REMEMBERED}
    return {
        name: value.isoformat() if isinstance(value, datetime.datetime) else str(value) if name == "batch" else value
        for name, value in values.items()
        if value is not None
    }


@transaction.atomic
def take_back(batch: UUID) -> None:
    """Put back what held before the batch, unless something else was said since."""
    for sanction in Sanction.objects.select_for_update().filter(batch=batch):
        if sanction.before is None:
            sanction.delete()
        else:
            earlier = dict.fromkeys(REMEMBERED) | sanction.before | {"mark": new_mark()}
            Sanction.objects.filter(pk=sanction.pk).update(**earlier)


def keep(sanction: Sanction) -> None:
    """Store one that was made or changed by hand: undoing a batch does not touch it any more."""
    sanction.batch = sanction.before = None
    sanction.mark = new_mark()
    sanction.save()
