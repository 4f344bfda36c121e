"""What people see while the database does not answer, is locked for too long, or has no room on its disk."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from comments.origin import is_same_origin
from posts import identity, pages, views

RETRY_AFTER = 30  # seconds
TEXTS = {"comment", "appeal"}  # what people wrote at length; else a form has lines and ticks


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without a query. What a reader sent when the database failed is given back, to be sent again."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return views.server_error(request)
    context = {"site": identity.last_known(), "sent": sent_by_reader(request)}
    response = HttpResponse(pages.render("503.html", context).content, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def sent_by_reader(request: HttpRequest) -> dict[str, object]:
    """The form that came from one of our own public pages, if one did. Sent twice, a comment is still one comment."""
    if request.method != "POST" or request.path.startswith("/admin/") or not is_same_origin(request):
        return {}
    fields = request.POST.dict()
    texts = {name: fields.pop(name) for name in TEXTS & fields.keys()}
    return {"to": request.get_full_path(), "texts": texts, "fields": fields}
