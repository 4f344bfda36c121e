"""How often a password may be tried, and in which browsers an account is at home.

An attempt is counted before the password is looked at, so that many at once are no way around. What is kept is what
comments/limits.py keeps, HMACs under a key that lives in memory for a day: no name, address, browser or password.

Strangers can use up what they may try at an account, but not what its owner may: a browser in which the owner signed in
before has a count of its own.
"""

import unicodedata
from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any, NamedTuple

from axes.handlers.base import AxesHandler
from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from comments import limits

WINDOW = 15 * 60  # seconds
MAX_OF_SOURCE = 100  # in a window, whatever the account; onion services, whose visitors look alike, have no such limit
MAX_OF_ACCOUNT_AND_SOURCE = 5
MAX_OF_ACCOUNT = 10  # from all strange browsers together
MAX_OF_KNOWN_BROWSER = 10
KNOWN_DAYS = 90  # that a browser is remembered since its owner signed in
SALT = "config.accounts.known_browser"


class Limit(NamedTuple):
    most: int  # in a window
    what: tuple[str, ...]


class Attempts(AxesHandler):  # type: ignore[misc]  # django-axes has no types
    """What django-axes asks before a password is tried."""

    def is_allowed(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        """Count the attempt at each limit up to the first that refuses it."""
        request.counted_attempts = []
        with transaction.atomic():
            return all(_count(request, limit) for limit in limits_of(request, (credentials or {}).get("username", "")))

    def user_logged_in(self, sender: Any, request: Any, user: User, **kwargs: Any) -> None:
        take_back(request)


def take_back(request: Any) -> None:
    """What succeeded was no guess."""
    for limit in getattr(request, "counted_attempts", []):
        limits.take_back(*limit.what)


def _count(request: Any, limit: Limit) -> bool:
    request.counted_attempts.append(limit)
    return limits.within(limit.most, WINDOW, *limit.what)


def limits_of(request: HttpRequest, username: str) -> Iterator[Limit]:
    """The account's own limit last: what is refused before does not use it up."""
    name = _normal(username)
    if browser := _known_browser(request, name):
        yield Limit(MAX_OF_KNOWN_BROWSER, ("login", name, "browser", browser))
        return
    source = limits.source_of(request)
    if not source.shared:
        yield Limit(MAX_OF_SOURCE, ("login of source", source.digest))
    yield Limit(MAX_OF_ACCOUNT_AND_SOURCE, ("login", name, "source", source.digest))
    yield Limit(MAX_OF_ACCOUNT, ("login", name))


def _normal(username: str) -> str:
    return unicodedata.normalize("NFKC", username).casefold()


def _known_browser(request: HttpRequest, name: str) -> str:
    """What tells the browser from others, if the account of this name signed in there before; else nothing."""
    held = request.COOKIES.get(settings.KNOWN_COOKIE_NAME, "")
    try:
        owner, browser = signing.loads(held, salt=SALT, max_age=KNOWN_DAYS * limits.DAY)
    except signing.BadSignature:
        return ""
    return str(browser) if owner == _owner(name) else ""


def _owner(name: str) -> str:
    return salted_hmac(SALT, name, algorithm="sha256").hexdigest()


def remember_browser(response: HttpResponse, user: User) -> None:
    """Only the newest of several owners: who shares a browser is a stranger now and then."""
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        signing.dumps([_owner(_normal(user.get_username())), token_urlsafe(16)], salt=SALT),
        max_age=KNOWN_DAYS * limits.DAY,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )
