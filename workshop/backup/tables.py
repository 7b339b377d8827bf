"""All rows of a shop from one database into another of the same revision, whichever engines.

The guards of the target stand aside while the rows come: what they watch is the order of events,
and all of these events are over. They stand again before the transaction ends, and the schema is
then the one of its revision to the last constraint. Foreign keys are checked over all rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.ext.compiler import compiles

from workshop.backup import figures
from workshop.backup.errors import BackupFailed
from workshop.errors import N_
from workshop.migrations import schemas

REVISION = "alembic_version"
_AT_ONCE = 500

Row = dict[str, Any]


class _AsJson(sa.sql.functions.GenericFunction[str]):
    """Text that becomes JSON on a server, letter by letter."""

    inherit_cache = True


@compiles(_AsJson)
def _as_text(element: Any, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


@compiles(_AsJson, "postgresql")
def _as_json(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} AS json)"


class AsWritten(sa.TypeDecorator[str]):
    """JSON as its text: what is null in it and what is no value at all stay apart."""

    impl = sa.Text
    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        """Read it as text."""
        return sa.type_coerce(sa.cast(column, sa.Text), sa.Text)

    def bind_expression(self, bindparam: Any) -> Any:
        """Write it as what the column is; on SQLite that is text."""
        return _AsJson(bindparam)


def list_tables(connection: Connection, models: sa.MetaData) -> list[Table]:
    """The tables as the models describe them: their types mean the same on both engines.

    Raises BackupFailed if the database holds a table that no model knows: it would stay behind.
    """
    there = schemas.list_tables(connection) - {REVISION}
    unknown = there - models.tables.keys()
    if unknown:
        raise BackupFailed(
            N_("No model describes these tables: %(names)s"), names=", ".join(sorted(unknown))
        )
    return [_plain(models.tables[name]) for name in sorted(there)]


def _plain(table: Table) -> Table:
    """The same table without what a model makes of its values, but what the engines keep apart."""
    columns = [
        sa.Column(
            each.name,
            _plain_type(each.type),
            primary_key=each.primary_key,
            nullable=each.nullable,
        )
        for each in table.c
    ]
    return Table(table.name, sa.MetaData(), *columns)


def _plain_type(kind: Any) -> Any:
    if isinstance(kind, sa.JSON):
        return AsWritten()
    return sa.String() if isinstance(kind, sa.Enum) else kind


def read(connection: Connection, table: Table) -> Iterator[Row]:
    """All rows of a table, a few at a time, by their keys' order."""
    # By its columns and not as records: nothing is loaded that a mapper would keep.
    query = sa.select(*table.c).order_by(*table.primary_key.columns)
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)).mappings():
        yield dict(row)


def write(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    """Put rows into a table, as they are."""
    while some := list(islice(rows, _AT_ONCE)):
        connection.execute(sa.insert(table), some)


def copy(source: Connection, target: Connection, models: sa.MetaData) -> None:
    """Replace all rows of the target by those of the source; raises unless the figures are equal.

    The caller commits.
    """
    with replacing(target, models) as tables:
        for table in tables:
            write(target, table, read(source, table))
    different = figures.read(source).differences(figures.read(target))
    if different:
        raise BackupFailed(
            N_("Counted again, the backup differs: %(said)s"), said="; ".join(different[:3])
        )


@contextmanager
def replacing(target: Connection, models: sa.MetaData) -> Iterator[list[Table]]:
    """All tables, emptied, with the guards aside; afterwards these stand as before."""
    tables = list_tables(target, models)
    before = schemas.fingerprint(schemas.read(target))
    way = _guards_aside_on_sqlite if target.dialect.name == "sqlite" else _guards_aside
    with way(target):
        for table in tables:
            target.execute(sa.delete(table))
        yield tables
    if target.dialect.name != "sqlite":
        _set_counters(target, tables)
    if schemas.fingerprint(schemas.read(target)) != before:
        raise BackupFailed(N_("The guards of the database do not stand as before."))


@contextmanager
def _guards_aside_on_sqlite(target: Connection) -> Iterator[None]:
    """Foreign keys must be off in the connection, which can only be said between transactions."""
    triggers = target.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).all()
    for name, _ in triggers:
        target.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, statement in triggers:
        target.exec_driver_sql(statement)
    loose = target.exec_driver_sql("PRAGMA foreign_key_check").first()
    if loose is not None:
        raise BackupFailed(
            N_("A row of %(name)s refers to a row that is not there."), name=loose[0]
        )


@contextmanager
def _guards_aside(target: Connection) -> Iterator[None]:
    """Foreign keys are dropped and made again: the server then checks every row of each."""
    keys = target.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE contype = 'f' "
        "AND connamespace = current_schema()::regnamespace"
    ).all()
    owners = {table for table, _, _ in keys} | set(
        target.exec_driver_sql(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_class AS c "
            "ON c.oid = tgrelid WHERE NOT tgisinternal "
            "AND c.relnamespace = current_schema()::regnamespace"
        ).scalars()
    )
    for table, name, _ in keys:
        target.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table in sorted(owners):
        target.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in sorted(owners):
        target.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for table, name, definition in keys:
        target.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _set_counters(target: Connection, tables: list[Table]) -> None:
    """Let each counter go on after the largest number."""
    for table in tables:
        for column in table.primary_key.columns:
            place = {
                "table": target.dialect.identifier_preparer.format_table(table),
                "column": column.name,
            }
            counter = target.execute(
                sa.text("SELECT pg_get_serial_sequence(:table, :column)"), place
            ).scalar_one()
            if counter is not None:
                most = target.execute(sa.select(sa.func.max(column))).scalar_one()
                target.execute(
                    sa.text("SELECT setval(:counter, :value, :used)"),
                    {"counter": counter, "value": most or 1, "used": most is not None},
                )
