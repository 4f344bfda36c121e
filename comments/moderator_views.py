"""Pages that belong to one moderator: how they wish to work, and a decision that a link in their mail asks for."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comments.addresses import DECISION_DAYS, decision_of
from comments.batches import carry_out, explain
from comments.models import Comment, Moderator, Status
from comments.moves import STALE
from comments.permissions import PERMISSION
from comments.queue import VIEWS


class ModeratorForm(forms.ModelForm):
    class Meta:
        model = Moderator
        fields = ["keys", "mail", "reminded"]
        widgets = {"keys": forms.RadioSelect, "mail": forms.RadioSelect}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def moderator(request: HttpRequest) -> HttpResponse:
    """How the moderator wishes to work: keys and mail."""
    user = cast(User, request.user)
    wish = Moderator.objects.filter(user=user).first() or Moderator(user=user, language=settings.LANGUAGE_CODE)
    form = ModeratorForm(request.POST or None, instance=wish)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your wishes are kept."))
        return redirect("moderator")
    context = {**admin.site.each_context(request), "title": _("How you moderate"), "form": form}
    return render(request, "admin/comments/moderator.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link in a moderator's mail leads. Programs that follow links in mail use GET, so only POST decides."""
    link = decision_of(token)
    if link and link.user != request.user.pk:
        raise PermissionDenied  # another moderator's link
    action = next((each for each in VIEWS[Status.PENDING].actions if link and each.name == link.action), None)
    comment = (
        Comment.objects.waiting().select_related("post").filter(pk=link.comment, revision=link.revision).first()
        if link
        else None
    )
    if request.method == "POST" and action and comment:
        outcome = carry_out(action.after, {comment.pk: comment.revision}, by=cast(User, request.user))
        for problem in outcome.problems.values():
            messages.warning(request, problem)
        return redirect("queue")
    context = {
        **admin.site.each_context(request),
        "title": _("Decide about a comment"),
        "comment": comment,
        "action": action,
        "became": link and explain(link.comment, STALE, seen=link.revision),
        "days": DECISION_DAYS,
    }
    return render(request, "admin/comments/decide.html", context, status=200 if comment else 410)
