"""What a moderator has at hand for a comment: evidence, its author's earlier ones, covers, notes, ready-made words."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import campaigns, moderation, ready_made
from comments.evidence import Exhibit, clear_of, exhibit, occurrences
from comments.models import (
    Appeal,
    Comment,
    CommentQuerySet,
    Contact,
    Decision,
    Note,
    Status,
    Template,
    redacted,
)
from comments.moves import PassageError
from posts.models import Language

MAX_EARLIER = 10  # latest comments of an author that are counted
EARLIER_LISTED = 5
MAX_TITLE = 60  # characters of a post's title beside an earlier comment
FATES = {
    Status.APPROVED: gettext_lazy("%(count)d published"),
    Status.REJECTED: gettext_lazy("%(count)d rejected"),
    Status.SPAM: gettext_lazy("%(count)d spam"),
    Status.PENDING: gettext_lazy("%(count)d waiting"),
}
# One part of a query. It reads no more rows than it may return, however many comments somebody has written.
EARLIER = """
    SELECT * FROM (
        SELECT c.id, c.status, c.status_since, c.created_at, p.title AS post_title,
            CAST(%s AS bigint) AS before_id, {proven} AS proven
        FROM comments_comment c JOIN posts_post p ON p.id = c.post_id
        WHERE {same} AND c.id < %s
        ORDER BY c.id DESC LIMIT %s
    ) earlier
