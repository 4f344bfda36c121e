"""A consistent copy of the database as one file, taken while the site runs; and such a file put in its place."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from django.db import connection, connections
from django.db.backends.postgresql.client import DatabaseClient

POSTGRESQL = Path("/usr/lib/postgresql")  # where Debian keeps the tools of each version, off the PATH
CONNECTED = """
SELECT coalesce(host(client_addr), 'this machine') FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
BESIDE_SQLITE = ("-wal", "-shm", "-journal")


class BackupError(Exception):
    """A backup that was not made, or one that is not restored. The message is one sentence for the operator."""


def take(target: Path) -> None:
    """Copy the database as it is at one moment. Nobody has to stop writing."""
    if connection.vendor == "sqlite":
        copy_sqlite(target)
    else:
        run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def examine(snapshot: Path) -> None:
    """Raise BackupError for what cannot be put in the database's place."""
    if connection.vendor == "sqlite":
        quick_check(snapshot)
    else:
        run("pg_restore", "--list", str(snapshot))


def put_back(snapshot: Path, tables: Iterable[str]) -> None:
    """`tables` are those of the snapshot. The file is used up."""
    if connection.vendor == "sqlite":
        swap_sqlite(snapshot)
    else:
        drop_others(tables)
        connections.close_all()
        database = f"--dbname={connection.settings_dict['NAME']}"
        whole = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
        run("pg_restore", *whole, "--no-owner", "--no-privileges", database, str(snapshot))


def copy_sqlite(target: Path) -> None:
    """In one step: in several, it would start again whenever somebody commits, and on a busy site never end."""
    try:
        with closing(sqlite3.connect(sqlite_file())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # all of it is in the one file
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be copied: {error}.") from error
    quick_check(target)


def quick_check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as copy:
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"The copy of the database cannot be read: {error}.") from error
    if found != "ok":
        raise BackupError(f"The copy of the database is damaged: {found}.")


def swap_sqlite(snapshot: Path) -> None:
    """What SQLite keeps beside the old file goes first: it would be taken for a part of the new one."""
    file = sqlite_file()
    connections.close_all()
    if file.exists():
        shutil.copymode(file, snapshot)
    for ending in BESIDE_SQLITE:
        file.with_name(file.name + ending).unlink(missing_ok=True)
    sync(snapshot)
    snapshot.replace(file)
    sync(file.parent)


def sqlite_file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def other_users() -> list[str]:
    """Who else uses the database, in words; of PostgreSQL's, whoever has a connection."""
    if connection.vendor == "sqlite":
        return [f"process {pid}" for pid in users_of(sqlite_file())]
    with connection.cursor() as cursor:
        cursor.execute(CONNECTED)
        return [f"connected from {address}" for [address] in cursor.fetchall()]


def users_of(file: Path) -> list[int]:
    """The other processes that have the file open, as far as this account may see them. Linux only."""
    users = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            opened = {os.readlink(entry) for entry in (process / "fd").iterdir()}
        except OSError:  # it has ended, or belongs to somebody else
            continue
        if str(file.resolve()) in opened and int(process.name) != os.getpid():
            users.append(int(process.name))
    return users


def drop_others(tables: Iterable[str]) -> None:
    """Tables that are not in the snapshot would stand in the way of the migrations that make them."""
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - set(tables):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def run(tool: str, *arguments: str) -> None:
    """A tool of PostgreSQL's. The password is in its environment only, for everybody sees the arguments."""
    told = connection.settings_dict
    where = {"PGHOST": told["HOST"], "PGPORT": told["PORT"], "PGUSER": told["USER"], "PGDATABASE": told["NAME"]}
    secret = DatabaseClient.settings_to_cmd_args_env(told, [])[1] or {}
    environment = os.environ | {name: str(value) for name, value in where.items() if value} | secret
    done = subprocess.run(  # noqa: S603
        [program(tool), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = next(iter(done.stderr.strip().splitlines()), "it did not say why")
        raise BackupError(f"{tool} failed: {why.removeprefix(f'{tool}: ')}")


def program(tool: str) -> str:
    versions = sorted(POSTGRESQL.glob(f"*/bin/{tool}"), key=lambda path: float(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(tool)
    if not found:
        raise BackupError(f"{tool} is not installed: it comes with PostgreSQL's client programs.")
    return found


def sync(path: Path) -> None:
    """Have what was written survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
