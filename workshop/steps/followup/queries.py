"""What follow-up knows: planned calls, attempts, answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop import together
from workshop.catalogue.checklists import queries as checklists
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import Use
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.steps.followup.models import (
    FollowUp,
    FollowUpAnswer,
    FollowUpAttempt,
    FollowUpResult,
    FollowUpState,
)


def find(order: RepairOrder) -> FollowUp | None:
    """The follow-up of the order."""
    return session.scalars(select(FollowUp).where(FollowUp.order_id == order.id)).one_or_none()


def get(order: RepairOrder) -> FollowUp:
    """The follow-up of the order; raises NotFound."""
    follow_up = find(order)
    if follow_up is None:
        raise NotFound(N_("No follow-up call is planned for %(no)s yet."), no=order.no)
    return follow_up


def list_planned(branch_id: int) -> list[FollowUp]:
    """Calls that are still to be made, the earliest first."""
    query = select(FollowUp).where(
        FollowUp.branch_id == branch_id, FollowUp.state == FollowUpState.PLANNED
    )
    return list(session.scalars(query.order_by(FollowUp.planned_at)))


def list_finished(branch_id: int, limit: int | None = 30) -> list[FollowUp]:
    """Follow-ups with a documented result, the newest first."""
    query = select(FollowUp).where(FollowUp.branch_id == branch_id, FollowUp.closed_at.is_not(None))
    return list(session.scalars(query.order_by(FollowUp.closed_at.desc()).limit(limit)))


def list_unplanned(at: datetime) -> list[RepairOrder]:
    """Delivered orders of all branches that have no follow-up yet."""
    query = (
        select(RepairOrder)
        .outerjoin(FollowUp, FollowUp.order_id == RepairOrder.id)
        .where(
            RepairOrder.stage == Stage.DELIVERED,
            RepairOrder.delivered_at <= at,
            FollowUp.id.is_(None),
        )
    )
    return list(session.scalars(query))


def list_attempts(follow_up: FollowUp) -> list[FollowUpAttempt]:
    """All tries, the newest first."""
    return together.list_of(
        follow_up.id,
        "attempts",
        lambda: select(FollowUpAttempt).order_by(FollowUpAttempt.id.desc()),
        FollowUpAttempt.follow_up_id,
    )


def count_days_tried(follow_up: FollowUp) -> int:
    """On how many days somebody tried; several tries of one day count once (P13)."""
    branch = follow_up.order.branch
    return len({calendar.local_day(branch, each.at) for each in list_attempts(follow_up)})


def list_asked(seen: int | None, at: datetime) -> list[ChecklistItem]:
    """The questions of the call: as they stand, or those of the version that a page showed.

    Raises Conflict for a version that is not asked any more.
    """
    items = checklists.list_items(Use.FOLLOW_UP)
    if seen is None or not items or items[0].version_id == seen:
        return items
    (version,) = checklists.list_seen([items[0].version], [seen], at)
    return version.items


def find_result(follow_up: FollowUp) -> FollowUpResult | None:
    """What the customer said."""
    column = FollowUpResult.follow_up_id
    found = together.list_of(follow_up.id, "result", lambda: select(FollowUpResult), column)
    return next(iter(found), None)


def list_answers(result: FollowUpResult) -> list[FollowUpAnswer]:
    """The scores of one result."""
    query = select(FollowUpAnswer).where(FollowUpAnswer.result_id == result.id)
    return list(session.scalars(query.order_by(FollowUpAnswer.id)))
