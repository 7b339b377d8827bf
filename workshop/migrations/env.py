"""Alembic's entry: runs the migrations over the app's engine, in one transaction."""

from __future__ import annotations

import importlib
import pkgutil

from alembic import context
from flask import current_app

import workshop

# All tables must be known, whatever the app has imported so far.
for module in pkgutil.walk_packages(workshop.__path__, "workshop."):
    if module.name.endswith(".models"):
        importlib.import_module(module.name)

database = current_app.extensions["migrate"].db


def run() -> None:
    """Migrate; SQLite alters tables by batch, which drops triggers (guards bring them back)."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
