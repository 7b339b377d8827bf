"""Taking an import back: what nobody has touched goes, the rest stays and is named.

A row stays with all its parts when it was changed since, when something that stays refers to it,
or when a part of it is so. What only the import made and nothing else uses goes, whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import Model, session
from workshop.setup.imports import bulk, plans
from workshop.setup.imports.bulk import portions, read_rows, write
from workshop.setup.imports.models import ImportBatch, ImportChange, ImportKept
from workshop.setup.imports.pen import WRITTEN_ONCE
from workshop.setup.imports.rules import ImportState
from workshop.staff import audit
from workshop.staff.models import User

ROWS_AT_A_TIME = 2000
_OWN = frozenset({"import_batch", "import_file", "import_row", "import_change", "import_kept"})
Holder = tuple[str, int]


@dataclass(frozen=True)
class Use:
    """Where a row is used: a table and a row of it; empty when the row itself was changed."""

    table: str = ""
    id: int | None = None


def undo(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Reverse what the import did and nobody has touched; keep the rest, and list it.

    The caller commits: until then nobody sees anything of it.
    """
    kept = _find_kept(batch.id)
    _keep(batch.id, kept)
    gone = restored = 0
    for name in reversed([table.name for table in _tables(batch.id)]):
        # What there may be once is free before it goes back to whom it was taken from.
        gone += _delete(batch.id, Model.metadata.tables[name])
        restored += _restore(batch.id, Model.metadata.tables[name])
    session.expire_all()
    batch.counts = {**batch.counts, "gone": gone, "restored": restored, "kept": len(kept)}
    batch.state, batch.undone_at, batch.undone_by_id = ImportState.UNDONE, at, by.id
    audit.write(
        by,
        "setup.take_back_import",
        batch,
        at,
        file=batch.file_name,
        gone=gone,
        restored=restored,
        kept=len(kept),
    )


# ---- What stays ----


def _find_kept(batch_id: int) -> dict[Holder, Use]:
    kept: dict[Holder, Use] = {}
    tables = _tables(batch_id)
    for table in tables:
        for holder in _list_touched(batch_id, table):
            kept.setdefault(holder, Use())
    # Parts come after what they are parts of, so whatever refers to a row is asked before it.
    for table in reversed(tables):
        for holder, use in _list_used(batch_id, table):
            kept.setdefault(holder, use)
    _keep_parents(batch_id, tables, kept)
    return kept


def _tables(batch_id: int) -> list[sa.Table]:
    """The tables that the import wrote, each after those that it refers to."""
    named = select(ImportChange.table_name).where(ImportChange.batch_id == batch_id).distinct()
    names = set(session.scalars(named))
    return [table for table in Model.metadata.sorted_tables if table.name in names]


def _of(batch_id: int, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return ImportChange.batch_id == batch_id, ImportChange.table_name == table.name


def _list_touched(batch_id: int, table: sa.Table) -> Iterator[Holder]:
    """What was changed since, or is not there any more."""
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
        .where(*_of(batch_id, table))
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
    query = select(ImportChange).where(*_of(batch_id, table)).order_by(ImportChange.id.desc())
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


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _list_used(batch_id: int, table: sa.Table) -> Iterator[tuple[Holder, Use]]:
    """What was made and something refers to that the import has not written."""
    for other, column in _references(table):
        own = select(ImportChange.row_id).where(*_of(batch_id, other))
        query = (
            select(ImportChange.holder_table, ImportChange.holder_id, sa.func.max(_key(other)))
            .join(other, column == ImportChange.row_id)
            .where(*_of(batch_id, table), ImportChange.is_new)
            .group_by(ImportChange.holder_table, ImportChange.holder_id)
        )
        if "id" in other.columns:
            query = query.where(other.c.id.not_in(own))
        for holder_table, holder_id, used in session.execute(query):
            yield (holder_table, holder_id), Use(other.name, used)


def _references(table: sa.Table) -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """The columns of any table that refer to rows of this one."""
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
        for child in tables:
            ids = select(ImportChange.row_id).where(*_of(batch_id, child), own)
            for table in tables:
                for column in (each for other, each in _references(table) if other is child):
                    made = select(
                        ImportChange.holder_table, ImportChange.holder_id, child.c.id
                    ).join(child, column == ImportChange.row_id)
                    query = made.where(
                        *_of(batch_id, table), ImportChange.is_new, child.c.id.in_(ids)
                    )
                    for holder_table, holder_id, used in session.execute(query):
                        yield (holder_table, holder_id), Use(child.name, used)


def _keep(batch_id: int, kept: dict[Holder, Use]) -> None:
    titles = _titles(kept)
    rows = [
        {
            "batch_id": batch_id,
            "table_name": table,
            "row_id": row_id,
            "used_table": use.table,
            "used_id": use.id,
            "title": titles.get((table, row_id), ""),
        }
        for (table, row_id), use in kept.items()
    ]
    if rows:
        bulk.insert(Model.metadata.tables["import_kept"], rows)


def _titles(holders: Iterable[Holder]) -> dict[Holder, str]:
    """What each row is called, for the list: by its name, plate, number or code."""
    found: dict[Holder, str] = {}
    for name, some in groupby(sorted(holders), key=lambda each: each[0]):
        table = Model.metadata.tables[name]
        columns = [each for each in _NAMES if each in table.columns]
        for row_id, values in read_rows(table, [each[1] for each in some], columns).items():
            named = (str(value) for value in values.values() if value)
            found[name, row_id] = next(named, "")[:200]
    return found


_NAMES = ("name", "plate", "vin", "no", "code", "name_zh")


# ---- What goes ----


def _goes(batch_id: int) -> sa.ColumnElement[bool]:
    stays = select(ImportKept.id).where(
        ImportKept.batch_id == batch_id,
        ImportKept.table_name == ImportChange.holder_table,
        ImportKept.row_id == ImportChange.holder_id,
    )
    return ~stays.exists()


def _delete(batch_id: int, table: sa.Table) -> int:
    made = select(ImportChange.row_id).where(
        *_of(batch_id, table), ImportChange.is_new, _goes(batch_id)
    )
    return write(sa.delete(table).where(table.c.id.in_(made)))


def _restore(batch_id: int, table: sa.Table) -> int:
    """Put the columns back that were changed, the last change first."""
    query = (
        select(ImportChange.row_id, ImportChange.old)
        .where(*_of(batch_id, table), ~ImportChange.is_new, _goes(batch_id))
        .order_by(ImportChange.id.desc())
    )
    rows = session.execute(query).all()
    for names, some in groupby(rows, key=lambda row: tuple(sorted(plans.together(row.old)))):
        session.connection().execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("b_id"))
            .values({name: sa.bindparam(f"b_{name}") for name in names}),
            [{"b_id": row.row_id, **_bound(row.old)} for row in some],
        )
    return len(rows)


def _bound(old: dict[str, Any]) -> dict[str, Any]:
    return {f"b_{name}": value for name, value in plans.together(old).items()}
