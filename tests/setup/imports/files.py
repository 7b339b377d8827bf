"""A file brought in as a test needs it: checked, taken over, taken back, each in its own run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app

from tests.factories import AT, make_branch, make_user
from workshop import db
from workshop.db import Model
from workshop.setup.imports import background, listed, queries, service
from workshop.setup.imports.models import ImportBatch, ImportRow
from workshop.setup.imports.rules import ImportState, Verdict
from workshop.staff.permissions import RoleName

S = ImportState
# The engine's own tables, the trail and the people that a test makes are no part of what it brings.
_BESIDE = ("import_", "audit", "user", "role", "branch", "alembic")


def check(kind: str, text: str | bytes) -> ImportBatch:
    """The dry run of a file."""
    data = text if isinstance(text, bytes) else text.encode()
    by = make_user(RoleName.SERVICE_MANAGER)
    batch = service.bring(make_branch(), listed.get_kind(kind), f"{kind}.csv", data, by=by, at=AT)
    db.commit()
    return go(batch, S.CHECKING)


def go(batch: ImportBatch, state: ImportState) -> ImportBatch:
    """Let a run begin and end."""
    batch_id = batch.id
    runner = service.begin(batch, state, by=make_user(RoleName.SERVICE_MANAGER), at=AT)
    db.commit()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    background.run(app, batch_id, runner)
    db.session.expire_all()
    return queries.get_batch(make_branch(), batch_id)


def take(kind: str, text: str | bytes, answers: Mapping[str, str] | None = None) -> ImportBatch:
    """Check a file and take it over; questions are answered for all their rows."""
    batch = check(kind, text)
    for question, choice in (answers or {}).items():
        service.answer(batch, question, choice, by=make_user(RoleName.SERVICE_MANAGER))
    db.commit()
    _taken[batch.id] = rows(batch)
    done = go(batch, S.APPLYING)
    assert done.state is S.APPLIED, done.failure
    return done


def undo(batch: ImportBatch) -> ImportBatch:
    """Take it back."""
    done = go(batch, S.UNDOING)
    assert done.state is S.UNDONE, done.failure
    return done


class Checked(NamedTuple):
    """What the dry run says of a row."""

    line: int
    verdict: Verdict
    said: dict[str, Any] | None


# Of a file that was taken over the database keeps no rows any more.
_taken: dict[int, list[Checked]] = {}


def rows(batch: ImportBatch) -> list[Checked]:
    """What the dry run says of each row, or said before the file was taken over."""
    if batch.state in (S.APPLIED, S.UNDONE):
        return _taken[batch.id]
    query = sa.select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.id)
    return [Checked(row.line, row.verdict, row.said) for row in db.session.scalars(query)]


def verdicts(batch: ImportBatch) -> list[Verdict]:
    """The verdict of each row."""
    return [row.verdict for row in rows(batch)]


def notes(row: Checked) -> list[str]:
    """The sentences on a row, in English."""
    said = (row.said or {}).get("notes", [])
    return [
        each["message"] % each["values"] if each["values"] else each["message"] for each in said
    ]


def dump() -> dict[str, list[Any]]:
    """All rows of the shop, by table: two dumps are equal when nothing is left of an import."""
    tables: Iterable[sa.Table] = Model.metadata.sorted_tables
    return {
        table.name: sorted(map(repr, map(tuple, db.session.execute(sa.select(table)))))
        for table in tables
        if not table.name.startswith(_BESIDE)
    }
