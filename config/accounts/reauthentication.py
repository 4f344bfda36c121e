"""Nobody makes an account theirs who finds it open: what decides who gets in takes password and code once more."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

KEY = "reauthenticated_at"  # in the session; signing in does not count, for many leave their place right after it
SECONDS = 10 * 60  # that one time is good for
SENT_BEFORE = "sent_before"  # a field of what was sent before, and now comes back: to be shown, and not yet done

View = Callable[..., HttpResponseBase]


def note(request: HttpRequest) -> None:
    request.session[KEY] = int(time.time())


def is_recent(request: HttpRequest) -> bool:
    age: float = time.time() - request.session.get(KEY, 0)
    return 0 <= age < SECONDS


def lead(request: HttpRequest) -> HttpResponseBase:
    """From there back to where the request came from. What was sent is lost: passwords and codes stand in no page."""
    return redirect(f"{reverse('reauthenticate')}?{urlencode({'next': request.path})}")


def required(view: View) -> View:
    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_staff:
            return redirect_to_login(request.path)
        if SENT_BEFORE in request.POST:
            return redirect(request.path)
        return view(request, *args, **named) if is_recent(request) else lead(request)

    return gate
