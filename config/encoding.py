"""In which encoding addresses and forms are read."""

from collections.abc import Callable
from email.message import Message
from email.utils import quote
from typing import Any

Application = Callable[[dict[str, Any], Any], Any]


def only_utf_8(application: Application) -> Application:
    """The application without the encoding that a request names, which Django would believe, even for the address.

    No cache asks for it, so one reader's would decide what the next is shown. With some a character is half of a
    surrogate pair, which can neither be stored nor shown, and others are for no text at all.
    """

    def utf_8(environ: dict[str, Any], start_response: Any) -> Any:
        if ";" in (said := environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = kind_and_boundary(said)
        return application(environ, start_response)

    return utf_8


def kind_and_boundary(content_type: str) -> str:
    header = Message()
    header["Content-Type"] = content_type
    kind, boundary = header.get_content_type(), header.get_boundary()
    return f'{kind}; boundary="{quote(boundary)}"' if boundary else kind
