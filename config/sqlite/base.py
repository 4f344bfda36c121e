"""SQLite alone lets whoever tries at the right moment write next; here it is whoever waits longest."""

import fcntl
from collections.abc import Callable
from time import monotonic

from django.db import OperationalError
from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Wait until nobody else, of any process, waits for the database; then for the database.

        SQLite's own waiting is a look at ever longer intervals, so that of many writers those who came last are the
        first, and some never. Raises OperationalError when the timeout is over, as SQLite does.
        """
        begin: Callable[[], None] = super()._start_transaction_under_autocommit  # type: ignore[misc]
        try:
            queue = open(f"{self.settings_dict['NAME']}.queue", "ab")  # noqa: SIM115
        except OSError:  # what is wrong with the folder, SQLite says better
            begin()
            return
        began, patience = monotonic(), self.settings_dict["OPTIONS"]["timeout"]
        with queue:
            fcntl.flock(queue, fcntl.LOCK_EX)
            if monotonic() - began > patience:
                raise OperationalError("database is locked")
            begin()
