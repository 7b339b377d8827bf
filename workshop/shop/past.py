"""What the shop was called, and where it was reached, at an earlier minute.

What was changed since stands in the trail with its old value, so nothing else is kept of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workshop.db import session
from workshop.shop.branches import Particulars, Rules
from workshop.shop.models import Branch
from workshop.staff.models import AuditEntry

_CHANGES = "shop.change_"


def stood(branch: Branch, at: datetime | None) -> Mapping[str, Any]:
    """Its particulars and rules by their names, as they were then; None is now."""
    names = [each.name for kind in (Particulars, Rules) for each in fields(kind)]
    said = {name: getattr(branch, name) for name in names}
    if at is None:
        return said
    query = select(AuditEntry).where(
        AuditEntry.subject == Branch.__tablename__,
        AuditEntry.subject_id == branch.id,
        AuditEntry.action.startswith(_CHANGES),
        AuditEntry.at > at,
    )
    for entry in session.scalars(query.order_by(AuditEntry.id.desc())):
        was = entry.details.get("was", {})
        said |= {name: was[name] for name in names if name in was}
    return said
