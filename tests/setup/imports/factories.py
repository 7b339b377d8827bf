"""Files brought in by services, and worked on at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from tests.factories import AT, make_branch
from workshop import db
from workshop.customers import service as customers
from workshop.customers.models import Customer
from workshop.db import session
from workshop.setup.imports import background, listed, queries, service
from workshop.setup.imports.models import ImportBatch, ImportRow
from workshop.setup.imports.rules import ImportState, Verdict
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

S = ImportState


def boss() -> User:
    """The manager who imports, made once."""
    known = staff.find_user("importer")
    if known is not None:
        return known
    roles = [RoleName.SERVICE_MANAGER]
    made = staff.create_user("importer", "周明", roles, make_branch().id, at=AT)
    db.commit()
    return made


def zhang() -> Customer:
    """A customer whom the shop has."""
    made = customers.make_customer("张伟", "13800138001", by=boss(), at=AT)
    db.commit()
    return made


def names() -> list[tuple[str, str]]:
    """All customers with their numbers."""
    query = select(Customer.name, Customer.phone).order_by(Customer.id)
    return [(name, phone) for name, phone in session.execute(query)]


def table(head: str, *rows: Sequence[Any]) -> bytes:
    """A CSV file: heads parted by blanks, and rows."""
    text = io.StringIO()
    csv.writer(text).writerows([head.split(), *rows])
    return text.getvalue().encode()


PEOPLE = table(
    "客户编号 姓名 手机 地址",
    ("K1", "张伟", "13800138001", "张杨路1号"),
    ("K2", "李娜", "13800138002", ""),
    ("K3", "王芳", "13800138003", "世纪大道9号"),
)


def bring(kind: str, data: bytes, name: str = "旧系统.csv", by: User | None = None) -> ImportBatch:
    """A file that was brought in, with its columns."""
    by = by or boss()
    batch = service.bring(make_branch(), listed.get_kind(kind), name, data, by=by, at=AT)
    db.commit()
    return batch


def run(batch: ImportBatch, state: ImportState) -> ImportBatch:
    """Let the file be checked, taken over or taken back, to the end."""
    runner = service.begin(batch, state, by=boss(), at=AT)
    batch_id = batch.id
    db.commit()
    background.run(current_app._get_current_object(), batch_id, runner)  # type: ignore[attr-defined]
    return queries.get_batch(make_branch(), batch_id)


def check(kind: str, data: bytes) -> ImportBatch:
    """A file with its dry run."""
    return run(bring(kind, data), S.CHECKING)


def apply(batch: ImportBatch) -> ImportBatch:
    """Take a checked file over."""
    return run(batch, S.APPLYING)


def undo(batch: ImportBatch) -> ImportBatch:
    """Take an import back."""
    return run(batch, S.UNDOING)


def answer(batch: ImportBatch, question: str, choice: str) -> ImportBatch:
    """Answer a question for all rows."""
    service.answer(batch, question, choice, by=boss())
    db.commit()
    return batch


def take_over(kind: str, data: bytes) -> ImportBatch:
    """Check a file and take it over."""
    return apply(check(kind, data))


def rows(batch: ImportBatch) -> list[ImportRow]:
    """What the dry run says, row by row."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id)
    return list(session.scalars(query.order_by(ImportRow.id)))


def verdicts(batch: ImportBatch) -> list[str]:
    """The verdict of each row; a question stands behind its one."""
    return [
        f"{row.verdict.value}: {row.question}" if row.question else row.verdict.value
        for row in rows(batch)
    ]


def told(row: ImportRow) -> str:
    """All that is said of a row, in English."""
    said = row.said or {}
    asked = said.get("question")
    kept = [*said.get("notes", ()), *([asked, *asked["more"]] if asked else ())]
    return " ".join(each["message"] % each["values"] for each in kept)


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows have which verdict, without those that none has."""
    return {each.value: batch.counts[each.value] for each in Verdict if batch.counts[each.value]}
