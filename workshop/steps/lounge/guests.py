"""Who waits in the lounge and who left the car: what is done for them, what they must hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.steps.lounge.due_reports import DueReport
from workshop.steps.lounge.enums import CareKind
from workshop.steps.lounge.models import CareAct, CareRecord, Departure


@dataclass
class Guest:
    """A waiting customer: which acts are done, where they sit, what they must hear next."""

    order: RepairOrder
    acts: dict[CareKind, CareAct] = field(default_factory=dict)
    record: CareRecord | None = None
    due: DueReport | None = None

    @property
    def open_acts(self) -> list[CareKind]:
        """The acts that are still to do, in their order."""
        return [kind for kind in CareKind if kind not in self.acts]


@dataclass
class Traveller:
    """A customer who left the car with us."""

    order: RepairOrder
    departure: Departure | None = None
    due: DueReport | None = None


def list_guests(orders: Sequence[RepairOrder], dues: Sequence[DueReport]) -> list[Guest]:
    """Who waits, those with something open first, then the longest waiting."""
    guests = {order.id: Guest(order) for order in orders if order.stays}
    for act in session.scalars(
        select(CareAct).where(CareAct.order_id.in_(guests), CareAct.taken_back_at.is_(None))
    ):
        guests[act.order_id].acts[act.kind] = act
    for record in session.scalars(select(CareRecord).where(CareRecord.order_id.in_(guests))):
        guests[record.order_id].record = record
    for due in dues:
        if due.order.id in guests:
            guests[due.order.id].due = due
    return sorted(guests.values(), key=lambda guest: not guest.open_acts)


def list_travellers(orders: Sequence[RepairOrder], dues: Sequence[DueReport]) -> list[Traveller]:
    """Who left, those without a sheet first."""
    gone = {order.id: Traveller(order) for order in orders if order.stays is False}
    for departure in session.scalars(select(Departure).where(Departure.order_id.in_(gone))):
        gone[departure.order_id].departure = departure
    for due in dues:
        if due.order.id in gone:
            gone[due.order.id].due = due
    return sorted(gone.values(), key=lambda each: each.departure is not None)
