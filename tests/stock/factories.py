"""Plain factories for what the parts counter buys."""

from __future__ import annotations

from datetime import date

from tests.factories import AT, make_user
from workshop.staff.permissions import RoleName
from workshop.stock.suppliers import service as suppliers
from workshop.stock.suppliers.models import Supplier

# The shop's day of `AT`.
TODAY = date(2026, 11, 23)


def make_supplier(name: str = "上海福特配件") -> Supplier:
    """A parts dealer."""
    by = make_user(RoleName.PARTS_CLERK)
    return suppliers.make(suppliers.Particulars(name), by=by, at=AT)
