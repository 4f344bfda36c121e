"""What the log says of a request: which kind of address failed and where, never who asked or what was sent."""

import logging
from traceback import format_tb
from typing import Any


class Discreet(logging.Formatter):
    """A path may be a commenter's own address, and a database quotes the text it stumbled over in its message."""

    def format(self, record: logging.LogRecord) -> str:
        if request := getattr(record, "request", None):
            match = getattr(request, "resolver_match", None)
            record.msg, record.args = f"{getattr(record, 'status_code', 400)} at {match.route if match else '?'}", ()
        if record.name.startswith("django.security"):  # something was refused, nothing failed
            record.exc_info = None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        kind, _error, frames = ei
        return f"{''.join(format_tb(frames))}{kind.__qualname__}"
