"""How a connection to PostgreSQL is made. What becomes of it is tried in tests/faults/test_servers.py."""

import socket

import pytest
from django.db import connection

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
