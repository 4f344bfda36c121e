"""System checks: what would lose data or weaken a production site stops it from starting."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

MIN_BUSY_TIMEOUT = 5000  # milliseconds


@register(Tags.database)
def sqlite_is_durable(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Ask each SQLite database how it really runs. An error in production, a warning locally."""
    faults = [
        fault for alias in databases or () if connections[alias].vendor == "sqlite" for fault in sqlite_faults(alias)
    ]
    level = Error if settings.PRODUCTION else Warning
    return [level(fault, id="config.E001") for fault in faults]


def sqlite_faults(alias: str) -> list[str]:
    """One sentence for each pragma that breaks a rule of docs/decisions/001-sqlite.md."""
    connection = connections[alias]
    with connection.cursor() as cursor:

        def pragma(name: str) -> Any:
            cursor.execute(f"PRAGMA {name}")
            row = cursor.fetchone()
            return row and row[0]

        rules = {
            "SQLite must write with synchronous=FULL.": pragma("synchronous") >= 2,
            "SQLite must enforce foreign keys.": pragma("foreign_keys") == 1,
            "SQLite must not map its file into memory (mmap_size=0).": not pragma("mmap_size"),
            "SQLite must wait at least five seconds for another writer.": pragma("busy_timeout") >= MIN_BUSY_TIMEOUT,
            "SQLite must begin its transactions with IMMEDIATE.": transaction_mode(alias) == "IMMEDIATE",
            "SQLite must not use WAL: the linked library has the WAL-reset fault.": (
                pragma("journal_mode") != "wal" or settings.SQLITE_HAS_WAL_FIX
            ),
        }
    return [sentence for sentence, kept in rules.items() if not kept]


def transaction_mode(alias: str) -> str:
    return str(settings.DATABASES[alias].get("OPTIONS", {}).get("transaction_mode", "DEFERRED")).upper()
