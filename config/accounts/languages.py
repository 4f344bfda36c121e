"""Who works in the newsroom reads it, and mail about it, in their own language, wherever they sit."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from comments.models import Moderator

NAMES = [(code, translation.get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def of(user: Any) -> str:
    """The one that they chose, or that an administrator chose for them. No query for the user of a session."""
    wish = getattr(user, "moderator", None)
    return str(wish.language) if wish else settings.LANGUAGE_CODE


def choose(user: Any, language: str) -> None:
    Moderator.objects.update_or_create(user=user, defaults={"language": language})


def newsroom_in_own_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: at the door, where nobody is known yet, it is what the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/admin/"):
            return get_response(request)
        user = request.user
        language = of(user) if user.is_authenticated else translation.get_language_from_request(request)
        with translation.override(language):
            response = get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return middleware
