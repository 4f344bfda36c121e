"""Whether a form was sent from our own pages. Takes the place of a token, which a cached page cannot carry."""

from django.conf import settings
from django.http import HttpRequest


def is_same_origin(request: HttpRequest) -> bool:
    """What the browser says of the page that sent the form; a client that says nothing is no browser to be misled.

    `Origin: null`, which a sandboxed or foreign page can cause, is not ours.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == settings.SITE_URL.lower()
