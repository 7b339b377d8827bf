"""What is done with the trail itself."""

from __future__ import annotations

from datetime import datetime

from workshop.staff import audit
from workshop.staff.models import AuditEntry, User


def note_export(
    label: str, kind: str, filters: dict[str, str], rows: int, *, by: User, at: datetime
) -> AuditEntry:
    """Note that somebody took a list away as a file: which (its msgid), of what, how much."""
    said = {"list": label, "kind": kind, "filters": filters, "rows": rows}
    return audit.write(by, "trail.export", by, at, **said)
