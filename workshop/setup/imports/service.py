"""Bringing a file in: its columns, its dry run, taking it over and back. Each act as somebody asks.

What takes long runs in the background (`jobs`); here it is asked for and refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import update

from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, NotFound, RuleBroken, require
from workshop.setup.imports import clearing, gates, life, listed, mapping, queries, saying
from workshop.setup.imports.bulk import write
from workshop.setup.imports.kind import Kind
from workshop.setup.imports.models import ImportBatch, ImportFile, ImportRow
from workshop.setup.imports.reading import rows
from workshop.setup.imports.rules import BEFORE, ImportState, Verdict
from workshop.sheets import Sheet, read
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

S = ImportState
LARGEST = 64 * 1024 * 1024
_SAMPLES = 3
_LONGEST_NAME = 200


def bring(
    branch: Branch, kind: Kind, name: str, data: bytes, *, by: User, at: datetime
) -> ImportBatch:
    """Take a file in and look at its columns; nothing of it is taken over.

    Raises Unreadable for a file that is none of ours.
    """
    require_rights(kind, by)
    if len(data) > LARGEST:
        raise Invalid(
            N_("The file has more than %(most)s MB. Split it into parts."),
            field="file",
            most=LARGEST // 1024 // 1024,
        )
    found, guessed = _look(kind, name, data, "", "")
    batch = ImportBatch(
        branch_id=branch.id,
        kind=kind.name,
        file_name=name[-_LONGEST_NAME:],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        at=at,
        by_id=by.id,
        found=found,
        mapping=guessed,
        day_first={},
        answers={},
        counts={},
    )
    session.add(batch)
    session.flush()
    session.add(ImportFile(batch_id=batch.id, data=data))
    return batch


def require_rights(kind: Kind, by: User) -> None:
    """Raises NotAllowed unless the person may import, and see what the file holds."""
    staff.require_permission(by, Permission.IMPORT_DATA)
    for right in sorted(kind.rights, key=lambda each: each.value):
        staff.require_permission(by, right)


def open_sheet(kind: Kind, batch: ImportBatch) -> Sheet:
    """The file as a table; the caller closes it."""
    return _open(kind, batch.file_name, queries.data_of(batch), batch.encoding, batch.delimiter)


def _open(kind: Kind, name: str, data: bytes, encoding: str, delimiter: str) -> Sheet:
    known = mapping.all_names(kind)
    return read(data, name, known=known, encoding=encoding or None, delimiter=delimiter or None)


def _look(
    kind: Kind, name: str, data: bytes, encoding: str, delimiter: str
) -> tuple[dict[str, Any], dict[str, int]]:
    with _open(kind, name, data, encoding, delimiter) as sheet:
        samples = [list(row.cells) for row in islice(rows(sheet), _SAMPLES)]
        found = {
            "encoding": sheet.encoding or "",
            "delimiter": sheet.delimiter or "",
            "header": list(sheet.header),
            "header_line": sheet.header_line,
            "samples": samples,
            "told": [saying.keep(each) for each in sheet.told],
        }
        return found, mapping.guess(kind, sheet.header)


def choose_reading(
    batch: ImportBatch, seen: int, encoding: str, delimiter: str, *, by: User
) -> None:
    """Read the file with another encoding or separator; its columns are looked for once more."""
    kind = _change(batch, seen, by)
    found, guessed = _look(kind, batch.file_name, queries.data_of(batch), encoding, delimiter)
    batch.encoding, batch.delimiter = encoding, delimiter
    batch.found, batch.mapping = found, guessed


def map_columns(
    batch: ImportBatch,
    seen: int,
    places: Mapping[str, int],
    day_first: Mapping[str, bool] | None = None,
    *,
    by: User,
) -> None:
    """Say which column is which, and of a column of days whether the day stands first."""
    kind = _change(batch, seen, by)
    width = len(batch.found["header"])
    batch.mapping = mapping.checked(kind, width, places.items())
    if day_first is not None:
        batch.day_first = dict(day_first)


def _change(batch: ImportBatch, seen: int, by: User) -> Kind:
    kind = listed.get_kind(batch.kind)
    require_rights(kind, by)
    if batch.version != seen:
        raise Conflict(N_("Somebody else has gone on with this file meanwhile. Look at it again."))
    if batch.state not in (S.UPLOADED, S.CHECKED):
        raise RuleBroken(N_("The file is not in this state any more."), code="state")
    batch.state, batch.failure = S.UPLOADED, None
    return kind


def begin(batch: ImportBatch, state: ImportState, *, by: User, at: datetime) -> str:
    """Let a run begin: the check, taking over, or taking back; gives its name for the background.

    Raises RuleBroken while something is missing, Conflict when it has begun already.
    """
    kind = listed.get_kind(batch.kind)
    require_rights(kind, by)
    if state is S.CHECKING and batch.state is S.CHECKED:
        batch.state = S.UPLOADED
        session.flush()
    if state is S.CHECKING:
        require(gates.missing_for_check(kind, batch.mapping))
    if state is S.APPLYING and batch.state is BEFORE[state]:
        require(gates.missing_for_apply(batch, queries.count_taken(batch)))
    return life.begin(batch, state, by=by, at=at)


def say_day_first(batch: ImportBatch, key: str, is_first: bool, *, by: User) -> None:
    """Say of a column of days whether the day stands before the month; the check begins again."""
    _change(batch, batch.version, by)
    batch.day_first = {**batch.day_first, key: is_first}


def answer(
    batch: ImportBatch, question: str, choice: str, row_id: int | None = None, *, by: User
) -> None:
    """Answer a question of one row, or of all rows that ask it."""
    require_rights(listed.get_kind(batch.kind), by)
    if batch.state is not S.CHECKED:
        raise RuleBroken(N_("The file is not in this state any more."), code="state")
    which = [ImportRow.batch_id == batch.id, ImportRow.question == question]
    if row_id is not None:
        which.append(ImportRow.id == row_id)
    known = session.scalars(sa.select(ImportRow).where(*which).limit(1)).first()
    if known is None:
        raise NotFound(N_("There is no such question."))
    choices = [value for value, _ in (known.said or {})["question"]["choices"]]
    if choice not in choices:
        raise Invalid(N_("Choose one of the answers."), field="choice")
    write(update(ImportRow).where(*which).values(answer=choice))
    session.expire_all()
    if row_id is None:
        batch.answers = {**batch.answers, question: choice}


def give_up(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Put a file away that was not taken over; what runs for it stops."""
    require_rights(listed.get_kind(batch.kind), by)
    if batch.state not in (S.UPLOADED, S.CHECKED):
        raise RuleBroken(N_("The file is not in this state any more."), code="state")
    batch.state = S.CANCELLED
    clearing.clear(batch)
    audit.write(by, "setup.give_up_import", batch, at, file=batch.file_name)


def stop(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Ask what runs for the file to stop; where it is writing already it ends as it would."""
    require_rights(listed.get_kind(batch.kind), by)
    if life.ask_to_stop(batch):
        audit.write(by, "setup.stop_import", batch, at, file=batch.file_name)


def counts(batch: ImportBatch) -> dict[Verdict, int]:
    """How many rows there are of each verdict."""
    return {each: int(batch.counts.get(each.value, 0)) for each in Verdict}
