"""Plain factories for what the parts counter buys."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from tests.factories import AT, make_branch, make_user
from workshop.db import session
from workshop.staff.permissions import RoleName
from workshop.stock.models import Part
from workshop.stock.purchase import service as purchasing
from workshop.stock.purchase.models import Purchase
from workshop.stock.purchase.service import Wish
from workshop.stock.suppliers import queries
from workshop.stock.suppliers import service as suppliers
from workshop.stock.suppliers.models import PartSupplier, Supplier

# The shop's day of `AT`.
TODAY = date(2026, 11, 23)
_count = itertools.count(1)


def make_supplier(name: str = "上海福特配件") -> Supplier:
    """A parts dealer, made once."""
    known = queries.find_supplier(name)
    by = make_user(RoleName.PARTS_CLERK)
    return known or suppliers.make(suppliers.Particulars(name), by=by, at=AT)


def make_offer(part: Part, their_no: str) -> PartSupplier:
    """The part as the dealer sells it."""
    offer = PartSupplier(part_id=part.id, supplier_id=make_supplier().id, their_no=their_no)
    session.add(offer)
    session.flush()
    return offer


def make_purchase(
    *wanted: tuple[Part, int], cost_fen: int | None = 200_00, supplier: Supplier | None = None
) -> Purchase:
    """An order of these parts (part, thousandths), expected tomorrow at ten."""
    return purchasing.order(
        make_branch(),
        supplier or make_supplier(),
        [Wish(part, milli, cost_fen) for part, milli in wanted],
        f"PO20261123-{next(_count):04}",
        TODAY + timedelta(days=1),
        expected_at=AT + timedelta(days=1),
        by=make_user(RoleName.PARTS_CLERK),
        at=AT,
    )
