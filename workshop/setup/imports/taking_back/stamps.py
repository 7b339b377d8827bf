"""Whether the shop's own data are still what a dry run has seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import sqlalchemy as sa

from workshop import db
from workshop.db import Model, session
from workshop.setup.imports.pen import WRITTEN_ONCE


def take(tables: Iterable[str]) -> str:
    """A mark that is another one after any of the tables has got, changed or lost a row.

    A change is seen by the count of its versions; where none is kept every row is looked at, unless
    the rows of the table only come.
    """
    found = hashlib.sha256()
    for name in sorted(tables):
        table = Model.metadata.tables[name]
        is_counted = "version" in table.columns or name in ONLY_COME
        seen = _counted(table) if is_counted else _read(table)
        found.update(f"{name} {seen}\n".encode())
    return found.hexdigest()


ONLY_COME = WRITTEN_ONCE | {"consent", "customer_number", "past_visit", "plate_change"}
"""Tables without versions whose rows nobody changes."""


def _counted(table: sa.Table) -> tuple[int, ...]:
    asked = [sa.func.count(), sa.func.coalesce(sa.func.max(table.c.id), 0)]
    if "version" in table.columns:
        asked.append(sa.func.coalesce(sa.func.sum(table.c.version), 0))
    return tuple(session.execute(sa.select(*asked).select_from(table)).one())


def _read(table: sa.Table) -> str:
    found = hashlib.sha256()
    query = sa.select(table).order_by(*table.primary_key.columns)
    for row in session.execute(query):
        found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def hold(tables: Iterable[str]) -> None:
    """Let nobody else write into the tables until the transaction ends; reading goes on.

    SQLite has one writer at a time anyway.
    """
    if not db.is_sqlite():
        names = ", ".join(f'"{each}"' for each in sorted(tables))
        session.execute(sa.text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
