"""The holding lanes of the board: what cannot be planned or go on now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Branch
from workshop.steps.quotation.models import STILL_OPEN, Quotation, QuotationKind, QuotationState
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import queries as closing
from workshop.steps.scheduling.closing.models import JobHold
from workshop.steps.scheduling.models import TimeChange


@dataclass(frozen=True)
class Lanes:
    """What cannot be planned or go on now, by whom or what it waits for."""

    parts: list[tuple[RepairOrder, datetime | None]]
    approval: list[RepairOrder]
    advisor: list[TimeChange]
    stopped: list[Job]
    held: list[JobHold]


def read(branch: Branch) -> Lanes:
    """The holding lanes of the branch as they are now."""
    held = closing.list_held(branch)
    is_held = {each.job_id for each in held}
    return Lanes(
        parts=queries.list_waiting_for_parts(branch),
        approval=_waiting_for_approval(branch),
        advisor=queries.list_proposals(branch),
        stopped=[job for job in queries.list_stopped(branch) if job.id not in is_held],
        held=held,
    )


def _waiting_for_approval(branch: Branch) -> list[RepairOrder]:
    offered = select(Quotation.order_id).where(
        Quotation.state.in_(STILL_OPEN),
        Quotation.kind == QuotationKind.ADDITION,
        Quotation.state == QuotationState.OFFERED,
    )
    query = select(RepairOrder).where(RepairOrder.here(branch.id), RepairOrder.id.in_(offered))
    return list(session.scalars(query.order_by(RepairOrder.promised_at, RepairOrder.id)))
