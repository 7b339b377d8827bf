"""Whether the shop's own data are still what a dry run has seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import sqlalchemy as sa

from workshop import db
from workshop.db import Model, session


def take(tables: Iterable[str]) -> str:
    """A mark that is another one after any of the tables has got, changed or lost a row.

    A change is seen by the count of its versions; a table without one has rows that only come.
    """
    seen = [(name, *session.execute(_query(name)).one()) for name in sorted(tables)]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _query(name: str) -> sa.Select[*tuple[int, ...]]:
    table = Model.metadata.tables[name]
    asked = [sa.func.count(), sa.func.coalesce(sa.func.max(table.c.id), 0)]
    if "version" in table.columns:
        asked.append(sa.func.coalesce(sa.func.sum(table.c.version), 0))
    return sa.select(*asked).select_from(table)


def hold(tables: Iterable[str]) -> None:
    """Let nobody else write into the tables until the transaction ends; reading goes on.

    SQLite has one writer at a time anyway.
    """
    if not db.is_sqlite():
        names = ", ".join(f'"{each}"' for each in sorted(tables))
        session.execute(sa.text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
