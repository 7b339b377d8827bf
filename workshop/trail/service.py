"""What is done with the trail itself."""

from __future__ import annotations

from datetime import datetime

from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import Permission


def note_export(filters: dict[str, str], rows: int, *, by: User, at: datetime) -> AuditEntry:
    """Note that somebody took the trail away as a file, of what and how much."""
    staff.require_permission(by, Permission.READ_AUDIT)
    return audit.write(by, "trail.export", by, at, filters=filters, rows=rows)
