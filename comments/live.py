"""What goes on between moderators who have the queue open: who looks at what, and what others have decided."""

from typing import cast

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from comments import claims
from comments.filters import parse_key
from comments.models import Comment, Decision
from comments.permissions import PERMISSION
from comments.queue import counted, parse_chosen

MOST_SEEN = 200  # comments that one request may ask about


@require_safe
@permission_required(PERMISSION, raise_exception=True)
def live(request: HttpRequest) -> HttpResponse:
    """What became of the comments that a page shows, named as `ID:REVISION,…`. Writes nothing.

    The queries do not grow with the comments.
    """
    try:
        seen = dict(parse_chosen(value) for value in request.GET.get("seen", "").split(",")[:MOST_SEEN] if value)
    except ValueError as error:
        raise BadRequest from error
    looking = claims.looking(seen, but=cast(User, request.user))
    return JsonResponse({"changed": changed(seen), "looking": looking, "counts": counted()})


def changed(seen: dict[int, int]) -> dict[int, dict[str, str]]:
    """Those at another revision now: what was done last, in words, and the status. Two queries."""
    now = Comment.objects.filter(pk__in=seen).values_list("pk", "revision", "status")
    statuses = {pk: status for pk, revision, status in now if revision != seen[pk]}
    latest = {
        decision.comment_id: decision
        for decision in Decision.objects.filter(comment__in=statuses).select_related("by").order_by("pk")
    }
    return {pk: {"said": f"{decision.in_words}.", "status": statuses[pk]} for pk, decision in latest.items()}


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def claim(request: HttpRequest) -> HttpResponse:
    """Let the others know that the moderator looks at this comment. Answers who else does."""
    try:
        pk = parse_key(request.POST.get("comment", ""))
    except ValueError as error:
        raise BadRequest from error
    comment, by = get_object_or_404(Comment.objects.only("pk"), pk=pk), cast(User, request.user)
    claims.claim(comment, by=by)
    return JsonResponse({"looking": claims.looking([comment.pk], but=by)})
