"""The staff's site: Django's admin under the strict Content-Security-Policy."""

from functools import cache, wraps
from typing import Any

from csp.constants import NONCE
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.health import troubles
from comments.precision import suspended_now
from comments.tallies import waiting
from config.accounts import own_account, views
from config.accounts.attempts import remember_browser
from config.accounts.second_factor import half_way
from posts import identity

# The one style sheet that the prose editor's Tiptap 3 injects; a test recomputes it, so an upgrade fails loudly.
TIPTAP_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

editor_policy = csp_update({"script-src": [NONCE], "style-src": [TIPTAP_STYLE], "img-src": ["data:"]})


def within_calendar(view: Any) -> Any:
    """A year that no calendar has, or a text that no database takes, is a bad request; Django's lists fail over it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> Any:
        try:
            return view(request, *args, **named)
        except (OverflowError, DataError) as error:
            raise BadRequest from error
        except ValueError as error:
            if "out of range" in str(error):  # as Python says of a year
                raise BadRequest from error
            raise

    return answer


class TumenAdminSite(AdminSite):
    index_title = gettext_lazy("Newsroom")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        return editor_policy(super().admin_view(within_calendar(view), cacheable))

    def has_permission(self, request: HttpRequest) -> bool:
        """Who is half way may leave: the next one at that computer would go on from there."""
        is_leaving = request.path == reverse("admin:logout") and half_way(request) is not None
        return is_leaving or super().has_permission(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask for the password, then for the code."""
        if request.method != "POST" and half_way(request):
            return views.lead_to("code", request)
        response = super().login(request, extra_context)
        if request.method == "POST" and isinstance(request.user, User):
            remember_browser(response, request.user)
        return response

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return own_account.change_password(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the admin may show. Nothing is counted unless a template asks for it."""
        newsroom = _("%(site)s newsroom") % {"site": identity.lately().name}
        return super().each_context(request) | {
            "site_header": newsroom,
            "site_title": newsroom,
            "waiting_comments": cache(waiting),
            "source_troubles": cache(troubles),
            "suspended_switches": cache(suspended_now) if request.user.is_superuser else [],
        }
