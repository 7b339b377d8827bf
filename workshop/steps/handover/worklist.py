"""Which cars wait to be washed, told about, collected, and let out of the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from workshop.db import session
from workshop.orders.flow import PERMITS, Action, Stage
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.handover import queries
from workshop.steps.handover.models import GatePass, ReadyNotice, Wash
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import SettlementState

_FORGOTTEN_MINUTES = 60
_SETTLED = (SettlementState.PAID, SettlementState.CREDITED)

# Who was told before the car went back to work knows nothing of its being ready again.
_COUNTS = ReadyNotice.at >= RepairOrder.ready_at


@dataclass(frozen=True)
class Waiting:
    """A car that stands ready: since when, whether it is paid, and when the customer was told."""

    order: RepairOrder
    is_settled: bool
    needs_bill: bool
    told: ReadyNotice | None

    @property
    def can_leave(self) -> bool:
        """Whether nothing but the handover itself is missing."""
        return self.is_settled or not self.needs_bill

    def minutes_ready(self, at: datetime) -> int:
        """For how many minutes the car has stood ready."""
        ready_at = self.order.ready_at
        return int((at - ready_at).total_seconds() // 60) if ready_at else 0

    def is_forgotten(self, at: datetime) -> bool:
        """Whether the car has stood ready for an hour and nobody tried to tell the customer."""
        return self.told is None and self.minutes_ready(at) >= _FORGOTTEN_MINUTES


def list_to_wash(branch: Branch) -> list[RepairOrder]:
    """Cars that wait for a wash: customers who wait here first, then by promise."""
    query = select(RepairOrder).where(
        RepairOrder.here(branch.id, PERMITS[Action.FINISH_WASH]),
        RepairOrder.ready_at.is_(None),
    )
    return sorted(session.scalars(query), key=lambda order: order.turn)


def list_washed(branch: Branch, day: date) -> list[tuple[Wash, RepairOrder]]:
    """What was washed on a local day, the last first."""
    starts_at, ends_at = calendar.day_span(branch, day)
    query = (
        select(Wash, RepairOrder)
        .join(RepairOrder, RepairOrder.id == Wash.order_id)
        .where(
            RepairOrder.branch_id == branch.id,
            Wash.finished_at >= starts_at,
            Wash.finished_at < ends_at,
        )
        .order_by(Wash.finished_at.desc(), Wash.id.desc())
    )
    return [(wash, order) for wash, order in session.execute(query)]


def list_waiting(branch: Branch) -> list[Waiting]:
    """Cars that stand ready and are not collected, the longest ready first."""
    query = select(RepairOrder).where(
        RepairOrder.here(branch.id, PERMITS[Action.PREPARE_HANDOVER]),
        RepairOrder.ready_at.is_not(None),
    )
    found = list(session.scalars(query.order_by(RepairOrder.ready_at, RepairOrder.id)))
    settled = _settled_ids(found)
    told = _told(found)
    return [
        Waiting(order, order.id in settled, queries.has_bill(order), told.get(order.id))
        for order in found
    ]


def _settled_ids(orders: Sequence[RepairOrder]) -> set[int]:
    query = select(Settlement.order_id).where(
        Settlement.order_id.in_([order.id for order in orders]), Settlement.state.in_(_SETTLED)
    )
    return set(session.scalars(query))


def _told(orders: Sequence[RepairOrder]) -> dict[int, ReadyNotice]:
    query = (
        select(ReadyNotice)
        .join(RepairOrder, RepairOrder.id == ReadyNotice.order_id)
        .where(ReadyNotice.order_id.in_([order.id for order in orders]), _COUNTS)
    )
    return {notice.order_id: notice for notice in session.scalars(query.order_by(ReadyNotice.id))}


def list_told_ids(branch: Branch) -> set[int]:
    """The ids of the cars here whose customers know that they are ready."""
    query = (
        select(ReadyNotice.order_id)
        .join(RepairOrder, RepairOrder.id == ReadyNotice.order_id)
        .where(
            RepairOrder.here(branch.id),
            _COUNTS,
            ReadyNotice.reached.is_(True),
        )
    )
    return set(session.scalars(query))


def list_declined(branch: Branch) -> list[RepairOrder]:
    """Cars whose quotation was declined and that are still here."""
    query = select(RepairOrder).where(RepairOrder.here(branch.id, {Stage.DECLINED}))
    return list(session.scalars(query.order_by(RepairOrder.arrived_at, RepairOrder.id)))


def list_delivered(branch: Branch, day: date) -> list[RepairOrder]:
    """Cars that were handed over on a local day, the last first."""
    starts_at, ends_at = calendar.day_span(branch, day)
    query = select(RepairOrder).where(
        RepairOrder.branch_id == branch.id,
        RepairOrder.delivered_at >= starts_at,
        RepairOrder.delivered_at < ends_at,
    )
    return list(session.scalars(query.order_by(RepairOrder.delivered_at.desc())))


def list_at_gate(branch: Branch) -> list[GatePass]:
    """Gate passes of cars that have not driven out yet, the last issued first."""
    query = select(GatePass).where(GatePass.branch_id == branch.id, GatePass.left_at.is_(None))
    return list(session.scalars(query.order_by(GatePass.issued_at.desc(), GatePass.id.desc())))


def list_gone(branch: Branch, day: date) -> list[GatePass]:
    """Cars that left the premises on a local day, the last first."""
    starts_at, ends_at = calendar.day_span(branch, day)
    query = select(GatePass).where(
        GatePass.branch_id == branch.id, GatePass.left_at >= starts_at, GatePass.left_at < ends_at
    )
    return list(session.scalars(query.order_by(GatePass.left_at.desc(), GatePass.id.desc())))
