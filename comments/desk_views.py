"""What can be done with a comment beside deciding about it: a note, an answer, a cover over a passage."""

from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from comments import batches, desk, moderation, ready_made
from comments.models import MAX_LENGTH, Comment, Note, Status
from comments.moves import ModerationError
from comments.permissions import PERMISSION
from comments.queue import parse_chosen


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Reply"), max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 8, "autofocus": True})
    )


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text"]
        labels = {"text": gettext_lazy("Note for other moderators")}
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "autofocus": True})}


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def note(request: HttpRequest) -> HttpResponse:
    """Leave other moderators a note about a comment."""
    pk, _revision = chosen(request)
    comment = get_object_or_404(comments(), pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return form_again(request, comment, form, title=_("Note for other moderators"), button=_("Keep the note"))
    desk.add_note(comment, form.cleaned_data["text"], by=cast(User, request.user))
    messages.success(request, _("Your note is kept."))
    return back(request)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def reply(request: HttpRequest) -> HttpResponse:
    """Answer as the publication; with `edit`, show first what a template makes of the answer."""
    pk, revision = chosen(request)
    comment = get_object_or_404(comments(), pk=pk)
    form = ReplyForm(request.POST)
    try:
        text = ready_made.reply_from(request.POST, comment)
        form = ReplyForm(initial={"text": text}) if "edit" in request.POST else ReplyForm({"text": text})
        if form.is_valid():
            answered = moderation.as_seen(pk, revision)
            moderation.reply(answered, form.cleaned_data["text"], by=cast(User, request.user), batch=uuid4())
            messages.success(request, _("Your reply is published. Undoing takes it back, and the comment waits again."))
            return back(request)
    except ModerationError as error:
        messages.warning(request, batches.explain(pk, error, seen=revision))
    return form_again(request, comment, form, title=_("Reply as the publication"), button=_("Publish the reply"))


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def redact(request: HttpRequest) -> HttpResponse:
    """Cover a passage of a comment wherever it stands in it; with `uncover`, show readers all of it again."""
    pk, revision = chosen(request)
    by = cast(User, request.user)
    try:
        comment = moderation.as_seen(pk, revision)
        if "uncover" in request.POST:
            uncover(comment, by=by)
            messages.success(request, _("Nothing is covered any more."))
        else:
            count = desk.cover(comment, request.POST.get("passage", ""), by=by)
            told = ngettext("%(count)d passage is covered.", "%(count)d passages are covered.", count)
            messages.success(request, told % {"count": count})
    except ModerationError as error:
        messages.warning(request, batches.explain(pk, error, seen=revision))
    return back(request)


def uncover(comment: Comment, *, by: User) -> None:
    """For administrators: nobody else sees what would be shown."""
    if not by.is_superuser:
        raise PermissionDenied
    moderation.redact(comment, [], by=by, batch=uuid4())


def comments() -> Any:
    """Those of which there is something left."""
    return Comment.objects.exclude(status=Status.WITHDRAWN).select_related("post")


def chosen(request: HttpRequest) -> tuple[int, int]:
    """The comment that the form is about, and its revision that was shown."""
    try:
        return parse_chosen(request.POST.get("comment", ""))
    except ValueError as error:
        raise BadRequest from error


def back(request: HttpRequest) -> HttpResponse:
    """To where in the queue the form was."""
    address = request.POST.get("next", "")
    return redirect(address if is_in_queue(address) else "queue")


def is_in_queue(address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, allowed_hosts=None) and urlsplit(address).path == reverse("queue")


def form_again(
    request: HttpRequest, comment: Comment, form: forms.BaseForm, *, title: str, button: str
) -> HttpResponse:
    """The form on a page of its own, with what was written in it and what is wrong with it."""
    address = request.POST.get("next", "")
    context = {
        **admin.site.each_context(request),
        "title": title,
        "comment": comment,
        "form": form,
        "button": button,
        "next": address if is_in_queue(address) else reverse("queue"),
    }
    return render(request, "admin/comments/desk_form.html", context, status=400 if form.errors else 200)
