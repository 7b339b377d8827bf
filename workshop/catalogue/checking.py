"""Confirming rows of the starter set as they are, one or all that a list shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workshop.catalogue import operations
from workshop.catalogue.models import Operation, Package, PartKind
from workshop.errors import N_, RuleBroken
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

Row = Operation | Package | PartKind


def confirm(rows: Sequence[Row], *, by: User, at: datetime) -> int:
    """Note that somebody has checked the rows against the shop's own standard; how many were new.

    Raises RuleBroken when none of them waits for it.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    waiting = [row for row in rows if row.is_unchecked]
    if not waiting:
        raise RuleBroken(N_("Nothing here waits to be checked any more."), code="nothing")
    for row in waiting:
        operations.looked_at(row, by, at)
    only = waiting[0] if len(waiting) == 1 else None
    codes = [row.code for row in waiting]
    audit.write(by, "catalogue.confirm", only, at, codes=codes, number=len(codes))
    return len(waiting)
