"""Who waits, who left, who must be told something, and how the lounge looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.flow import PERMITS, Action, Stage
from workshop.orders.models import RepairOrder, StageChange
from workshop.shop.models import Branch
from workshop.steps.lounge import rules
from workshop.steps.lounge.enums import CareKind, Occasion
from workshop.steps.lounge.models import CareAct, CareRecord, Departure, ProgressReport
from workshop.steps.lounge.rules import Watch
from workshop.steps.quotation.models import Quotation, QuotationKind, QuotationState

# Before the authorisation the customer sits with the advisor and hears everything at once.
WATCHED = PERMITS[Action.CHANGE_PROMISE]
_WORK_OPEN = PERMITS[Action.SCHEDULE] | PERMITS[Action.QUALITY_CHECK]


@dataclass(frozen=True)
class DueReport:
    """A report that a customer is owed since `due_at`, or will be by then."""

    order: RepairOrder
    due_at: datetime
    occasion: Occasion

    def is_due(self, at: datetime) -> bool:
        """Whether the customer should have heard by now."""
        return self.due_at <= at

    def overdue_minutes(self, at: datetime) -> int:
        """Whole minutes since it was due; negative while there is time."""
        return int((at - self.due_at).total_seconds() // 60)


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


def find_departure(order: RepairOrder) -> Departure | None:
    """The departure information sheet of the order."""
    return session.scalars(select(Departure).where(Departure.order_id == order.id)).one_or_none()


def find_record(order: RepairOrder) -> CareRecord | None:
    """Seat, drinks and complaint of the order."""
    return session.scalars(select(CareRecord).where(CareRecord.order_id == order.id)).one_or_none()


def find_act(order: RepairOrder, kind: CareKind) -> CareAct | None:
    """The act of this kind that was done and not taken back."""
    return session.scalars(
        select(CareAct).where(
            CareAct.order_id == order.id, CareAct.kind == kind, CareAct.taken_back_at.is_(None)
        )
    ).one_or_none()


def get_act(order: RepairOrder, act_id: int) -> CareAct:
    """The act of the order; raises NotFound."""
    act = session.get(CareAct, act_id)
    if act is None or act.order_id != order.id:
        raise NotFound(N_("There is no such care act."))
    return act


def list_acts(order: RepairOrder) -> list[CareAct]:
    """The acts that were done and not taken back, by time."""
    query = select(CareAct).where(CareAct.order_id == order.id, CareAct.taken_back_at.is_(None))
    return list(session.scalars(query.order_by(CareAct.done_at, CareAct.id)))


def list_reports(order: RepairOrder) -> list[ProgressReport]:
    """What the customer was told, newest first."""
    query = select(ProgressReport).where(ProgressReport.order_id == order.id)
    return list(session.scalars(query.order_by(ProgressReport.at.desc(), ProgressReport.id.desc())))


def next_report_due(order: RepairOrder) -> datetime | None:
    """When the customer must hear from us next; None when there is nothing more to say."""
    due = find_due(order)
    return due.due_at if due else None


def find_due(order: RepairOrder) -> DueReport | None:
    """The next report that the customer of this order is owed, and why."""
    return next(iter(_dues([order])), None)


def list_due_reports(branch: Branch, at: datetime) -> list[DueReport]:
    """The reports that are owed at `at`, the longest owed first."""
    return [due for due in _dues(list_in_house(branch)) if due.is_due(at)]


def list_dues(branch: Branch) -> list[DueReport]:
    """The next report of every customer in house, whether owed or still to come."""
    return _dues(list_in_house(branch))


def list_in_house(branch: Branch) -> list[RepairOrder]:
    """The orders whose customers are cared for, the longest here first."""
    query = select(RepairOrder).where(
        RepairOrder.branch_id == branch.id, RepairOrder.stage.in_(WATCHED)
    )
    return list(session.scalars(query.order_by(RepairOrder.arrived_at, RepairOrder.id)).unique())


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


def list_loaners_out(branch: Branch) -> list[tuple[Departure, RepairOrder]]:
    """The loaner cars that are with customers, the one due back first on top."""
    query = (
        select(Departure, RepairOrder)
        .join(RepairOrder, RepairOrder.id == Departure.order_id)
        .where(
            RepairOrder.branch_id == branch.id,
            Departure.loaner_plate.is_not(None),
            Departure.loaner_returned_at.is_(None),
        )
        .order_by(Departure.loaner_due_at, Departure.id)
    )
    return [(departure, order) for departure, order in session.execute(query).unique()]


def _dues(orders: Sequence[RepairOrder]) -> list[DueReport]:
    """The next due report of each order that has one, the earliest first; four queries in all."""
    watched = [order for order in orders if order.stage in WATCHED and order.stays is not None]
    facts = _Facts.of([order.id for order in watched])
    found = []
    for order in watched:
        due = rules.next_due(_watch(order, facts))
        if due is not None:
            found.append(DueReport(order, due.at, due.occasion))
    return sorted(found, key=lambda each: (each.due_at, each.order.id))


@dataclass
class _Facts:
    """By order: the last report, the agreed report time, the first start, the last addition."""

    told: dict[int, datetime] = field(default_factory=dict)
    agreed: dict[int, datetime] = field(default_factory=dict)
    started: dict[int, datetime] = field(default_factory=dict)
    added: dict[int, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: Sequence[int]) -> _Facts:
        report, change = ProgressReport, StageChange
        told = select(report.order_id, func.max(report.at)).group_by(report.order_id)
        agreed = select(Departure.order_id, Departure.report_at)
        started = select(change.order_id, func.min(change.at)).group_by(change.order_id)
        added = select(Quotation.order_id, func.max(Quotation.offered_at))
        return cls(
            told=_by_order(told.where(report.order_id.in_(ids))),
            agreed=_by_order(
                agreed.where(Departure.order_id.in_(ids), Departure.report_at.is_not(None))
            ),
            started=_by_order(
                started.where(change.order_id.in_(ids), change.to_stage == Stage.REPAIR)
            ),
            added=_by_order(
                added.where(
                    Quotation.order_id.in_(ids),
                    Quotation.kind == QuotationKind.ADDITION,
                    Quotation.state == QuotationState.OFFERED,
                    Quotation.offered_at.is_not(None),
                ).group_by(Quotation.order_id)
            ),
        )


def _by_order(query: Select[Any, Any]) -> dict[int, datetime]:
    return {row[0]: row[1] for row in session.execute(query)}


def _watch(order: RepairOrder, facts: _Facts) -> Watch:
    work_open = order.stage in _WORK_OPEN
    tell_delay_at = None
    if work_open and order.promised_at is not None:
        tell_delay_at = order.branch.must_end_by(order.promised_at)
    return Watch(
        stays=bool(order.stays),
        since=order.authorised_at or order.arrived_at,
        every_minutes=order.branch.report_every_minutes,
        told_at=facts.told.get(order.id),
        agreed_at=facts.agreed.get(order.id),
        started_at=facts.started.get(order.id),
        addition_at=facts.added.get(order.id),
        tell_delay_at=tell_delay_at,
        ready_at=None if work_open else order.ready_at,
    )
