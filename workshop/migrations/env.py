"""Alembic's own entry, for `flask db`: a developer lets it compare models and tables.

The program itself upgrades a shop's database by `workshop.upgrading`, which keeps a copy first.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

import workshop
from workshop.db import UtcDateTime

# All tables must be known, whatever the app has imported so far.
for module in pkgutil.walk_packages(workshop.__path__, "workshop."):
    if module.name.endswith(".models"):
        importlib.import_module(module.name)

database = current_app.extensions["migrate"].db


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types in words that no later change of the program can alter."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    return False


def run() -> None:
    """Migrate in one transaction, on SQLite as well.

    Foreign keys are off there, as in an upgrade, so that a table may be rebuilt.
    """
    with database.engine.connect() as connection:
        connection.detach()
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            compare_type=True,
            transactional_ddl=True,
            render_item=render,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
