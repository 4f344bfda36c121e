"""The log names neither who read what nor what they wrote."""

import logging
from collections.abc import Iterator
from io import StringIO

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
    assert "SuspiciousOperation 400 at comments/<str:token>/" in written
    for hidden in [address.split("/")[2], CANARY, "Traceback"]:
        assert hidden not in written


@pytest.mark.parametrize("host", ["canary.example", "canary.example\x1b[31m"])
def test_a_foreign_host_name_leaves_nothing_in_the_log(log: StringIO, client: Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400
    assert log.getvalue() == ""
