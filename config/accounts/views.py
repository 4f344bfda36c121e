"""The pages at the door: the code after the password, and the password for who has none or forgot it."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetDoneView, PasswordResetView, redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from config.accounts import languages, mails, second_factor
from config.accounts.attempts import WINDOW, remember_browser
from config.accounts.forms import CodeForm, RequestForm

page_of_staff = require_http_methods(["GET", "HEAD", "POST"])


def page(request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "next": next_of(request), **context}
    return render(request, f"admin/accounts/{name}.html", context, status=status)


def next_of(request: HttpRequest) -> str:
    """Where the one who was led here wanted to go, if it is in the newsroom."""
    address = request.POST.get("next") or request.GET.get("next", "")
    within = address.startswith(reverse("admin:index")) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if within else reverse("admin:index")


def lead_to(name: str, request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse(name)}?{urlencode({'next': next_of(request)})}")


@page_of_staff
@never_cache
@sensitive_post_parameters("code")
def code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    user = second_factor.half_way(request)
    if user is None:
        return redirect_to_login(next_of(request))
    if not second_factor.is_set_up(user):
        return lead_to("device", request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if device := second_factor.verify(user, form.cleaned_data["code"]):
            second_factor.enter(request, user, device)
            return redirect(next_of(request))
        form.add_error("code", wrong_code(second_factor.device_for(user, form.cleaned_data["code"])))
    return page(request, "code", _("Enter your code"), status=400 if form.is_bound else 200, form=form)


def wrong_code(device: Any) -> str:
    allowed, why = device.verify_is_allowed() if device else (True, None)
    if allowed or why is None:
        return _("This code is wrong, or was used before.")
    seconds = 1 + int((why["locked_until"] - now()).total_seconds())
    return ngettext(
        "This code is wrong, or was used before. Wait %(count)d second before you try the next.",
        "This code is wrong, or was used before. Wait %(count)d seconds before you try the next.",
        seconds,
    ) % {"count": seconds}


@page_of_staff
@never_cache
@sensitive_post_parameters()
def set_password(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Where the link in the mail leads. Programs that follow links in mail use GET, so only POST sets the password.

    The password of whoever reads the mailbox is as good as one typed at the door: the code is asked for next.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=pk, is_active=True).first()
        if user is None or not mails.link_tokens.check_token(user, token):
            return page(request, "link_used_up", _("This link is not good any more"), status=410)
        translation.activate(languages.of(user))  # for this request
        form = SetPasswordForm(user, request.POST or None)
        if not form.is_valid():
            status = 400 if form.is_bound else 200
            return page(request, "set_password", _("Set your password"), status=status, form=form, account=user)
        is_first = not user.has_usable_password()
        form.save()
        second_factor.allow_tries(user)
        if not is_first:
            mails.tell_of_password(user)
    login(request, user, backend=second_factor.BACKEND)
    response = redirect("device")
    remember_browser(response, user)
    return response


@never_cache
def ask_for_password(request: HttpRequest) -> HttpResponseBase:
    """Django's page, whose form leaves the rest to the worker."""
    return PasswordResetView.as_view(
        form_class=RequestForm,
        success_url=reverse_lazy("password-asked"),
        extra_context=at_the_door(request),
    )(request)


@never_cache
def password_asked(request: HttpRequest) -> HttpResponseBase:
    return PasswordResetDoneView.as_view(extra_context=at_the_door(request))(request)


def at_the_door(request: HttpRequest) -> dict[str, Any]:
    return {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}


def too_many_attempts(request: HttpRequest, _original: Any, _credentials: Any) -> HttpResponse:
    """What django-axes answers to whoever may not try a password now; the same whether or not there is the account."""
    response = page(request, "too_many_attempts", _("Too many attempts"), status=429, minutes=WINDOW // 60)
    response["Retry-After"] = str(WINDOW)
    return response
