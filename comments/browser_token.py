"""The cookie by which a browser proves its next comments, if its owner wishes.

Read in one place only, where a comment is posted: no page depends on it, so pages stay the same for everybody.
"""

from secrets import token_urlsafe

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from comments import proof
from comments.proof import NO_TOKEN, BrowserToken

SECONDS = proof.DAYS * 24 * 60 * 60

signer = Signer(salt="comments.browser")


def token_of(request: HttpRequest, *, wanted: bool) -> BrowserToken:
    """The token that the browser sent, if it still proves something, else a new one if that is wanted."""
    held = BrowserToken(_signed(request.COOKIES.get(settings.PROOF_COOKIE_NAME, "")))
    if held.value and proof.is_known(held):
        return held
    return BrowserToken(signer.sign(token_urlsafe(32)), is_new=True) if wanted else NO_TOKEN


def _signed(value: str) -> str:
    """The value, if it was signed here; else nothing."""
    try:
        signer.unsign(value)
    except BadSignature:
        return ""
    return value


def keep(response: HttpResponse, token: BrowserToken) -> None:
    response.set_cookie(
        settings.PROOF_COOKIE_NAME,
        token.value,
        max_age=SECONDS,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )


def expire(response: HttpResponse) -> None:
    response.delete_cookie(settings.PROOF_COOKIE_NAME, samesite="Lax")
