"""The log names neither who read what nor what they wrote."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.utils.log import configure_logging

from comments import views
from comments.addresses import status_address
from tests.factories import make_comment

CANARY = "canarytext"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the one handler of the site writes."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    handler = next(handler for handler in logging.getLogger().handlers if handler.get_name() == "console")
    assert isinstance(handler, logging.StreamHandler)
    written = StringIO()
    handler.setStream(written)
    yield written
    logging.getLogger().removeHandler(handler)


def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.django_db
def test_each_request_leaves_one_line_that_names_the_route_alone(log: StringIO, client: Client) -> None:
    address = status_address(make_comment())
    answer = client.get(f"{address}?canaryquery", headers={"User-Agent": CANARY, "X-Request-ID": CANARY})
    (line,) = lines(log)
    assert line.pop("milliseconds") >= 0
    assert datetime.fromisoformat(line.pop("time")).tzinfo
    assert line == {
        "level": "INFO",
        "logger": "config.logs",
        "message": "answered",
        "request": answer["X-Request-ID"],
        "route": "comments/<str:token>/",
        "status": 200,
    }


@pytest.mark.django_db
def test_the_lines_of_a_request_are_joined_by_its_id(log: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "private", lambda *_args: 1 / 0)
    addresses = [status_address(make_comment()), status_address(make_comment())]
    answers = [Client(raise_request_exception=False).get(address) for address in addresses]
    found = [(line["level"], line["request"]) for line in lines(log)]
    ids = [answer["X-Request-ID"] for answer in answers]
    assert found == [(level, own) for own in ids for level in ("ERROR", "INFO")]


def test_what_breaks_lines_stays_in_its_line(log: StringIO) -> None:
    logging.getLogger("tumen").warning("one\ntwo\x1b[31m")
    assert log.getvalue().count("\n") == 1
    assert "\x1b" not in log.getvalue()
    assert lines(log)[0]["message"] == "one\ntwo\x1b[31m"


@pytest.mark.django_db
def test_a_fault_is_logged_without_address_and_text(log: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    quoted = f"DETAIL: the row contains {CANARY}"

    def fail(*args: object, **named: object) -> None:
        raise ValueError(quoted)

    monkeypatch.setattr(views, "private", fail)
    address = status_address(make_comment())
    assert Client(raise_request_exception=False).get(f"{address}?canaryquery").status_code == 500
    written = log.getvalue()
    assert "500 at comments/<str:token>/" in written
    assert "ValueError" in written
    assert "in fail" in written
    for canary in [address.split("/")[2], CANARY, "canaryquery"]:
        assert canary not in written


@pytest.mark.django_db
def test_a_refusal_is_logged_without_address_and_text(
    log: StringIO, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **named: object) -> None:
        raise SuspiciousOperation(CANARY)

    monkeypatch.setattr(views, "private", refuse)
    address = status_address(make_comment())
    assert client.get(address).status_code == 400
    written = log.getvalue()
    assert lines(log)[0]["logger"] == "django.security.SuspiciousOperation"
    assert lines(log)[0]["message"] == "400 at comments/<str:token>/"
    for hidden in [address.split("/")[2], CANARY, "Traceback"]:
        assert hidden not in written


@pytest.mark.parametrize("host", ["canary.example", "canary.example\x1b[31m"])
def test_a_foreign_host_name_leaves_nothing_in_the_log(log: StringIO, client: Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400
    (line,) = lines(log)
    assert (line["message"], line["status"]) == ("answered", 400)
    assert "canary" not in log.getvalue()
