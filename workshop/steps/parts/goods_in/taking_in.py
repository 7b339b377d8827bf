"""Take goods in; a number that nobody knows becomes a new part; who waits is served first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workshop.errors import N_, Invalid, NotFound
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import service
from workshop.steps.parts.models import PickLine
from workshop.stock import queries as stock
from workshop.stock.models import Part
from workshop.stock.parts import service as parts
from workshop.stock.parts.service import Money, Particulars
from workshop.stock.receipts import service as receipts
from workshop.stock.receipts.service import Delivery


@dataclass(frozen=True)
class NewPart:
    """What has to be said of a part that the register does not know yet."""

    particulars: Particulars
    price_fen: int | None


@dataclass(frozen=True)
class TakenIn:
    """The part that came in, whether it is new, and the waiting lines that got some of it."""

    part: Part
    is_new: bool
    served: list[PickLine]


def take_in(
    branch: Branch,
    no: str,
    quantity_milli: int,
    delivery: Delivery,
    new: NewPart | None = None,
    *,
    by: User,
    at: datetime,
    bin_code: str | None = None,
) -> TakenIn:
    """Put goods on the shelf with supplier, delivery note and cost.

    Raises NotFound when nobody knows the number and who takes in may not add parts, Invalid when
    `new` does not say what it is, and what `receipts.take_in` raises.
    """
    part = stock.find_part(no)
    is_new = part is None
    if part is None:
        part = _make(branch, no, delivery, new, by, at)
    receipts.take_in(
        part,
        branch,
        quantity_milli,
        delivery,
        today=calendar.local_day(branch, at),
        by=by,
        at=at,
        bin_code=bin_code,
    )
    return TakenIn(part, is_new, service.take_arrivals(part, branch.id, at))


def _make(
    branch: Branch, no: str, delivery: Delivery, new: NewPart | None, by: User, at: datetime
) -> Part:
    if not by.may(Permission.MANAGE_PARTS):
        raise NotFound(N_("There is no part %(no)s."), field="part_no", no=no)
    if new is None or not (new.particulars.name_zh or new.particulars.name_en):
        raise Invalid(
            N_("The number is new here. Say what it is, and it goes into the register."),
            field="name",
        )
    money = Money(new.price_fen, delivery.cost_fen, delivery.is_meant)
    return parts.make(new.particulars, money, branch.id, by=by, at=at)
