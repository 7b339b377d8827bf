"""What the palette finds beside cars and orders: customers, parts and operations, with prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from workshop import money
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation
from workshop.characters import to_half_width
from workshop.customers import queries as customers
from workshop.customers.models import Customer
from workshop.db import session
from workshop.desk import queries as desk
from workshop.desk.queries import Hit
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock.models import Part
from workshop.stock.parts import queries as parts
from workshop.stock.pricing import queries as part_prices

# Of each kind so many: whoever looks for more has the kind's own page.
_MOST = 4


@dataclass(frozen=True)
class PartHit:
    """A part, its price with tax a unit, and how much of it is free on the shelf."""

    part: Part
    price_fen: int
    free_milli: int


@dataclass(frozen=True)
class OperationHit:
    """An operation, and its labour with tax at the branch's rate; None without a price."""

    operation: Operation
    labour_fen: int | None


@dataclass(frozen=True)
class Found:
    """By kind what has the words in it, as far as the reader may see the kind."""

    cars: list[Hit] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    operations: list[OperationHit] = field(default_factory=list)
    parts: list[PartHit] = field(default_factory=list)


def look_up(text: str, branch: Branch, user: User, at: datetime) -> Found:
    """What the words find for this person; nothing for a single letter."""
    wanted = to_half_width(text).strip()
    if len(wanted) < 2 and wanted.isascii():
        return Found()
    sees_people = user.may(Permission.VIEW_CUSTOMERS)
    sees_prices = user.may(Permission.VIEW_ORDERS) or user.may(Permission.BOOK)
    sees_parts = user.may(Permission.PICK_PARTS) or user.may(Permission.QUOTE)
    return Found(
        desk.search(text, branch),
        customers.search_customers(wanted, _MOST) if sees_people else [],
        _operations(wanted, branch, at) if sees_prices else [],
        _parts(wanted, branch, at) if sees_parts else [],
    )


def _operations(wanted: str, branch: Branch, at: datetime) -> list[OperationHit]:
    prices = catalogue.price_list(branch.id, calendar.local_day(branch, at))
    hits = []
    for each in catalogue.search_operations(wanted, _MOST):
        hour_fen = prices.hour_fen(each.rate_code)
        fen = None if hour_fen is None else money.labour_fen(each.book_minutes, hour_fen)
        hits.append(OperationHit(each, fen))
    return hits


def _parts(wanted: str, branch: Branch, at: datetime) -> list[PartHit]:
    found = session.execute(parts.search(branch.id, wanted).limit(_MOST)).all()
    day = calendar.local_day(branch, at)
    prices = part_prices.prices_on([part for part, _level in found], day)
    return [
        PartHit(part, prices[part.id], level.free_milli if level is not None else 0)
        for part, level in found
    ]
