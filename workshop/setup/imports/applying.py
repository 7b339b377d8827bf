"""Taking a checked file over: all rows that can be taken, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Conflict
from workshop.setup.imports import plans, queries
from workshop.setup.imports.kind import Kind
from workshop.setup.imports.models import ImportBatch, ImportRow
from workshop.setup.imports.pen import Pen
from workshop.setup.imports.rules import ImportState, Verdict
from workshop.setup.imports.taking_back import stamps
from workshop.staff import audit
from workshop.staff.models import User

ROWS_AT_A_TIME = 2000


class Moved(Conflict):
    """The shop's data are not any more what the dry run has seen."""

    def __init__(self) -> None:
        super().__init__(N_("The shop's data have changed since the file was checked."))


def apply(batch: ImportBatch, kind: Kind, *, by: User, at: datetime) -> None:
    """Do what the rows mean. Raises Moved, with nothing done, when that is out of date.

    The caller has the turn, and commits: until then nobody sees anything of it.
    """
    stamps.hold(kind.tables)
    if stamps.take(kind.tables) != batch.stamp:
        raise Moved
    pen = Pen(batch.id, by=by, at=at)
    taken: Counter[str] = Counter()
    for some in _portions(batch.id):
        pen.carry_out([(row.line, act) for row in some for act in plans.read(row.plan, row.answer)])
        taken.update(row.verdict.value for row in some)
    left = sum(count for verdict, count in batch.counts.items() if verdict in _LEFT)
    batch.counts = {
        **batch.counts,
        "taken": taken.total(),
        "left": left - taken[Verdict.DOUBTFUL.value],
    }
    batch.state, batch.applied_at, batch.applied_by_id = ImportState.APPLIED, at, by.id
    audit.write(
        by,
        "setup.import_file",
        batch,
        at,
        kind=kind.label,
        file=batch.file_name,
        new=taken[Verdict.NEW.value],
        changed=taken[Verdict.CHANGED.value],
        decided=taken[Verdict.DOUBTFUL.value],
        left=batch.counts["left"],
        **kind.tell(batch.id),
    )


_LEFT = (Verdict.REFUSED.value, Verdict.DOUBTFUL.value)


def _portions(batch_id: int) -> Iterator[Any]:
    """The rows that do something, a few thousand at a time."""
    last = 0
    while True:
        query = select(
            ImportRow.id, ImportRow.line, ImportRow.verdict, ImportRow.answer, ImportRow.plan
        ).where(ImportRow.batch_id == batch_id, ImportRow.id > last, *queries.is_taken())
        some = session.execute(query.order_by(ImportRow.id).limit(ROWS_AT_A_TIME)).all()
        if not some:
            return
        yield some
        last = some[-1].id