"""
PROVEN = EARLIER.format(proven=1, same="c.proof_id = %s")
NAMESAKES = EARLIER.format(proven=0, same="c.name = %s AND (c.proof_id IS NULL OR c.proof_id <> %s)")


class Listed(NamedTuple):
    """An earlier comment, and in words what became of it."""

    comment: Comment
    words: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of an author's latest comments before this one."""

    listed: list[Listed]
    fates: str
    is_cut: bool  # there may be more than were counted


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of a comment's history."""

    decision: Decision
    words: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A comment of the queue with all that its card shows."""

    comment: Comment
    seen: str  # ID:REVISION
    exhibit: Exhibit
    parent_text: str
    language: str  # by its name
    covered: list[str]  # passages, for those who may see them
    covers: int
    proven: Earlier | None  # by the same author, beyond doubt
    namesakes: Earlier | None  # under the same typed name, by whomever
    campaign: campaigns.Size | None  # its other members
    together: list[Comment]  # those of them that are decided with it
    notes: list[Note]
    appeal: Appeal | None
    history: list[Deed]
    reasons: list[Template]
    replies: list[Template]

    @property
    def number(self) -> int:
        """Of comments that are decided with it, itself among them."""
        return 1 + len(self.together)

    @property
    def left_waiting(self) -> int:
        """Others of the campaign that its buttons say nothing about."""
        return self.campaign.waiting - len(self.together) if self.campaign else 0


def in_context() -> CommentQuerySet:
    """Comments with all that the queue shows of them. Four queries, however many comments."""
    return _in_context().all()


@cache
def _in_context() -> CommentQuerySet:
    """Put together once, which takes longer than asking the database."""
    return (
        Comment.objects.with_titles()
        .select_related("parent", "proof", "appeal__refused_by", "claim__by")
        .defer("parent__html")
        .annotate(
            has_email=Exists(Contact.objects.filter(comment=OuterRef("pk"))),
            published_before=Subquery(published_before()),
        )
        .prefetch_related(
            "signals",
            Prefetch("decisions", Decision.objects.select_related("by")),
            Prefetch("notes", Note.objects.select_related("by")),
        )
    )


def published_before() -> QuerySet:
    """How many earlier comments of the same proven author moderators published; none rather than 0."""
    earlier = Comment.objects.filter(proof=OuterRef("proof"), pk__lt=OuterRef("pk"), status=Status.APPROVED)
    return earlier.decided_by_people().order_by().values("proof").annotate(figure=Count("pk")).values("figure")


def lay_out(
    together: Mapping[Comment, list[Comment]], templates: Sequence[Template], *, viewer: User
) -> Iterator[Card]:
    """The cards of comments that in_context has fetched, each with those that are decided with it.

    Two queries, however many comments.
    """
    comments = list(together)
    before = earlier(comments)
    others = campaigns.others(comments)
    for comment in comments:
        yield Card(
            comment=comment,
            seen=f"{comment.pk}:{comment.revision}",
            exhibit=exhibit(comment, uncovered=viewer.is_superuser),
            parent_text=text_of_parent(comment),
            language=str(Language(comment.language).label) if comment.language else "",
            covered=[comment.body[start:end] for start, end in comment.redactions or [] if viewer.is_superuser],
            covers=len(comment.redactions or []),
            proven=before.get((comment.pk, True)),
            namesakes=before.get((comment.pk, False)),
            campaign=others.get(comment.pk),
            together=together[comment],
            notes=list(comment.notes.all()),
            appeal=getattr(comment, "appeal", None),
            history=list(history(comment)),
            reasons=ready_made.offered(templates, Template.Kind.REASON, comment.post.language),
            replies=ready_made.offered(templates, Template.Kind.REPLY, comment.post.language),
        )


def text_of_parent(comment: Comment) -> str:
    """As others see it, for it is not what is decided about."""
    parent = comment.parent
    return redacted(parent.body, parent.redactions or [], language=comment.post.language) if parent else ""


# Earlier comments


def earlier(comments: Sequence[Comment]) -> dict[tuple[int, bool], Earlier]:
    """By the comment before which they came, and by whether their author is proven to be the same.

    One query, however many comments.
    """
    parts = [part for comment in comments for part in parts_about(comment)]
    if not parts:
        return {}
    sql = " UNION ALL ".join(part for part, _values in parts)
    found: dict[tuple[int, bool], list[Comment]] = defaultdict(list)
    rows: Any = Comment.objects.raw(sql, [value for _part, values in parts for value in values])
    for row in rows:
        found[row.before_id, bool(row.proven)].append(row)
    return {key: summed_up(rows) for key, rows in found.items()}


def parts_about(comment: Comment) -> Iterator[tuple[str, list[object]]]:
    """SQL with its values."""
    if comment.proof_id:
        yield PROVEN, [comment.pk, comment.proof_id, comment.pk, MAX_EARLIER]
    if comment.name:
        yield NAMESAKES, [comment.pk, comment.name, comment.proof_id or 0, comment.pk, MAX_EARLIER]


def summed_up(rows: list[Comment]) -> Earlier:
    counts = Counter(row.status for row in rows)
    fates = [str(words) % {"count": counts[status]} for status, words in FATES.items() if counts[status]]
    rows.sort(key=lambda row: -row.pk)
    return Earlier([listed(row) for row in rows[:EARLIER_LISTED]], ", ".join(fates), len(rows) == MAX_EARLIER)


def listed(row: Any) -> Listed:
    day, title = date_format(timezone.localdate(row.created_at), "SHORT_DATE_FORMAT"), row.post_title[:MAX_TITLE]
    return Listed(row, f"{Status(row.status).label}, {day}: {title}")


# History and notes


def history(comment: Comment) -> Iterator[Deed]:
    """What was decided about it, in words, the first first."""
    decisions = list(comment.decisions.all())
    undone = {decision.undoes_id for decision in decisions}
    for decision, following in zip_longest(decisions, decisions[1:]):
        covers = following.redactions_before if following else comment.redactions or comment.purged_at
        yield Deed(decision, in_words(decision, covers), decision.pk in undone)


def in_words(decision: Decision, covers: object) -> str:
    """`covers`: those that the decision left behind."""
    uncovers = decision.before == decision.after and not decision.undoes_id and decision.redactions_before
    if decision.by and uncovers and not covers:
        return _("Passages uncovered by %(who)s") % {"who": decision.by.get_username()}
    return decision.in_words


def add_note(comment: Comment, text: str, *, by: User) -> Note:
    return Note.objects.create(comment=comment, text=text, by=by)


# Covers


def cover(comment: Comment, passage: str, *, by: User) -> int:
    """Cover the passage wherever it stands, beside what is covered already. Returns how often that is.

    Raises ModerationError. What is covered is not found, so that nobody can try out what lies below.
    """
    covers = [(start, end) for start, end in comment.redactions or []]
    found = [span for span in occurrences(comment.body, passage) if clear_of(covers, *span)]
    if not found:
        raise PassageError(_("This passage is not in the text."))
    moderation.redact(comment, [*covers, *found], by=by, batch=uuid4())
    return len(found)


def reason_told(comment: Comment) -> str:
    """What the author of a rejected comment is told: what a person said, and only as long as it stands."""
    latest = comment.decisions.standing().moves().last()
    return latest.reason_told if latest and latest.by_id and latest.after == Status.REJECTED else ""
