"""The pages on which the staff look after their own accounts: language, password, device, recovery codes."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from config.accounts import attempts, languages, mails, reauthentication, second_factor
from config.accounts.forms import DeviceForm, LanguageForm, ReauthenticationForm, sign_key
from config.accounts.views import lead_to, next_of, page, page_of_staff, wrong_code

OF_REAUTHENTICATION = {"csrfmiddlewaretoken", "next", "password", "code", "sent_before"}


@page_of_staff
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """How the account is protected, and the language that it speaks."""
    if not request.user.is_staff:
        return redirect_to_login(request.path)
    user = request.user
    form = LanguageForm(request.POST or None, initial={"language": languages.of(user)})
    if form.is_valid():
        languages.choose(user, form.cleaned_data["language"])
        return redirect("account")
    context = {"is_set_up": second_factor.is_set_up(user), "left": second_factor.recovery_codes_left(user)}
    return page(request, "account", _("Your account"), status=400 if form.is_bound else 200, form=form, **context)


@page_of_staff
@never_cache
@sensitive_post_parameters("password", "code")
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """Whoever sits there shows that they are the owner, by all that signing in takes."""
    if not request.user.is_staff:
        return redirect_to_login(next_of(request))
    user = request.user
    form = ReauthenticationForm(request.POST or None, with_code=second_factor.is_set_up(user))
    if form.is_valid() and is_owner(request, user, form):
        return redirect(next_of(request), preserve_request=bool(sent_before(request)))
    return reauthentication_page(request, form, status=400 if form.is_bound else 200)


def ask_again(request: HttpRequest) -> HttpResponse:
    """In the place of what a form was sent to, which shows it again once it is known who sits there."""
    form = ReauthenticationForm(with_code=second_factor.is_set_up(cast(User, request.user)))
    return reauthentication_page(request, form, status=403, next=request.path)


def reauthentication_page(
    request: HttpRequest, form: ReauthenticationForm, *, status: int, **context: Any
) -> HttpResponse:
    context |= {"form": form, "sent": sent_before(request)}
    return page(request, "reauthenticate", _("Is it you?"), status=status, **context)


def sent_before(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that was sent too late."""
    fields = [(name, values) for name, values in request.POST.lists() if name not in OF_REAUTHENTICATION]
    return [(name, value) for name, values in fields for value in values]


def is_owner(request: HttpRequest, user: User, form: ReauthenticationForm) -> bool:
    """Note it in the session, under a new name, if password and code are right, else say in the form which is wrong.

    Passwords are counted as those at the door are, and django-axes answers in the place of the view when there were
    too many. It is no login: that would make forms useless which are open in other windows.
    """
    data = form.cleaned_data
    if authenticate(request, username=user.get_username(), password=data["password"]) != user:
        form.add_error("password", _("This is not your password."))
        return False
    attempts.take_back(request)
    if "code" in form.fields and not second_factor.verify(user, data["code"]):
        form.add_error("code", wrong_code(second_factor.device_for(user, data["code"])))
        return False
    request.session.cycle_key()
    reauthentication.note(request)
    return True


@page_of_staff
@never_cache
@sensitive_post_parameters()
@reauthentication.required
def change_password(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = SetPasswordForm(user, request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            mails.tell_of_password(user)
        update_session_auth_hash(request, user)  # all other sessions end
        messages.success(request, _("Your password was changed."))
        return redirect("account")
    return page(request, "change_password", _("Change password"), status=400 if form.is_bound else 200, form=form)


@page_of_staff
@never_cache
@sensitive_post_parameters("code", "key")
def device(request: HttpRequest) -> HttpResponseBase:
    """Set up a device, which takes the place of an earlier one. Who owes a code cannot do that."""
    user = second_factor.half_way(request)
    if user is None:
        return another_device(request)
    if second_factor.is_set_up(user):
        return lead_to("code", request)
    return set_up_device(request, user, replace=False)


@reauthentication.required
def another_device(request: HttpRequest) -> HttpResponse:
    return set_up_device(request, cast(User, request.user), replace=True)


def set_up_device(request: HttpRequest, user: User, *, replace: bool) -> HttpResponse:
    form = DeviceForm(user, request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            made = second_factor.enrol(user, form.cleaned_data["key"], form.cleaned_data["code"], replace=replace)
            if made:
                codes = second_factor.new_recovery_codes(user)
                mails.tell_of_device(user)
        if made:
            second_factor.enter(request, user, made)
            second_factor.end_sessions(user, but=request.session.session_key)
            return show_recovery_codes(request, codes)
        form.add_error("code", _("This is not the code that the app shows for this key. Please try the next one."))
    return device_page(request, user, form, may_wait=replace)


def device_page(request: HttpRequest, user: User, form: DeviceForm, *, may_wait: bool) -> HttpResponse:
    """With the key that the form brought, or another one."""
    key = getattr(form, "cleaned_data", {}).get("key") or default_key()
    shown = TOTPDevice(user=user, key=key)
    side, path = second_factor.qr_code(shown.config_url)
    context: dict[str, Any] = {
        "form": form,
        "key": second_factor.typed_key(shown),
        "signed_key": sign_key(user, key),
        "side": side,
        "path": path,
        "address": shown.config_url,
        "may_wait": may_wait,
    }
    return page(request, "device", _("Set up your device"), status=400 if form.is_bound else 200, **context)


@page_of_staff
@never_cache
@reauthentication.required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """POST makes new ones."""
    user = cast(User, request.user)
    if not second_factor.is_set_up(user):
        return redirect("account")
    if request.method != "POST":
        left = second_factor.recovery_codes_left(user)
        return page(request, "new_recovery_codes", _("New recovery codes"), left=left)
    with transaction.atomic():
        codes = second_factor.new_recovery_codes(user)
        mails.tell_of_recovery_codes(user)
    return show_recovery_codes(request, codes)


def show_recovery_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """This once."""
    spaced = [second_factor.in_fours(code) for code in codes]
    return page(request, "recovery_codes", _("Your recovery codes"), codes=spaced)
