"""The append-only trail of what people did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workshop import db
from workshop.db import Model, session
from workshop.staff.models import AuditEntry, User


def write(
    by: User | None, action: str, subject: Model | None, at: datetime, **details: Any
) -> AuditEntry:
    """Add one line: who, what (`package.verb`), to which record, with JSON-able details."""
    if subject is not None and sa.inspect(subject).identity is None:
        # A new record has its number only once it is written.
        session.flush()
    entry = AuditEntry(
        at=at,
        by_id=by.id if by else None,
        action=action,
        subject=_table_of(subject) if subject is not None else None,
        subject_id=getattr(subject, "id", None),
        details=details,
    )
    session.add(entry)
    db.note(entry)
    return entry


def newest() -> int:
    """The number of the last line: as long as it stays, nobody has done anything."""
    return int(session.scalar(sa.select(sa.func.max(AuditEntry.id))) or 0)


def list_written() -> list[AuditEntry]:
    """The lines of this transaction, in their order."""
    return [each for each in db.list_noted() if isinstance(each, AuditEntry)]


def _table_of(subject: Model) -> str:
    # A kind of rows of another class's table has no table name of its own.
    table = sa.inspect(subject).mapper.local_table
    assert isinstance(table, sa.Table)
    return table.name
