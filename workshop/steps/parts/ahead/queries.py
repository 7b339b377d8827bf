"""What booked cars will need, while nobody has signed for it: the soft reservation (P4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from workshop.catalogue.models import Operation, PartKind
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.kits import Kits, Piece
from workshop.orders.models import RepairOrder
from workshop.orders.rows import Step
from workshop.shop.models import Branch
from workshop.steps.booking.models import Appointment, AppointmentOperation
from workshop.steps.booking.rules import HOLDS_SLOT
from workshop.stock.models import Part, StockLevel
from workshop.stock.parts import queries as register

# From the signature on the pieces are kept by the stock itself.
_NOT_SIGNED = frozenset(stage for stage in Stage if stage.step in (Step.RECEPTION, Step.QUOTATION))


@dataclass
class Need:
    """A part that the cars of one day need, in thousandths.

    `free_milli` is what the shelf has for the day, after the days before it; a signature takes
    from it at once, and so the gap grows.
    """

    part: Part
    wanted_milli: int = 0
    free_milli: int = 0
    appointments: list[Appointment] = field(default_factory=list)

    @property
    def gap_milli(self) -> int:
        """What is missing for the day; never negative."""
        return max(self.wanted_milli - self.free_milli, 0)


@dataclass(frozen=True)
class Day:
    """The parts that the cars booked for a day will need, by part number."""

    day: date
    needs: Sequence[Need]


def list_days(branch: Branch, first: date, last: date) -> list[Day]:
    """The booked days from `first` to `last` that need parts; each day finds what is left."""
    by_day: dict[date, dict[int, Need]] = defaultdict(dict)
    for appointment, part, milli in _list_wanted(branch, first, last):
        need = by_day[appointment.day].setdefault(part.id, Need(part))
        need.wanted_milli += milli
        if appointment not in need.appointments:
            need.appointments.append(appointment)
    left = _free_milli(branch, {key for needs in by_day.values() for key in needs})
    for day in sorted(by_day):
        for part_id, need in by_day[day].items():
            need.free_milli = left.get(part_id, 0)
            left[part_id] = max(need.free_milli - need.wanted_milli, 0)
    return [
        Day(day, sorted(needs.values(), key=lambda need: need.part.no))
        for day, needs in sorted(by_day.items())
    ]


def booked_milli(branch: Branch, first: date, last: date) -> dict[int, int]:
    """By part id: what the cars booked for these days will need, in thousandths."""
    booked: dict[int, int] = defaultdict(int)
    for _, part, milli in _list_wanted(branch, first, last):
        booked[part.id] += milli
    return dict(booked)


def _list_wanted(branch: Branch, first: date, last: date) -> list[tuple[Appointment, Part, int]]:
    return [
        (appointment, register.choose(branch.id, piece.part, piece.quantity_milli), milli)
        for appointment, piece in _list_pieces(branch, first, last)
        if piece.part is not None and (milli := piece.quantity_milli)
    ]


def list_missing_kinds(branch: Branch, first: date, last: date) -> list[PartKind]:
    """The kinds of parts that booked cars will need and of which the register has no part."""
    kinds = {
        piece.kind.id: piece.kind
        for _, piece in _list_pieces(branch, first, last)
        if piece.part is None and piece.kind is not None
    }
    return sorted(kinds.values(), key=lambda kind: kind.code)


def _list_pieces(branch: Branch, first: date, last: date) -> list[tuple[Appointment, Piece]]:
    """What the operations take that were asked for at booking, by the time of arrival."""
    query = (
        select(Appointment, Operation)
        .join(AppointmentOperation, AppointmentOperation.appointment_id == Appointment.id)
        .join(Operation, Operation.id == AppointmentOperation.operation_id)
        .outerjoin(RepairOrder, RepairOrder.id == Appointment.order_id)
        .where(
            Appointment.branch_id == branch.id,
            Appointment.day.between(first, last),
            Appointment.status.in_(HOLDS_SLOT),
            sa.or_(Appointment.order_id.is_(None), RepairOrder.stage.in_(_NOT_SIGNED)),
        )
        .order_by(Appointment.slot_at, Appointment.id, AppointmentOperation.id)
    )
    booked = [(row[0], row[1]) for row in session.execute(query).unique()]
    kits = Kits([operation for _, operation in booked])
    return [
        (car, piece) for car, operation in booked for piece in kits.of(operation, car.vehicle.size)
    ]


def _free_milli(branch: Branch, part_ids: set[int]) -> dict[int, int]:
    query = select(StockLevel).where(
        StockLevel.branch_id == branch.id, StockLevel.part_id.in_(part_ids)
    )
    return {level.part_id: level.free_milli for level in session.scalars(query)}
