"""How a connection to PostgreSQL is made. What becomes of it is tried in tests/faults/test_servers.py."""

import socket
from contextlib import closing

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


def shown(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return str(cursor.fetchone()[0])


def test_both_ends_notice_when_the_other_is_gone_without_a_word() -> None:
    assert shown("tcp_keepalives_idle") == "10"
    with socket.socket(fileno=connection.connection.pgconn.socket) as end:
        try:
            assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
            assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
        finally:
            end.detach()


def test_commands_may_take_their_time() -> None:
    assert shown("statement_timeout") == "0"


def test_a_page_has_a_statement_broken_off_before_it_gives_up_itself() -> None:
    with closing(impatient()) as page, page.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1s",)


def test_what_was_given_up_is_read_by_nobody_else() -> None:
    with closing(impatient()) as page:
        with page.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # as a server that hangs, which looks at no clock
            with pytest.raises(OperationalError, match="timeout"):
                cursor.execute("SELECT pg_sleep(3), 'an answer that came too late'")
            with pytest.raises(OperationalError):
                cursor.execute("SELECT 'the next one of this page'")
        page.close_if_unusable_or_obsolete()  # as before the next request
        with page.cursor() as cursor:
            cursor.execute("SELECT 'its own'")
            assert cursor.fetchone() == ("its own",)


def impatient() -> BaseDatabaseWrapper:
    """As in a process that answers requests, but with less patience."""
    page = connection.copy()
    page.settings_dict["PATIENCE"] = 2
    return page
