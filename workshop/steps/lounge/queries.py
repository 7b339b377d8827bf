"""Who waits, who left, who must be told something, and how the lounge looks."""

from __future__ import annotations

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.flow import PERMITS, Action
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.steps.lounge.enums import CareKind
from workshop.steps.lounge.models import CareAct, CareRecord, Departure, ProgressReport
from workshop.storage.conditions import few

# Before the authorisation the customer sits with the advisor and hears everything at once.
WATCHED = PERMITS[Action.CHANGE_PROMISE]
_WORK_OPEN = PERMITS[Action.SCHEDULE] | PERMITS[Action.QUALITY_CHECK]


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


def list_in_house(branch: Branch) -> list[RepairOrder]:
    """The orders whose customers are cared for, the longest here first."""
    query = select(RepairOrder).where(RepairOrder.here(branch.id, WATCHED))
    return list(session.scalars(query.order_by(RepairOrder.arrived_at, RepairOrder.id)).unique())


def list_loaners_out(branch: Branch) -> list[tuple[Departure, RepairOrder]]:
    """The loaner cars that are with customers, the one due back first on top."""
    query = (
        select(Departure, RepairOrder)
        .join(RepairOrder, RepairOrder.id == Departure.order_id)
        .where(
            RepairOrder.branch_id == branch.id,
            few(
                Departure.id,
                Departure.loaner_plate.is_not(None),
                Departure.loaner_returned_at.is_(None),
            ),
        )
        .order_by(Departure.loaner_due_at, Departure.id)
    )
    return [(departure, order) for departure, order in session.execute(query).unique()]
