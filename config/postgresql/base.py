"""PostgreSQL, for which a reader waits some seconds and not for ever."""

from functools import partial
from typing import Any

from django.db.backends.postgresql import base

CUE = 1  # second before the end of its patience at which a process has the server break a statement off


class DatabaseWrapper(base.DatabaseWrapper):
    """`PATIENCE` in its settings is how many seconds an answer may take. Without it, as long as it takes."""

    def get_connection_params(self) -> dict[str, Any]:
        """A server that is slow or waits for a lock breaks off itself, so that it does not go on for nobody."""
        params = super().get_connection_params()
        if patience := self.settings_dict.get("PATIENCE"):
            params["options"] = f"{params.get('options', '')} -c statement_timeout={1000 * (patience - CUE)}"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that hangs cannot, and the kernel sees nothing amiss."""
        connection = super().get_new_connection(conn_params)
        connection.wait = partial(connection.wait, timeout=self.settings_dict.get("PATIENCE"))
        return connection
