"""The log: lines of JSON that say which kind of address answered how, never who asked, what for, or what was sent."""

import json
import logging
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from secrets import token_hex
from time import perf_counter
from traceback import format_tb
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

# Joins the lines of one request. Also told to who asked, so that they can name it when something fails.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class Discreet(logging.Formatter):
    """A path may be a commenter's own address, and a database quotes the text it stumbled over in its message."""

    def format(self, record: logging.LogRecord) -> str:
        if request := getattr(record, "request", None):
            record.msg, record.args = f"{getattr(record, 'status_code', 400)} at {route_of(request) or '?'}", ()
        refused = record.name.startswith("django.security")  # and nothing failed
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id.get(),
            **getattr(record, "facts", {}),
            "traceback": self.formatException(record.exc_info) if record.exc_info and not refused else "",
        }
        return json.dumps({name: value for name, value in line.items() if value != ""})

    def formatException(self, ei: Any) -> str:  # noqa: N802
        kind, _error, frames = ei
        return f"{''.join(format_tb(frames))}{kind.__qualname__}"


def route_of(request: HttpRequest) -> str:
    """The pattern of its address; empty where none fits, as for static files."""
    return request.resolver_match.route if request.resolver_match else ""


def log_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a line for each request when it is answered. The first one, so that it sees what the others do."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        own_id, begun = token_hex(8), perf_counter()
        request_id.set(own_id)  # it stays until the next request: Django itself has something to say of a fault
        response = get_response(request)
        taken = round(1000 * (perf_counter() - begun), 1)
        facts = {"route": route_of(request), "status": response.status_code, "milliseconds": taken}
        logger.info("answered", extra={"facts": facts})
        response["X-Request-ID"] = own_id
        return response

    return middleware


def to_stdout() -> None:
    """For what runs as a service. Commands keep their standard output to themselves, and the log goes beside it."""
    for handler in logging.getLogger().handlers:
        if handler.name == "console" and isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stdout)
