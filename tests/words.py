"""The words of the search, cut again after rows were written while the triggers were asleep."""

from __future__ import annotations

import importlib

from sqlalchemy import Connection

_search = importlib.import_module("workshop.migrations.versions.0032_search")


def cut_again(connection: Connection) -> None:
    """Forget all words and cut them from what is there now."""
    connection.exec_driver_sql("DELETE FROM search_word")
    _search.fill(connection)
