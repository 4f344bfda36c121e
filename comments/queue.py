"""The moderators' side: comments in one status at a time, each in its context, and the decisions about them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from comments import batches, campaigns, claims, desk, health, ready_made, rulebook, sanctions
from comments.filters import Filters, form_context, parse_key
from comments.listing import Listing, list_page, position
from comments.models import Comment, Moderator, Status, Template
from comments.moves import MAX_REASON_LENGTH
from comments.permissions import PERMISSION
from comments.tallies import capped, tallies

MOST_AT_ONCE = 50  # comments that are fetched one by one
MAX_EXCERPT = 80  # characters of a comment in the list of neighbours


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the queue."""

    name: str
    label: Any
    after: Status


APPROVE = Action("approve", gettext_lazy("Approve"), Status.APPROVED)
REJECT = Action("reject", gettext_lazy("Reject"), Status.REJECTED)
TAKE_DOWN = Action("take-down", gettext_lazy("Take down"), Status.REJECTED)
SPAM = Action("spam", gettext_lazy("Spam"), Status.SPAM)
RESTORE = Action("restore", gettext_lazy("Back to waiting"), Status.PENDING)


@dataclass(frozen=True, slots=True)
class View:
    """The comments in one status and what can be done with them, the usual decision first."""

    status: Status
    title: Any
    actions: tuple[Action, ...]
    empty: Any


VIEWS: dict[str, View] = {
    view.status: view
    for view in (
        View(
            Status.PENDING,
            gettext_lazy("Waiting"),
            (APPROVE, REJECT, SPAM),
            gettext_lazy("Nothing waits: every comment has been decided."),
        ),
        View(
            Status.APPROVED,
            gettext_lazy("Published"),
            (TAKE_DOWN, SPAM),
            gettext_lazy("No comment has been published yet."),
        ),
        View(
            Status.REJECTED,
            gettext_lazy("Rejected"),
            (APPROVE, RESTORE, SPAM),
            gettext_lazy("No comment is rejected."),
        ),
        View(
            Status.SPAM,
            gettext_lazy("Spam"),
            (APPROVE, RESTORE, REJECT),
            gettext_lazy("The spam folder is empty."),
        ),
    )
}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def queue(request: HttpRequest) -> HttpResponse:
    """The queue at /admin/comments/queue/. A GET changes nothing."""
    filters = Filters.parse(request.GET)
    view = VIEWS[filters.status]
    return decide(request, view) if request.method == "POST" else show(request, view, filters)


def show(request: HttpRequest, view: View, filters: Filters) -> HttpResponse:
    user = cast(User, request.user)
    listing = listed(request, filters)
    counts, sanctions_mark, rules_mark = tallies()
    sanctions.describe(listing.comments, mark=sanctions_mark)
    alone = dict[Comment, list[Comment]]((comment, []) for comment in listing.comments)
    together = alone if filters.campaign else campaigns.together(listing.comments)
    templates = list(Template.objects.all())
    cards = list(desk.lay_out(together, templates, viewer=user))
    context = {
        **admin.site.each_context(request),
        "title": _("Comments"),
        "is_nav_sidebar_enabled": False,  # the width is for the texts
        "view": view,
        "tabs": [(tab, counts[tab.status]) for tab in VIEWS.values()],
        "waiting_comments": counts[Status.PENDING],
        "open_appeals": counts["appeals"],
        "source_troubles": health.troubles() if counts["troubles"] else [],
        "listing": listing,
        **form_context(filters, listing.comments, rulebook.texts(mark=rules_mark)),
        "here": here(request),
        "cards": list(in_turn(cards)),
        "general_reasons": ready_made.general_reasons(templates),
        "max_reason_length": MAX_REASON_LENGTH,
        "actions": [(action.name, str(action.label)) for action in view.actions],
        "neighbours": neighbours(cards, but=user),
        "last": batches.last(user),
        "keys": user.moderator.keys if hasattr(user, "moderator") else Moderator.Keys.TUMEN,
    }
    return render(request, "admin/comments/queue.html", context)


