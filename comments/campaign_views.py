"""Moderators' pages about campaigns: which there are, and all that waits of one, to be decided at once."""

from typing import NamedTuple, cast

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comments import batches, ready_made
from comments.campaigns import may_share, size_of
from comments.models import Campaign, Comment, Status, Template
from comments.moves import MAX_REASON_LENGTH
from comments.permissions import PERMISSION
from comments.queue import VIEWS, decide

SHOWN = 100  # campaigns of the list, and waiting members of one


class Waiting(NamedTuple):
    campaign: Campaign
    number: int
    example: str  # the text that has waited longest


@require_safe
@permission_required(PERMISSION, raise_exception=True)
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns of which something waits, the largest first."""
    context = {**admin.site.each_context(request), "title": _("Campaigns"), "campaigns": largest()}
    return render(request, "admin/comments/campaigns.html", context)


def largest() -> list[Waiting]:
    """Two queries."""
    members = Comment.objects.waiting().filter(campaign__isnull=False).order_by()
    named = members.values_list("campaign", "campaign__kind", "campaign__key")
    rows = list(named.annotate(number=Count("pk"), first=Min("pk")).order_by("-number", "campaign")[:SHOWN])
    examples = Comment.objects.select_related("post").in_bulk([row[-1] for row in rows])
    return [
        Waiting(Campaign(pk=pk, kind=kind, key=key), number, examples[first].public_text)
        for pk, kind, key, number, first in rows
        if first in examples
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """All that waits of one campaign, to be decided at once: ticked, but for what needs a look of its own."""
    found = get_object_or_404(Campaign, pk=pk)
    if request.method == "POST":
        return decide(request, VIEWS[Status.PENDING])
    user = cast(User, request.user)
    members = found.comments.waiting().with_titles().prefetch_related("notes__by").order_by("-status_since", "-pk")
    context = {
        **admin.site.each_context(request),
        "title": _("Campaign"),
        "is_nav_sidebar_enabled": False,  # the width is for the texts
        "campaign": found,
        "size": size_of(found),
        "members": [(comment, may_share(comment)) for comment in members[:SHOWN]],
        "actions": VIEWS[Status.PENDING].actions,
        "general_reasons": ready_made.general_reasons(Template.objects.all()),
        "max_reason_length": MAX_REASON_LENGTH,
        "last": batches.last(user),
    }
    return render(request, "admin/comments/campaign.html", context)
