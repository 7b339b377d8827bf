"""What stays when an import is taken back: rows that were changed since, or that something uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import Model, session
from workshop.setup.imports import plans
from workshop.setup.imports.bulk import portions, read_rows
from workshop.setup.imports.models import ImportChange
from workshop.setup.imports.pen import WRITTEN_ONCE

ROWS_AT_A_TIME = 2000
_OWN = frozenset({"import_batch", "import_file", "import_row", "import_change", "import_kept"})
Holder = tuple[str, int]


@dataclass(frozen=True)
class Use:
    """Where a row is used: a table and a row of it; empty when the row itself was changed."""

    table: str = ""
    id: int | None = None


def find(batch_id: int) -> dict[Holder, Use]:
    """All rows that stay, each with why."""
    kept: dict[Holder, Use] = {}
    tables = tables_of(batch_id)
    for table in tables:
        for holder in _list_touched(batch_id, table):
            kept.setdefault(holder, Use())
    # Parts come after what they are parts of, so whatever refers to a row is asked before it.
    for table in reversed(tables):
        for holder, use in _list_used(batch_id, table):
            kept.setdefault(holder, use)
    _keep_parents(batch_id, tables, kept)
    return kept


def tables_of(batch_id: int) -> list[sa.Table]:
    """The tables that the import wrote, each after those that it refers to."""
    named = select(ImportChange.table_name).where(ImportChange.batch_id == batch_id).distinct()
    names = set(session.scalars(named))
    return [table for table in Model.metadata.sorted_tables if table.name in names]


def of(batch_id: int, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    """Which changes are those that the import made in the table."""
    return ImportChange.batch_id == batch_id, ImportChange.table_name == table.name


def _list_touched(batch_id: int, table: sa.Table) -> Iterator[Holder]:
    """What was changed since, or is not there any more."""
    if "id" not in table.columns:
        yield from _list_relinked(batch_id, table)
        return
    if "version" not in table.columns:
        if table.name not in WRITTEN_ONCE:
            yield from _list_rewritten(batch_id, table)
        return
    # A row that the file changed several times is compared with what it was last.
    last = (
        select(
            ImportChange.row_id,
            sa.func.max(ImportChange.version).label("version"),
            sa.func.max(ImportChange.holder_table).label("holder_table"),
            sa.func.max(ImportChange.holder_id).label("holder_id"),
        )
        .where(*of(batch_id, table))
        .group_by(ImportChange.row_id)
        .subquery()
    )
    query = (
        select(last.c.holder_table, last.c.holder_id)
        .outerjoin(table, table.c.id == last.c.row_id)
        .where(sa.or_(table.c.id.is_(None), table.c.version != last.c.version))
    )
    for holder_table, holder_id in session.execute(query):
        yield str(holder_table), int(holder_id)


def _list_rewritten(batch_id: int, table: sa.Table) -> Iterator[Holder]:
    """The same for a table that counts no versions: value by value."""
    query = select(ImportChange).where(*of(batch_id, table)).order_by(ImportChange.id.desc())
    seen: set[int] = set()
    for some in session.scalars(query).yield_per(ROWS_AT_A_TIME).partitions():
        changes = [each for each in some if each.row_id not in seen]
        seen.update(each.row_id for each in changes)
        written = {each.row_id: plans.together(each.new or {"values": {}}) for each in changes}
        names = {name for values in written.values() for name in values}
        now = read_rows(table, list(written), names)
        for each in changes:
            row, was = now.get(each.row_id), written[each.row_id]
            if row is None or any(_plain(row[name]) != was[name] for name in was):
                yield each.holder_table, each.holder_id


def _list_relinked(batch_id: int, table: sa.Table) -> Iterator[Holder]:
    """The rows on which other links hang now than the file has written."""
    query = select(ImportChange).where(*of(batch_id, table)).order_by(ImportChange.holder_id)
    for holder, some in groupby(session.scalars(query), key=_holder_of):
        written = {_link(plans.together(each.new or {"values": {}})) for each in some}
        hangs = select(table).where(_hook(table, holder[0]) == holder[1])
        if {_link(row._asdict()) for row in session.execute(hangs)} != written:
            yield holder


def _holder_of(change: ImportChange) -> Holder:
    return change.holder_table, change.holder_id


def _link(values: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(values.items()))


def _hook(table: sa.Table, holder: str) -> sa.Column[Any]:
    """The column by which a row of a link table hangs on what it is a part of."""
    return next(
        column for column in table.columns
        if any(key.column.table.name == holder for key in column.foreign_keys)
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _list_used(batch_id: int, table: sa.Table) -> Iterator[tuple[Holder, Use]]:
    """What was made and something refers to that the import has not written."""
    written = {each.name for each in tables_of(batch_id)}
    for other, column in _references(table):
        if "id" not in other.columns and other.name in written:
            # Links of the file itself are looked at by what they hang on.
            continue
        own = select(ImportChange.row_id).where(*of(batch_id, other))
        query = (
            select(ImportChange.holder_table, ImportChange.holder_id, sa.func.max(_key(other)))
            .join(other, column == ImportChange.row_id)
            .where(*of(batch_id, table), ImportChange.is_new)
            .group_by(ImportChange.holder_table, ImportChange.holder_id)
        )
        if "id" in other.columns:
            query = query.where(other.c.id.not_in(own))
        for holder_table, holder_id, used in session.execute(query):
            yield (holder_table, holder_id), Use(other.name, used)


def _references(table: sa.Table) -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """The columns of any table that refer to rows of this one; to a link nothing does."""
    if "id" not in table.columns:
        return
    for other in Model.metadata.sorted_tables:
        if other.name not in _OWN:
            for column in other.columns:
                if any(key.column is table.c.id for key in column.foreign_keys):
                    yield other, column


def _key(table: sa.Table) -> sa.ColumnElement[int]:
    """What tells a row of the table."""
    return table.c.id if "id" in table.columns else next(iter(table.primary_key.columns))


def _keep_parents(batch_id: int, tables: list[sa.Table], kept: dict[Holder, Use]) -> None:
    """Whatever a row that stays refers to stays as well."""
    waiting = list(kept)
    while waiting:
        found = dict(_list_parents(batch_id, tables, waiting))
        waiting = [holder for holder in found if holder not in kept]
        kept |= {holder: found[holder] for holder in waiting}


def _list_parents(
    batch_id: int, tables: list[sa.Table], holders: list[Holder]
) -> Iterator[tuple[Holder, Use]]:
    for some in portions(holders, 300):
        own = sa.tuple_(ImportChange.holder_table, ImportChange.holder_id).in_(some)
        for child in (each for each in tables if "id" in each.columns):
            ids = select(ImportChange.row_id).where(*of(batch_id, child), own)
            for table in tables:
                for column in (each for other, each in _references(table) if other is child):
                    made = select(
                        ImportChange.holder_table, ImportChange.holder_id, child.c.id
                    ).join(child, column == ImportChange.row_id)
                    query = made.where(
                        *of(batch_id, table), ImportChange.is_new, child.c.id.in_(ids)
                    )
                    for holder_table, holder_id, used in session.execute(query):
                        yield (holder_table, holder_id), Use(child.name, used)


def own_column(batch_id: int, table: sa.Table) -> sa.Column[Any]:
    """The column that holds what the changes of a table call the id of its row."""
    if "id" in table.columns:
        own: sa.Column[Any] = table.c.id
        return own
    holder = session.scalars(select(ImportChange.holder_table).where(*of(batch_id, table)).limit(1))
    return _hook(table, holder.one())
