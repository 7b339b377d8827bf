"""Taking an import back: what nobody has touched goes, the rest stays and is named.

A row stays with all its parts when it was changed since, when something that stays refers to it,
or when a part of it is so. What only the import made and nothing else uses goes, whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import Model, session
from workshop.setup.imports import bulk, plans
from workshop.setup.imports.bulk import read_rows, write
from workshop.setup.imports.models import ImportBatch, ImportChange, ImportKept
from workshop.setup.imports.rules import ImportState
from workshop.setup.imports.taking_back import staying
from workshop.setup.imports.taking_back.staying import Holder, Use
from workshop.staff import audit
from workshop.staff.models import User


def undo(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Reverse what the import did and nobody has touched; keep the rest, and list it.

    The caller commits: until then nobody sees anything of it.
    """
    kept = staying.find(batch.id)
    _keep(batch.id, kept)
    gone = restored = 0
    for name in reversed([table.name for table in staying.tables_of(batch.id)]):
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


_NAMES = ("name", "display_name", "plate", "vin", "no", "code", "name_zh")


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
        *staying.of(batch_id, table), ImportChange.is_new, _goes(batch_id)
    )
    return write(sa.delete(table).where(staying.own_column(batch_id, table).in_(made)))


def _restore(batch_id: int, table: sa.Table) -> int:
    """Put the columns back that were changed, the last change first."""
    query = (
        select(ImportChange.row_id, ImportChange.old)
        .where(*staying.of(batch_id, table), ~ImportChange.is_new, _goes(batch_id))
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
