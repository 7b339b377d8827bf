"""A database without indexes, references and guards, for as long as much is put into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def asleep(connection: Connection) -> Iterator[None]:
    """Without indexes, references and triggers; made again from their own definitions."""
    is_sqlite = connection.dialect.name == "sqlite"
    taken, again = _of_sqlite(connection) if is_sqlite else _of_postgresql(connection)
    run(connection, *taken)
    yield
    run(connection, *again)


def run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _of_sqlite(connection: Connection) -> tuple[list[str], list[str]]:
    query = (
        "SELECT type, name, sql FROM sqlite_master "
        "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid"
    )
    found = connection.exec_driver_sql(query).all()
    return [f'DROP {kind} "{name}"' for kind, name, _ in found], [sql for _, _, sql in found]


def _of_postgresql(connection: Connection) -> tuple[list[str], list[str]]:
    constraints = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
        "AND contype IN ('f', 'u', 'x') ORDER BY contype = 'f' DESC, oid"
    ).all()
    indexes = connection.exec_driver_sql(
        "SELECT quote_ident(relname), pg_get_indexdef(oid) FROM pg_class "
        "WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)"
    ).all()
    tables = connection.exec_driver_sql(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    ).scalars()
    guarded = list(tables)
    taken = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded]
    taken += [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in constraints]
    taken += [f"DROP INDEX {name}" for name, _ in indexes]
    again = [definition for _, definition in indexes]
    again += [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        for table, name, definition in reversed(constraints)
    ]
    again += [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded]
    return taken, again


def fast(dialect: str) -> Iterable[str]:
    """What a connection is told before a fill; the file is thrown away when it fails."""
    if dialect == "sqlite":
        pragmas = ("foreign_keys=OFF", "synchronous=OFF", "journal_mode=OFF", "cache_size=-400000")
        return [f"PRAGMA {each}" for each in pragmas]
    return ["SET synchronous_commit = off", "SET maintenance_work_mem = '512MB'"]
