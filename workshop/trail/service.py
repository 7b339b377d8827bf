"""What is done with the trail itself."""

from __future__ import annotations

from datetime import datetime

from workshop.customers.models import Customer
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import Permission


def note_export(
    label: str, kind: str, filters: dict[str, str], rows: int, *, by: User | None, at: datetime
) -> AuditEntry:
    """Note that a list was taken along as a file: which (its msgid), of what, how much."""
    said = {"list": label, "kind": kind, "filters": filters, "rows": rows}
    return audit.write(by, "trail.export", by, at, **said)


def note_data_on_request(customer: Customer, rows: int, *, by: User, at: datetime) -> AuditEntry:
    """Note that a person was handed all that is kept of them: so many rows of records."""
    staff.require_permission(by, Permission.SUPERVISE)
    return audit.write(by, "trail.data_on_request", customer, at, rows=rows)
