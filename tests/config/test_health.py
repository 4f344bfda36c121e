import pytest
from django.db import OperationalError
from django.test import Client

from comments.models import Sweep
from config import health
from tests.factories import days_ago


@pytest.fixture
def worker_ran(db: None) -> Sweep:
    return Sweep.objects.create(name="anything", last_run=days_ago(0))


def test_a_process_that_answers_is_alive_without_any_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_a_site_with_all_its_parts_is_ready(client: Client, worker_ran: Sweep) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "migrations": True, "worker": True, "disk": True}


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7:8000", "evil.example", "", "a b"])
def test_monitors_ask_by_any_address_and_nobody_else_does(client: Client, worker_ran: Sweep, host: str) -> None:
    for address in ("/healthz", "/readyz"):
        assert client.get(address, HTTP_HOST=host, SERVER_NAME="evil.example").status_code == 200
    for address in ("/", "/healthz/", "/readyz/x", "/healthz/../admin/login/"):
        assert client.get(address, HTTP_HOST="evil.example").status_code == 400


def missing(client: Client) -> list[str]:
    response = client.get("/readyz")
    assert response.status_code == 503
    return [part for part, holds in response.json().items() if not holds]


def test_a_worker_that_fell_silent_is_told(client: Client, worker_ran: Sweep) -> None:
    Sweep.objects.update(last_run=days_ago(0.01))
    assert missing(client) == ["worker"]


def test_a_full_disk_is_told(client: Client, worker_ran: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE", 10**18)
    assert missing(client) == ["disk"]


def test_migrations_that_wait_are_told(client: Client, worker_ran: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one"])
    assert missing(client) == ["migrations"]


def test_a_database_that_is_gone_is_told(client: Client, worker_ran: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> bool:
        raise OperationalError

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    assert missing(client) == ["database"]
