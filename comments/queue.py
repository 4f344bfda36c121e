"""The moderators' side: comments in one status at a time, each in its context, and the decisions about them."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from comments import appeals, desk, health, moderation, moves, sanctions
from comments.models import Comment, CommentQuerySet, Decision, Status

PERMISSION = "comments.moderate_comment"
PAGE_SIZE = 25  # comments
MAX_SHOWN_NAME = 40  # characters of a name in a message
MOMENT = "%Y%m%dT%H%M%S.%f"


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the queue. `done` tells how many comments it changed."""

    name: str
    label: Any
    decide: Callable[..., Decision]
    done: Any


APPROVE = Action(
    "approve",
    gettext_lazy("Approve"),
    moderation.approve,
    ngettext_lazy("%(count)d comment published.", "%(count)d comments published.", "count"),
)
REJECT = Action(
    "reject",
    gettext_lazy("Reject"),
    moderation.reject,
    ngettext_lazy("%(count)d comment rejected.", "%(count)d comments rejected.", "count"),
)
TAKE_DOWN = Action(
    "take-down",
    gettext_lazy("Take down"),
    moderation.reject,
    ngettext_lazy("%(count)d comment taken down.", "%(count)d comments taken down.", "count"),
)
SPAM = Action(
    "spam",
    gettext_lazy("Spam"),
    moderation.mark_spam,
    ngettext_lazy("%(count)d comment marked as spam.", "%(count)d comments marked as spam.", "count"),
)
RESTORE = Action(
    "restore",
    gettext_lazy("Back to waiting"),
    moderation.restore,
    ngettext_lazy("%(count)d comment waits again.", "%(count)d comments wait again.", "count"),
)


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
    view = VIEWS.get(request.GET.get("status", Status.PENDING))
    if view is None:
        raise Http404
    return decide(request, view) if request.method == "POST" else show(request, view)


def show(request: HttpRequest, view: View) -> HttpResponse:
    listing = list_page(view.status, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    sanctions.describe(listing.comments)
    counts = Comment.objects.counts()
    laid = desk.lay_out(listing.comments, viewer=cast(User, request.user))
    context = {
        **admin.site.each_context(request),
        "title": _("Comments"),
        "is_nav_sidebar_enabled": False,  # the width is for the texts
        "view": view,
        "tabs": [(tab, counts[tab.status]) for tab in VIEWS.values()],
        "waiting_comments": counts[Status.PENDING],
        "open_appeals": appeals.count_for(cast(User, request.user)),
        "listing": listing,
        "cards": zip_longest(laid.cards, laid.cards[1:]),
        "general_reasons": laid.general_reasons,
        "max_reason_length": moves.MAX_REASON_LENGTH,
    }
    return render(request, "admin/comments/queue.html", context)


class Listing(NamedTuple):
    """One page of a view. The addresses of its neighbours are positions, empty where there is none."""

    comments: list[Comment]
    before: str
    after: str


def list_page(status: Status, *, after: str = "", before: str = "") -> Listing:
    """The comments that follow, or precede, a position. Costs the same however far the position is from the start.

    Where nothing is left there, because it was decided meanwhile, the first page. Raises Http404 for a malformed one.
    """
    comments = Comment.objects.queue(status)
    ascending = status == Status.PENDING
    if before:
        comments = beyond(comments.reverse(), before, ascending=not ascending)
    elif after:
        comments = beyond(comments, after, ascending=ascending)
    found = list(comments[: PAGE_SIZE + 1])
    rows, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    if (before and not more) or (after and not rows):
        return list_page(status)
    if before:
        rows.reverse()
    return Listing(
        rows,
        before=position(rows[0]) if before or after else "",
        after=position(rows[-1]) if before or more else "",
    )


def beyond(comments: CommentQuerySet, place: str, *, ascending: bool) -> CommentQuerySet:
    """Those that come after the place in the order of (status_since, pk)."""
    moment, _separator, pk = place.rpartition("-")
    try:
        since, key = datetime.datetime.strptime(moment, MOMENT).replace(tzinfo=datetime.UTC), int(pk)
    except ValueError as error:
        raise Http404 from error
    way = "gt" if ascending else "lt"
    later = Q(**{f"status_since__{way}": since}) | Q(**{f"pk__{way}": key})
    return comments.filter(later, **{f"status_since__{way}e": since})


def position(comment: Comment, *, pk: int | None = None) -> str:
    return f"{comment.status_since.astimezone(datetime.UTC):{MOMENT}}-{pk or comment.pk}"


def address_of(comment: Comment) -> str:
    """The page of the queue that begins with a decided comment."""
    query = urlencode({"status": comment.status, "after": position(comment, pk=comment.pk + 1)})
    return f"{reverse('queue')}?{query}#comment-{comment.pk}"


def decide(request: HttpRequest, view: View) -> HttpResponse:
    """Carry out an action on the chosen comments, as far as they still are what was shown, and tell the result.

    Each is named as `ID:REVISION`, and each decision is a transaction of its own: one that fails stops no other.
    """
    try:
        action = next(action for action in view.actions if action.name == request.POST.get("action"))
        chosen = [parse_chosen(value) for value in request.POST.getlist("comment")]
    except (StopIteration, ValueError) as error:
        raise BadRequest from error
    by = cast(User, request.user)
    done = 0
    for pk, revision in chosen:
        try:
            comment = moderation.as_seen(pk, revision)
            action.decide(comment, by=by, reason=desk.reason_from(request.POST, comment))
            done += 1
        except moves.ModerationError as error:
            messages.warning(request, explain(pk, error))
    if done:
        messages.success(request, action.done % {"count": done})
    if not chosen:
        messages.warning(request, _("Please tick at least one comment."))
    return redirect(request.get_full_path())


def parse_chosen(value: str) -> tuple[int, int]:
    """`ID:REVISION`. Raises ValueError."""
    pk, revision = value.split(":")
    return int(pk), int(revision)


def explain(pk: int, error: moves.ModerationError) -> str:
    """Why nothing was done, and what became of the comment instead."""
    comment = Comment.objects.filter(pk=pk).first()
    latest = comment and comment.decisions.select_related("by").last()
    if not comment or not latest:
        return str(error)
    name = Truncator(comment.name).chars(MAX_SHOWN_NAME) or f"#{pk}"
    isolated = f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"
    return _("“%(name)s”: %(problem)s %(deed)s.") % {"name": isolated, "problem": error, "deed": latest.in_words}


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def switch_on(request: HttpRequest) -> HttpResponse:
    """Use a source of signals again that was switched off: a moderator has looked."""
    source = request.POST.get("source", "").replace("\0", "")
    if health.switch_on(source):
        messages.success(request, _("%(source)s is asked again.") % {"source": source})
    return redirect("queue")
