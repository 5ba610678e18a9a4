"""DuckDB, which reads and writes tables: each of them in a database of its own, in memory."""

import os
from typing import Final

import duckdb

_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "temp_directory": "",
    "threads": min(4, os.cpu_count() or 1),
}
"""Nothing is fetched, and nothing is written beside the table. More threads would hold more of it in memory."""

ROWS_GIVEN: Final = 2**15
"""How many rows DuckDB gives at once."""


def connect() -> duckdb.DuckDBPyConnection:
    """An empty database, which shows no progress bar."""
    connection = duckdb.connect(config=_SETTINGS)
    connection.execute("SET enable_progress_bar = false")
    return connection
