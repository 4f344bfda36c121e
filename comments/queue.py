"""The moderators' side: comments in one status at a time, each in its context, and the decisions about them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from comments import health, moderation, moves
from comments.listing import list_page, position
from comments.models import Comment, Decision, Status

PERMISSION = "comments.moderate_comment"
MAX_SHOWN_NAME = 40  # characters of a name in a message


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
    counts = Comment.objects.counts()
    context = {
        **admin.site.each_context(request),
        "title": _("Comments"),
        "is_nav_sidebar_enabled": False,  # the width is for the texts
        "view": view,
        "tabs": [(tab, counts[tab.status]) for tab in VIEWS.values()],
        "waiting_comments": counts[Status.PENDING],
        "listing": listing,
        "cards": zip_longest(listing.comments, listing.comments[1:]),
        "max_reason_length": moves.MAX_REASON_LENGTH,
    }
    return render(request, "admin/comments/queue.html", context)


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
    by, reason = cast(User, request.user), request.POST.get("reason", "").replace("\0", "").strip()
    done = 0
    for pk, revision in chosen:
        try:
            action.decide(moderation.as_seen(pk, revision), by=by, reason=reason)
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