def listed(request: HttpRequest, filters: Filters) -> Listing:
    """A page of the view, or those of its comments that the address names one by one. Raises Http404."""
    if "only" not in request.GET:
        return list_page(filters, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    try:
        only = [parse_key(pk) for pk in request.GET["only"].split(",")][:MOST_AT_ONCE]
    except ValueError as error:
        raise Http404 from error
    found = desk.in_context().filter(status=filters.status).in_bulk(only)
    return Listing([found[pk] for pk in only if pk in found], before="", after="", total=None, elsewhere=[])


def here(request: HttpRequest) -> str:
    """The address of the page that shows the comments, also where they were fetched one by one."""
    query = request.GET.copy()
    query.pop("only", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


class Turn(NamedTuple):
    """A card, what its templates look up most, and the key of the comment that follows, or its own where none does."""

    card: desk.Card
    comment: Comment
    pk: int
    seen: str
    following: int


def in_turn(cards: Sequence[desk.Card]) -> Iterator[Turn]:
    for card, following in zip_longest(cards, cards[1:]):
        yield Turn(card, card.comment, card.comment.pk, card.seen, (following or card).comment.pk)


class Neighbour(NamedTuple):
    """A comment in the list beside the cards."""

    pk: int
    comment: Comment
    others: int  # that are decided with it
    excerpt: str
    age: str
    looking: str  # who else looks at it


def neighbours(cards: Iterable[desk.Card], *, but: User) -> list[Neighbour]:
    return [
        Neighbour(
            card.comment.pk,
            card.comment,
            others=len(card.together),
            excerpt=card.comment.public_text[: 2 * MAX_EXCERPT],
            age=timesince(card.comment.status_since, depth=1),
            looking=claims.in_words(getattr(card.comment, "claim", None), but=but),
        )
        for card in cards
    ]


def address_of(comment: Comment) -> str:
    """The page of the queue that begins with a decided comment."""
    query = urlencode({"status": comment.status, "after": position(comment, pk=comment.pk + 1)})
    return f"{reverse('queue')}?{query}#comment-{comment.pk}"


def decide(request: HttpRequest, view: View) -> HttpResponse:
    """Carry out an action on the chosen comments, as far as they still are what was shown, and tell the result.

    Each is named as `ID:REVISION`.
    """
    try:
        action = next(action for action in view.actions if action.name == request.POST.get("action"))
        seen = dict(parse_chosen(value) for value in request.POST.getlist("comment"))
    except (StopIteration, ValueError) as error:
        raise BadRequest from error
    reason = partial(ready_made.reason_from, request.POST)
    outcome = batches.carry_out(action.after, seen, by=cast(User, request.user), reason=reason)
    if not seen:
        messages.warning(request, _("Please tick at least one comment."))
    return told(request, outcome, then=request.get_full_path())


def parse_chosen(value: str) -> tuple[int, int]:
    """`ID:REVISION`. Raises ValueError."""
    pk, revision = value.split(":")
    return parse_key(pk), int(revision)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def undo(request: HttpRequest) -> HttpResponse:
    """Undo what one press of a button decided, and go back to where it was asked."""
    try:
        batch = UUID(request.POST.get("batch", ""))
    except ValueError as error:
        raise BadRequest from error
    outcome = batches.undo(batch, by=cast(User, request.user))
    sentence = batches.undone(outcome)
    if not wants_json(request):
        messages.success(request, sentence)
    anchor = f"#comment-{outcome.done[0]}" if outcome.done else ""
    return told(request, outcome, said=sentence, then=f"{reverse('queue')}?{request.GET.urlencode()}{anchor}")


def told(request: HttpRequest, outcome: batches.Outcome, *, then: str, said: str = "") -> HttpResponse:
    """The result, for a program at once and for a person on the page that follows, which says what was done last."""
    if not wants_json(request):
        for problem in outcome.problems.values():
            messages.warning(request, problem)
        return redirect(then)
    last = batches.last(cast(User, request.user))
    return JsonResponse(
        {
            "done": outcome.done,
            "said": said or (last.sentence if last and outcome.done else ""),
            "problems": outcome.problems,
            "last": last and last._asdict(),
            "counts": counted(),
        }
    )


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def counted() -> dict[str, str]:
    """How many comments are in each view, and what else is counted in its tabs, in words. One query."""
    return {status: capped(number) for status, number in tallies().counts.items()}


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def switch_on(request: HttpRequest) -> HttpResponse:
    """Use a source of signals again that was switched off: a moderator has looked."""
    source = request.POST.get("source", "").replace("\0", "")
    if health.switch_on(source):
        messages.success(request, _("%(source)s is asked again.") % {"source": source})
    return redirect("queue")
