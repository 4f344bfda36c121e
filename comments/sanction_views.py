"""Ban, hold or trust where a comment comes from: a page that shows what it would do, then one that can undo it."""

from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from comments import moderation, sanctions
from comments.models import Decision, Sanction, Status
from comments.permissions import PERMISSION
from comments.sanction_forms import ImposeForm

EXAMPLES = 10  # of the comments that would be rejected


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def impose(request: HttpRequest) -> HttpResponse:
    """Show what it would do; a POST of what was shown does it. A GET changes nothing."""
    form = ImposeForm(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and form.is_confirmed:
        return redirect("sanction", carry_out(form, by=cast(User, request.user)))
    return show(request, "admin/comments/sanction.html", {"title": _("Ban, hold or trust"), **preview(form)})


def preview(form: ImposeForm) -> dict[str, Any]:
    if not form.is_valid():
        return {"form": form}
    waiting = sanctions.waiting_for(form.about)
    return {
        "form": form,
        "digest": form.digest,
        "now": sanctions.now_on(form.about),
        "waiting": len(waiting),
        "examples": waiting[:EXAMPLES],
        "looked_at": sanctions.MAX_AT_ONCE,
    }


@transaction.atomic
def carry_out(form: ImposeForm, *, by: User) -> UUID:
    """Returns the batch under which all of it is undone."""
    data, batch = form.cleaned_data, uuid4()
    sanctions.impose(form.about, data["effect"], by=by, expires_at=form.expires_at, note=data["note"], batch=batch)
    if data["reject_waiting"]:
        waiting = sanctions.waiting_for(form.about)
        moderation.each(waiting, Status.REJECTED, by=by, reason=lambda _comment: str(data["reason"]), batch=batch)
    return batch


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def imposed(request: HttpRequest, batch: UUID) -> HttpResponse:
    """What was done together; a POST undoes it. A GET changes nothing."""
    sanction = Sanction.objects.filter(batch=batch).select_related("made_by").first()
    if sanction is None:
        raise Http404
    rejected = Decision.objects.standing().filter(batch=batch)
    if request.method == "POST":
        undo(request, batch)
        return redirect("queue")
    context = {"title": sanction.in_words, "sanction": sanction, "rejected": rejected.count()}
    return show(request, "admin/comments/sanctioned.html", context)


def undo(request: HttpRequest, batch: UUID) -> None:
    results = moderation.undo_batch(batch, by=cast(User, request.user))
    undone = sum(isinstance(result, Decision) for result in results.values())
    if failed := len(results) - undone:
        stays = ngettext(
            "%(count)d comment stays as it is: somebody has decided about it since.",
            "%(count)d comments stay as they are: somebody has decided about them since.",
            failed,
        )
        messages.warning(request, stays % {"count": failed})
    done = ngettext("Undone: %(count)d comment is as it was.", "Undone: %(count)d comments are as they were.", undone)
    messages.success(request, done % {"count": undone})


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "is_nav_sidebar_enabled": False, **context})
