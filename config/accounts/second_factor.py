"""The second factor: a code of six digits from a device, or one of the recovery codes that were kept for its loss."""

import unicodedata
from base64 import b32encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes
from typing import Any, cast

import segno
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, login
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKEND = "config.accounts.backend.StaffBackend"
HALF_WAY = timedelta(hours=1)  # that a password is good for without a code: somebody else may come to sit there
RECOVERY_CODES = 10
DIGITS = 6
QUIET_ZONE = 4  # modules around a QR code that must stay white


def nobody_without_code(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: who has given a password but not yet the code that is due is nobody, at every address.

    So nothing has to ask for the code by itself, and nothing can forget to. See `half_way`.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        user = cast(Any, request.user)  # with what django-otp adds
        request.user = cast(Any, SimpleLazyObject(lambda: AnonymousUser() if owes_code(user) else user))
        return get_response(request)

    return middleware


def owes_code(user: Any) -> bool:
    """Those who have a device owe it even where none is required."""
    if not user.is_authenticated or user.is_verified():
        return False
    return bool(settings.TOTP_REQUIRED or user.has_device)


def half_way(request: HttpRequest) -> User | None:
    """The one of the staff who has given their password in this session lately, and owes the code."""
    user = get_user(request) if not request.user.is_authenticated else None
    if not isinstance(user, User) or not user.is_staff:
        return None
    return user if user.last_login and timezone.now() - user.last_login < HALF_WAY else None


def is_set_up(user: User) -> bool:
    return bool(TOTPDevice.objects.devices_for_user(user, confirmed=True).exists())


def verify(user: User, code: str) -> Any:
    """The device that the code belongs to, or None. No code is good twice, and each wrong one doubles the wait."""
    device, token = device_for(user, code), normal(code)
    if isinstance(device, StaticDevice):
        token = fingerprint(user, token)
    return device and verify_token(user, device.persistent_id, token)


def device_for(user: User, code: str) -> Any:
    """The device that is asked whether it knows the code, so that wrong codes of one do not delay the other."""
    model = TOTPDevice if len(normal(code)) == DIGITS else StaticDevice
    return model.objects.devices_for_user(user, confirmed=True).first()


def normal(code: str) -> str:
    """As it was shown, whatever was typed between its characters and with whichever width."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", code).lower()))


def enter(request: HttpRequest, user: User, device: Any) -> None:
    """Go on in a new session, as somebody who has given a code of the device."""
    request.session.cycle_key()  # Django does so only for another user
    user.otp_device = device  # type: ignore[attr-defined]  # where django-otp looks for it
    login(request, user, backend=BACKEND)


@transaction.atomic
def enrol(user: User, key: str, code: str, *, replace: bool) -> Any:
    """Make the device with this key the only one of the user, if it knows the code. Returns it, or None.

    Without `replace`, None too if there is a device by now: whoever knows only the password may add the first alone.
    """
    User.objects.select_for_update().get(pk=user.pk)
    earlier = TOTPDevice.objects.filter(user=user)
    if earlier.exists() and not replace:
        return None
    earlier.delete()
    device = TOTPDevice.objects.create(user=user, name="TOTP", key=key)
    if not device.verify_token(normal(code)):
        transaction.set_rollback(True)
        return None
    return device


def fingerprint(user: User, code: str) -> str:
    """What is stored of a recovery code. It has 80 random bits, so a fast hash without a key is enough."""
    digest = sha256(f"recovery code of {user.pk}: {code}".encode()).digest()
    return b32encode(digest[:10]).decode().lower()


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """They take the place of all earlier ones."""
    User.objects.select_for_update().get(pk=user.pk)
    device, _created = StaticDevice.objects.get_or_create(user=user, defaults={"name": "Recovery codes"})
    device.token_set.all().delete()
    codes = [b32encode(token_bytes(10)).decode().lower() for _each in range(RECOVERY_CODES)]  # 80 bits, 16 characters
    StaticToken.objects.bulk_create(StaticToken(device=device, token=fingerprint(user, code)) for code in codes)
    return codes


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def reset(user: User) -> None:
    """The device is lost: it and the recovery codes are good for nothing any more, nor is any session."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    end_sessions(user)


def end_sessions(user: User, *, but: str | None = None) -> None:
    """All of the user's, but the one with this key. Reads every session: only the staff have any."""
    for session in Session.objects.exclude(session_key=but).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def allow_tries(user: User) -> None:
    """Forget wrong codes: who tried them knew a password that holds no more."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).update(throttling_failure_count=0, throttling_failure_timestamp=None)


def typed_key(device: Any) -> str:
    """The key as a person types it into an app."""
    return in_fours(b32encode(device.bin_key).decode())


def in_fours(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def qr_code(text: str) -> tuple[int, str]:
    """Length of a side, and the dark squares as an SVG path."""
    rows = [list(row) for row in segno.make(text, micro=False).matrix_iter(border=QUIET_ZONE)]
    dark = [(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    return len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
