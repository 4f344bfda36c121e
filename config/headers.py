"""Response headers that Django and django-csp do not set, and who may have cookies."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PERMISSIONS = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), "
    "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
)

ISOLATION = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}


NOT_KEPT = "private, no-store"


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: isolate every response from other origins and from the device's sensors.

    Let nobody keep an error: what one request brought about, with `If-Match` for instance, would be shown to the next
    reader by a cache. Nor the answer to a form, which leads to a page that is only its sender's.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in ISOLATION.items():
            response.setdefault(name, value)
        if response.status_code >= 400 or request.method == "POST":
            response["Cache-Control"] = NOT_KEPT
        return response

    return middleware


def cookies_for_the_newsroom_only(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: outside the admin no cookie is read, so that none is ever answered with another.

    Django replaces a broken one on any page, and a cache would hand the new one to every reader. What proves a
    commenter is read with what they send, which no cache keeps.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/admin/"):
            read = {settings.PROOF_COOKIE_NAME} if request.method == "POST" else set()
            request.COOKIES = {name: value for name, value in request.COOKIES.items() if name in read}
        return get_response(request)

    return middleware
