"""Reading imports: the files, their rows, and what stayed when one was taken back."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import select

from workshop import paging
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.setup.imports.models import ImportBatch, ImportFile, ImportKept, ImportRow
from workshop.setup.imports.rules import SKIP, ImportState, Verdict
from workshop.shop.models import Branch
from workshop.staff.models import User

ROWS = 50


def get_batch(branch: Branch, batch_id: int) -> ImportBatch:
    """A file of this branch; raises NotFound."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or batch.branch_id != branch.id:
        raise NotFound(N_("There is no such import."))
    return batch


def data_of(batch: ImportBatch) -> bytes:
    """The bytes of the file."""
    query = select(ImportFile.data).where(ImportFile.batch_id == batch.id)
    return bytes(session.scalars(query).one())


def list_batches(branch: Branch, page: int = 1) -> paging.Page:
    """The files of the branch with who brought each, the newest first."""
    query = (
        select(ImportBatch, User)
        .join(User, User.id == ImportBatch.by_id)
        .where(ImportBatch.branch_id == branch.id)
    )
    return paging.read_page(query.order_by(ImportBatch.id.desc()), page)


def find_same(batch: ImportBatch) -> ImportBatch | None:
    """The same file, taken over before and not taken back."""
    query = select(ImportBatch).where(
        ImportBatch.sha256 == batch.sha256,
        ImportBatch.kind == batch.kind,
        ImportBatch.id != batch.id,
        ImportBatch.branch_id == batch.branch_id,
        ImportBatch.state == ImportState.APPLIED,
    )
    return session.scalars(query.order_by(ImportBatch.id.desc()).limit(1)).first()


def find_turn() -> ImportBatch | None:
    """The file that is being written now, if one is."""
    return session.scalars(select(ImportBatch).where(ImportBatch.has_turn)).first()


def list_rows(batch: ImportBatch, verdict: Verdict, page: int = 1) -> paging.Page:
    """The rows of one verdict, as the file has them."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.verdict == verdict)
    return paging.read_page(query.order_by(ImportRow.id), page, ROWS)


def is_taken() -> tuple[sa.ColumnElement[bool], ...]:
    """Which rows do something: those that bring or change, and doubtful ones by their answer."""
    answered = sa.and_(ImportRow.answer != "", ImportRow.answer != SKIP)
    return (ImportRow.plan != "", sa.or_(ImportRow.verdict != Verdict.DOUBTFUL, answered))


def count_taken(batch: ImportBatch) -> int:
    """How many rows would do something."""
    query = select(sa.func.count(ImportRow.id)).where(ImportRow.batch_id == batch.id, *is_taken())
    return session.scalar(query) or 0


def count_answered(batch: ImportBatch, question: str) -> int:
    """How many rows of a question have an answer by which they are taken over."""
    query = select(sa.func.count(ImportRow.id)).where(
        ImportRow.batch_id == batch.id,
        ImportRow.question == question,
        ImportRow.answer != "",
        ImportRow.answer != SKIP,
    )
    return session.scalar(query) or 0


def list_questions(batch: ImportBatch) -> list[tuple[str, int, int, ImportRow]]:
    """Each question with how many rows ask it, how many are answered, and one that asks."""
    query = (
        select(
            ImportRow.question,
            sa.func.count(ImportRow.id),
            sa.func.sum(sa.case((ImportRow.answer != "", 1), else_=0)),
            sa.func.min(ImportRow.id),
        )
        .where(ImportRow.batch_id == batch.id, ImportRow.question != "")
        .group_by(ImportRow.question)
        .order_by(sa.func.min(ImportRow.id))
    )
    return [
        (name, count, answered, session.get_one(ImportRow, first))
        for name, count, answered, first in session.execute(query)
    ]


def list_left(batch: ImportBatch) -> Iterator[ImportRow]:
    """The rows that were not taken over, in their order."""
    left = sa.or_(
        ImportRow.verdict == Verdict.REFUSED,
        sa.and_(ImportRow.verdict == Verdict.DOUBTFUL, ImportRow.answer.in_(("", SKIP))),
    )
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, left).order_by(ImportRow.id)
    yield from session.scalars(query).yield_per(1000)


def list_kept(batch: ImportBatch, page: int = 1) -> paging.Page:
    """What stayed when the file was taken back."""
    query = select(ImportKept).where(ImportKept.batch_id == batch.id)
    return paging.read_page(query.order_by(ImportKept.id), page)
