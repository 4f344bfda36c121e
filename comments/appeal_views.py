"""Appeals on both sides: the form at the author's own page, and the moderators' list of those that wait."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from comments import appeals as desk
from comments import batches
from comments.addresses import status_address
from comments.forms import AppealForm
from comments.models import Appeal
from comments.moves import ModerationError
from comments.origin import is_same_origin
from comments.permissions import PERMISSION
from comments.queue import parse_chosen
from comments.views import SeeOther, own_comment, private, refused, status_body

PAGE_SIZE = 50  # appeals; the rest follows as they are answered
LATELY = 10  # refusals that can be undone from the list
MAX_ANSWER_LENGTH = 500  # characters


@csrf_exempt  # comments.origin takes its place
@require_POST
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """Take an appeal, or give the form back with all that was in it."""
    comment = own_comment(token)
    if not is_same_origin(request):
        return refused(request, comment.post, "other site")
    form = AppealForm(request.POST)
    if desk.may_be_made(comment) and not form.is_valid():
        return private(status_body(comment, appeal_form=form), status=400)
    if form.is_valid():
        desk.make(comment, form.cleaned_data["appeal"])
    return SeeOther(status_address(comment))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def appeals(request: HttpRequest) -> HttpResponse:
    """Open appeals, the longest waiting first. A GET changes nothing."""
    user = cast(User, request.user)
    if request.method == "POST":
        answer(request, by=user)
        return redirect("appeals")
    waiting = Appeal.objects.open().order_by("made_at", "pk")
    refused = Appeal.objects.exclude(refused_at=None).order_by("-refused_at")
    context = {
        **admin.site.each_context(request),
        "title": _("Appeals"),
        "is_nav_sidebar_enabled": False,
        "appeals": waiting.select_related("comment__post", "against__by", "against__comment")[:PAGE_SIZE],
        "refusals": refused.select_related("comment", "refused_by")[:LATELY],
        "is_alone": desk.is_alone(user),
        "max_answer_length": MAX_ANSWER_LENGTH,
    }
    return render(request, "admin/comments/appeals.html", context)


def answer(request: HttpRequest, *, by: User) -> None:
    """Publish the comment or keep it rejected, if it still is what was shown, and tell the result."""
    try:
        pk, revision = parse_chosen(request.POST.get("comment", ""))
        decide = {"publish": publish, "refuse": refuse}[request.POST.get("action", "")]
    except (KeyError, ValueError) as error:
        raise BadRequest from error
    try:
        decide(request, pk, revision, by)
    except ModerationError as error:
        messages.warning(request, batches.explain(pk, error, seen=revision))


def publish(request: HttpRequest, pk: int, revision: int, by: User) -> None:
    desk.publish(pk, revision, by=by)
    messages.success(request, _("The comment is published."))


def refuse(request: HttpRequest, pk: int, revision: int, by: User) -> None:
    text = request.POST.get("answer", "").replace("\0", "").strip()
    desk.refuse(pk, revision, by=by, answer=text[:MAX_ANSWER_LENGTH])
    messages.success(request, _("The comment stays rejected, and its author finds your answer at their own page."))


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def reopen(request: HttpRequest) -> HttpResponse:
    """Undo a refusal."""
    try:
        pk, refused_at = int(request.POST.get("comment", "")), parse_datetime(request.POST.get("refused_at", ""))
    except ValueError as error:
        raise BadRequest from error
    if refused_at is None or refused_at.tzinfo is None:
        raise BadRequest
    try:
        desk.reopen(pk, refused_at)
        messages.success(request, _("The appeal waits for an answer again."))
    except ModerationError as error:
        messages.warning(request, str(error))
    return redirect("appeals")
