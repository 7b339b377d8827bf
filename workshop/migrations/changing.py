"""What migrations are written with. Frozen: released migrations run this text for ever.

A function here is never changed once a released migration calls it; what must work otherwise gets
a new function beside it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection


def run_script(connection: Connection, migration: str) -> None:
    """Run the SQL that lies beside a migration's file, as `<its name>.<dialect>.sql`."""
    file = Path(migration).with_suffix(f".{connection.dialect.name}.sql")
    for statement in _split(file.read_text(encoding="utf-8"), connection.dialect.name):
        run(connection, statement)


def run(connection: Connection, statement: str) -> None:
    """Run SQL as it stands: a percent sign in it means nothing to the driver."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def allow_values(connection: Connection, table: str, column: str, values: Iterable[str]) -> None:
    """Let the column hold these values and no others, without a rebuild of its table.

    Name all of them, in a list that the migration keeps as its own copy.
    """
    for statement in forget_values(connection.dialect.name, table, column):
        run(connection, statement)
    for statement in guard_values(connection.dialect.name, table, column, values):
        run(connection, statement)


def guard_values(dialect: str, table: str, column: str, values: Iterable[str]) -> list[str]:
    """The statements that refuse all but these values in a column; NULL stays the column's own."""
    known = ", ".join("'" + each.replace("'", "''") + "'" for each in values)
    if dialect == "postgresql":
        return [
            f'ALTER TABLE "{table}" ADD CONSTRAINT {_check(table, column)} '
            f'CHECK ("{column}" IN ({known}))'
        ]
    return [
        f'CREATE TRIGGER {_trigger(table, column, verb)} BEFORE {event} ON "{table}" '
        f'WHEN NEW."{column}" NOT IN ({known}) '
        f"BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {_check(table, column)}'); END"
        for verb, event in (("insert", "INSERT"), ("update", f'UPDATE OF "{column}"'))
    ]


def forget_values(dialect: str, table: str, column: str) -> list[str]:
    """The statements that take the guard of a column's values away, if there is one."""
    if dialect == "postgresql":
        return [f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS {_check(table, column)}']
    return [
        f"DROP TRIGGER IF EXISTS {_trigger(table, column, verb)}" for verb in ("insert", "update")
    ]


def rebuild_on_sqlite(
    connection: Connection, table: str, create: str, fill: Mapping[str, str] | None = None
) -> None:
    """Give a table of SQLite a new definition, and keep its rows, indexes and triggers.

    `create` is the whole new CREATE TABLE statement. Columns of the old and the new table keep
    their values; `fill` gives the SQL expression for others. An index or a trigger that names a
    column that is gone must be dropped before.

    Foreign keys must be off, as they are while the program upgrades: else dropping the old table
    would break the rows that refer to it.
    """
    if connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
        raise RuntimeError(f"foreign keys must be off while {table} is rebuilt")
    kept = _list_kept(connection, table)
    old = _columns(connection, table)
    run(connection, _named(create, f"new_{table}"))
    expressions = {each: f'"{each}"' for each in _columns(connection, f"new_{table}") & old}
    expressions |= dict(fill or {})
    names = ", ".join(f'"{each}"' for each in expressions)
    values = ", ".join(expressions.values())
    run(connection, f'INSERT INTO "new_{table}" ({names}) SELECT {values} FROM "{table}"')
    run(connection, f'DROP TABLE "{table}"')
    _rename(connection, f"new_{table}", table)
    for statement in kept:
        run(connection, statement)


def _check(table: str, column: str) -> str:
    return f"ck_{table}_{column}_known"


def _trigger(table: str, column: str, verb: str) -> str:
    return f"{table}_{column}_known_{verb}"


def _split(script: str, dialect: str) -> Iterator[str]:
    """SQLite's driver takes one statement at a time, PostgreSQL's takes all at once."""
    if dialect != "sqlite":
        yield script
        return
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip().removesuffix(";")
            statement = ""


def _list_kept(connection: Connection, table: str) -> list[str]:
    """Indexes and triggers go with a dropped table; these are the statements that made them."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') "
        "AND sql IS NOT NULL ORDER BY rowid"
    )
    return list(connection.exec_driver_sql(query, (table,)).scalars())


def _columns(connection: Connection, table: str) -> set[str]:
    query = "SELECT name FROM pragma_table_info(?)"
    return set(connection.exec_driver_sql(query, (table,)).scalars())


def _named(create: str, name: str) -> str:
    made, found = re.subn(
        r'(?i)^\s*CREATE\s+TABLE\s+"?\w+"?', f'CREATE TABLE "{name}"', create, count=1
    )
    if not found:
        raise ValueError("write the new definition as CREATE TABLE name (…)")
    return made


def _rename(connection: Connection, old: str, new: str) -> None:
    """Rename a table, and nothing else.

    Without the old manner SQLite would look through the triggers of other tables, find some that
    name the table which is not there at this moment, and refuse.
    """
    run(connection, "PRAGMA legacy_alter_table=ON")
    run(connection, f'ALTER TABLE "{old}" RENAME TO "{new}"')
    run(connection, "PRAGMA legacy_alter_table=OFF")
