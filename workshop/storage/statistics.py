"""What an engine knows of how many rows a table has and how they lie.

Without it SQLite takes a shop of ten years for one of ten cars and reads whole tables. PostgreSQL
looks by itself, but about a minute later: whoever brings very many rows at once asks it to look.
"""

from __future__ import annotations

from sqlalchemy import Connection

# Rows looked at in each index: enough for the order of magnitude, and quick in any shop.
_ROWS = 1000
MANY = 1000
"""Up to so many rows of a table it does not matter how they are found."""


def gather(connection: Connection) -> None:
    """Look at all tables; it takes a fraction of a second, on PostgreSQL a few seconds."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit={_ROWS}")
    connection.exec_driver_sql("ANALYZE")


def are_missing(connection: Connection, table: str) -> bool:
    """Whether the table is large and SQLite knows nothing of it."""
    if connection.dialect.name != "sqlite":
        return False
    some = connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1 OFFSET {MANY}').first()
    known = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"
    if some is None or connection.exec_driver_sql(known).first() is None:
        return some is not None
    of_table = "SELECT 1 FROM sqlite_stat1 WHERE tbl = ?"
    return connection.exec_driver_sql(of_table, (table,)).first() is None
