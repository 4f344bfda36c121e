"""What one press of a button decides, about one comment or many: done together, told in words, undone together."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from os.path import commonprefix
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments import moderation, moves
from comments.forms import BIDI_CONTROLS
from comments.models import Comment, Decision, Status, redacted

RECENT = timedelta(days=1)  # what is older is not offered to be undone in passing
FAR_BACK = 2000  # decisions of a moderator that are looked through, however many there are
MAX_SHOWN_NAME = 40  # characters of a name in a message
AROUND = 30  # characters shown on either side of what differs
MAX_SHOWN_TEXT = 120  # characters of what differs

TAKEN_DOWN = gettext_lazy("Taken down: %(what)s.")
COVERED = gettext_lazy("Passages covered: %(what)s.")
DONE: dict[str, Any] = {
    Status.PENDING: gettext_lazy("Waits again: %(what)s."),
    Status.APPROVED: gettext_lazy("Published: %(what)s."),
    Status.REJECTED: gettext_lazy("Rejected: %(what)s."),
    Status.SPAM: gettext_lazy("Marked as spam: %(what)s."),
}


class Outcome(NamedTuple):
    done: list[int]  # the keys of the comments
    problems: dict[int, str]  # key of a comment to why nothing was done, in words


class Batch(NamedTuple):
    key: UUID
    sentence: str


def carry_out(
    after: Status, seen: Mapping[int, int], *, by: User, reason: Callable[[Comment], str] = moderation.no_reason
) -> Outcome:
    """Decide the same about all comments that still are at the revision that was seen, in one transaction.

    `seen` is from the key of a comment to its revision; `reason` may raise ModerationError.
    """
    found = Comment.objects.filter(pk__in=seen).select_related("post").order_by("pk")
    fresh = [comment for comment in found if comment.revision == seen[comment.pk]]
    results = moderation.each(fresh, after, by=by, reason=reason, batch=uuid4())
    errors: dict[int, Any] = dict.fromkeys(seen, moves.STALE)
    errors |= dict(zip((comment.pk for comment in fresh), results, strict=True))
    done = [pk for pk, result in errors.items() if isinstance(result, Decision)]
    return Outcome(done, {pk: explain(pk, error, seen=seen[pk]) for pk, error in errors.items() if pk not in done})


def undo(batch: UUID, *, by: User) -> Outcome:
    """Undo all that was decided together, as far as nothing else was decided since."""
    decided = dict(Decision.objects.standing().filter(batch=batch).values_list("comment", "revision"))
    results = moderation.undo_batch(batch, by=by)
    done = [pk for pk, result in results.items() if isinstance(result, Decision)]
    left = {pk: revision + 1 for pk, revision in decided.items() if pk not in done}
    return Outcome(
        done, {pk: explain(pk, results.get(pk, moves.STALE), seen=revision) for pk, revision in left.items()}
    )


def last(by: User) -> Batch | None:
    """What the moderator did last, of what can still be undone. One query."""
    own = Decision.objects.filter(by=by).order_by("-pk").values("pk")[:FAR_BACK]
    latest: Any = _undoable().filter(pk__in=own, made_at__gte=timezone.now() - RECENT).first()
    return Batch(latest.batch, _sentence(latest, latest.count)) if latest else None


@cache
def _undoable() -> QuerySet[Decision]:
    """Put together once, which takes longer than asking the database."""
    together = Decision.objects.filter(batch=OuterRef("batch")).order_by().values("batch").annotate(n=Count("pk"))
    since = Decision.objects.standing().filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    return (
        Decision.objects.standing()
        .filter(~Exists(since), batch__isnull=False, comment__purged_at=None)
        .exclude(after=Status.WITHDRAWN)
        .annotate(count=Subquery(together.values("n")))
        .select_related("comment")
        .only("batch", "before", "after", "comment__name")
        .order_by("-pk")
    )


def _sentence(decision: Decision, count: int) -> str:
    what = quoted(decision.comment) if count == 1 else in_number(count)
    if decision.before == decision.after:
        return COVERED % {"what": what}
    if (decision.before, decision.after) == (Status.APPROVED, Status.REJECTED):
        return TAKEN_DOWN % {"what": what}
    return str(DONE[decision.after] % {"what": what})


def undone(outcome: Outcome) -> str:
    """One sentence. One query."""
    if not outcome.done:
        return _("There is nothing left to undo.")
    [one, *more] = outcome.done
    what = in_number(len(outcome.done)) if more else quoted(Comment.objects.only("name").get(pk=one))
    return _("Undone: %(what)s.") % {"what": what}


def in_number(count: int) -> str:
    return ngettext("%(count)d comment", "%(count)d comments", count) % {"count": count}


def quoted(comment: Comment) -> str:
    """The commenter's name, apart from the direction of the text around it."""
    return f"“{isolated(Truncator(comment.name).chars(MAX_SHOWN_NAME) or f'#{comment.pk}')}”"


def isolated(text: str) -> str:
    """With nothing in it that could turn what stands around it: messages have no tags to keep it apart."""
    plain = "".join(character for character in text if character not in BIDI_CONTROLS)
    return f"\N{FIRST STRONG ISOLATE}{plain}\N{POP DIRECTIONAL ISOLATE}"


def explain(pk: int, problem: Any, *, seen: int) -> str:
    """Why nothing was done. What else was decided since the revision `seen`, and what of its text changed."""
    decisions = Prefetch("decisions", Decision.objects.select_related("by"))
    comment = Comment.objects.filter(pk=pk).select_related("post").prefetch_related(decisions).first()
    if not comment or comment.revision == seen or not comment.decisions.all():
        return str(problem)
    *_earlier, latest = comment.decisions.all()
    told = _("%(who)s: %(problem)s %(deed)s.") % {
        "who": quoted(comment),
        "problem": problem,
        "deed": latest.in_words,
    }
    return f"{told} {_change(comment, seen)}".strip()


def _change(comment: Comment, seen: int) -> str:
    """What readers would have been shown at a revision, and what they are now, where it differs."""
    earlier = next((decision for decision in comment.decisions.all() if decision.revision == seen), None)
    if comment.status == Status.WITHDRAWN or comment.purged_at or not earlier:
        return ""
    before = redacted(comment.body, earlier.redactions_before or [], language=comment.post.language)
    if before == comment.public_text:
        return ""
    return _("It now reads “%(after)s”.") % {"after": isolated(changed_passage(before, comment.public_text))}


def changed_passage(before: str, after: str) -> str:
    """What is new in a text, with some of what stands around it. What it replaced may have been covered."""
    start = len(commonprefix([before, after]))
    end = len(commonprefix([before[start:][::-1], after[start:][::-1]]))
    return _excerpt(after, start - AROUND, len(after) - end + AROUND)


def _excerpt(text: str, start: int, end: int) -> str:
    shown = Truncator(text[max(start, 0) : end]).chars(MAX_SHOWN_TEXT)
    return f"{'…' if start > 0 else ''}{shown}{'…' if end < len(text) else ''}"
