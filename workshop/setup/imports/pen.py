"""Carries plans out, some thousand rows at a time, and keeps what each has done."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from workshop import db
from workshop.db import Model, session
from workshop.setup.imports import bulk, plans
from workshop.setup.imports.models import ImportChange
from workshop.staff.models import User

Act = plans.Act
# The database lets nobody change their rows, so nobody has to compare them later.
WRITTEN_ONCE = frozenset(
    {
        "odometer_reading",
        "owner_change",
        "stock_entry",
        "part_price",
        "labour_price",
        "package_price",
        "past_line",
        "appointment_change",
    }
)
_ORDER = {table.name: place for place, table in enumerate(Model.metadata.sorted_tables)}
_CHANGE = Model.metadata.tables[ImportChange.__tablename__]


class _New(NamedTuple):
    line: int
    table: str
    id: int
    act: Act


class Pen:
    """Writes for one file. What it writes is in the transaction of whoever holds it."""

    def __init__(self, batch_id: int, *, by: User, at: datetime) -> None:
        self._batch_id = batch_id
        self._marks = {"at": at, "by": by.id, "locale": by.locale, "once": _once}
        self._refs: dict[str, tuple[str, int]] = {}
        self._ids = _Ids()

    def carry_out(self, acts: Sequence[tuple[int, Act]]) -> None:
        """Do the acts of some rows, each with the line of its row."""
        sets = [act for act in acts if "set" in act[1]]
        # What there may be once is free before somebody else gets it.
        self._change_all([act for act in sets if _frees(act[1])])
        self._change_all([act for act in sets if not _frees(act[1]) and not _refers(act[1])])
        self._put_all(acts)
        self._change_all([act for act in sets if _refers(act[1])])

    def _put_all(self, acts: Sequence[tuple[int, Act]]) -> None:
        puts = list(self._number(act for act in acts if "put" in act[1]))
        by_table: dict[str, list[_New]] = defaultdict(list)
        for put in puts:
            by_table[put.table].append(put)
        for name in sorted(by_table, key=_ORDER.__getitem__):
            table = Model.metadata.tables[name]
            write = self._insert if "id" in table.columns else self._insert_links
            write(table, by_table[name])

    def _change_all(self, acts: Sequence[tuple[int, Act]]) -> None:
        named = [(line, found) for line, act in acts if (found := self._named(act))]
        for some in _once_each(named):
            self._change(some)

    def _named(self, act: Act) -> Act | None:
        """The change with the id of its row; None when the row was not made."""
        ref = act.get("ref")
        if ref is None:
            return act
        return {**act, "id": self._refs[ref][1]} if ref in self._refs else None

    def _number(self, acts: Iterable[tuple[int, Act]]) -> Iterator[_New]:
        """Give each new row its id, before any is written: others refer to it."""
        wanted: list[tuple[int, Act]] = []
        seen: set[str] = set()
        for line, act in acts:
            ref = act.get("ref", "")
            if ref and (ref in self._refs or ref in seen):
                continue
            seen.add(ref)
            wanted.append((line, act))
        for line, act in wanted:
            made = self._ids.next(act["put"], len(wanted))
            if ref := act.get("ref"):
                self._refs[ref] = act["put"], made
            yield _New(line, act["put"], made, act)

    def _insert_links(self, table: sa.Table, rows: list[_New]) -> None:
        """Rows that only link two others: each is kept under the id of the row it hangs on."""
        values = [self._values(row.act) for row in rows]
        bulk.insert(table, values)
        holders = [self._holder(row) for row in rows]
        bulk.insert(
            _CHANGE,
            [
                self._kept(
                    row.line, row.table, holder[1], holder, version=None, new=plans.apart(written)
                )
                for row, holder, written in zip(rows, holders, values, strict=True)
            ],
        )

    def _insert(self, table: sa.Table, rows: list[_New]) -> None:
        has_version = "version" in table.columns
        is_kept_right = has_version or table.name in WRITTEN_ONCE
        usual = bulk.defaults_of(table)
        values = [{**usual, **self._values(row.act), "id": row.id} for row in rows]
        bulk.insert(table, values)
        kept = [
            self._kept(
                row.line,
                row.table,
                row.id,
                self._holder(row),
                version=1 if has_version else None,
                new=None if is_kept_right else plans.apart(written),
            )
            for row, written in zip(rows, values, strict=True)
        ]
        bulk.insert(_CHANGE, kept)

    def _values(self, act: Act) -> dict[str, Any]:
        return plans.together(act, self._refs, self._marks)

    def _holder(self, row: _New) -> tuple[str, int]:
        part_of = row.act.get("part_of")
        if part_of is None:
            return row.table, row.id
        if isinstance(part_of, str):
            return self._refs[part_of]
        return part_of[0], part_of[1]

    def _kept(
        self,
        line: int,
        table: str,
        row_id: int,
        holder: tuple[str, int],
        *,
        version: int | None,
        old: dict[str, Any] | None = None,
        new: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        return {
            "batch_id": self._batch_id,
            "line": line,
            "table_name": table,
            "row_id": row_id,
            "is_new": old is None,
            "holder_table": holder[0],
            "holder_id": holder[1],
            "version": version,
            "old": old,
            "new": new,
        }

    def _change(self, acts: Sequence[tuple[int, Act]]) -> None:
        """Change rows that are there, each named once in `acts`."""
        groups: dict[tuple[str, tuple[str, ...]], list[tuple[int, Act]]] = defaultdict(list)
        for line, act in acts:
            groups[act["set"], tuple(sorted(_columns(act)))].append((line, act))
        for (name, columns), some in groups.items():
            self._change_alike(Model.metadata.tables[name], columns, some)

    def _change_alike(
        self, table: sa.Table, columns: tuple[str, ...], acts: list[tuple[int, Act]]
    ) -> None:
        has_version = "version" in table.columns
        before = bulk.read_rows(
            table, [act["id"] for _, act in acts], (*columns, *("version",) * has_version)
        )
        new: list[dict[str, Any]] = []
        kept: list[dict[str, Any]] = []
        for line, act in acts:
            old = before[act["id"]]
            values = self._values(act)
            version = old["version"] + 1 if has_version else None
            new.append(
                {"b_id": act["id"]} | {f"b_{key}": each for key, each in values.items()}
                | ({"b_version": version} if has_version else {})
            )  # fmt: skip
            kept.append(
                self._kept(
                    line,
                    table.name,
                    act["id"],
                    (table.name, act["id"]),
                    version=version,
                    old=plans.apart(old),
                    new=None if has_version else plans.apart(values),
                )
            )
        set_ = (*columns, *("version",) * has_version)
        query = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("b_id"))
            .values({key: sa.bindparam(f"b_{key}") for key in set_})
        )
        session.connection().execute(query, new)
        bulk.insert(_CHANGE, kept)


def _once() -> str:
    return uuid.uuid4().hex


def _columns(act: Act) -> Iterator[str]:
    """The columns that a change writes."""
    for kind in ("values", "refs", "marks", "days", "times", "hours"):
        yield from act.get(kind, ())


def _frees(act: Act) -> bool:
    """Whether a change only empties columns."""
    return len(act) == len(("set", "id", "values")) and not any(
        value is not None for value in act["values"].values()
    )


def _refers(act: Act) -> bool:
    """Whether a change names a row that the file makes."""
    return "ref" in act or "refs" in act


def _once_each(acts: list[tuple[int, Act]]) -> Iterator[list[tuple[int, Act]]]:
    """The acts in their order, no row twice at a time: what was before is read once for all."""
    some: list[tuple[int, Act]] = []
    named: set[tuple[str, int]] = set()
    for line, act in acts:
        key = (act["set"], act["id"])
        if key in named:
            yield some
            some, named = [], set()
        some.append((line, act))
        named.add(key)
    if some:
        yield some


class _Ids:
    """Ids for new rows: the database's own counter, asked for many at once."""

    def __init__(self) -> None:
        self._waiting: dict[str, Iterator[int]] = {}

    def next(self, table: str, about: int) -> int:
        """An id that no row of the table has; about so many more will be asked for."""
        found = next(self._waiting.get(table, iter(())), None)
        if found is None:
            self._waiting[table] = self._reserve(table, about)
            found = next(self._waiting[table])
        return found

    def _reserve(self, table: str, about: int) -> Iterator[int]:
        if "id" not in Model.metadata.tables[table].columns:
            return itertools.repeat(0)
        if db.is_sqlite():
            # Whoever writes is alone until the end of the transaction.
            last = session.scalar(sa.text(f'SELECT coalesce(max(id), 0) FROM "{table}"'))
            return itertools.count(last + 1)
        query = sa.text(
            "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :about)"
        )
        return iter(session.scalars(query, {"table": f'"{table}"', "about": about}).all())
