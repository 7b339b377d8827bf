"""Lists of the whole floor: what waits for which check, what runs, what is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop.allocation.models import TeamRole
from workshop.db import session
from workshop.orders.flow import PERMITS, Action, Stage
from workshop.orders.models import Job, JobState, RepairOrder, Urgency
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.repair import queries, rules
from workshop.steps.repair.models import AdditionalWork, ReworkOrder, WorkPoint, WorkSession
from workshop.steps.repair.rules import AdditionState, ReworkKind
from workshop.storage.conditions import few

_IN_WORK = PERMITS[Action.SEND_TO_CHECK]
_IS_LEADS = WorkSession.role == TeamRole.LEAD


@dataclass(frozen=True)
class Running:
    """A clock that runs: minutes on the job so far, how many points are ticked, who helps now."""

    session: WorkSession
    clocked_minutes: int
    points: int
    helper: Technician | None = None

    @property
    def over_minutes(self) -> int:
        """Minutes beyond the book time; 0 while within it."""
        return max(0, self.clocked_minutes - self.session.job.book_minutes)


def list_waiting_for_quality(branch_id: int) -> list[RepairOrder]:
    """Orders at the quality check, the nearest promise first."""
    return _list_in(branch_id, Stage.QUALITY_CHECK)


def list_waiting_for_final(branch_id: int, user: User | None) -> list[RepairOrder]:
    """Orders at the final check: the user's own first, then the nearest promise."""
    orders = _list_in(branch_id, Stage.FINAL_CHECK)
    return sorted(orders, key=lambda order: user is None or order.advisor_id != user.id)


def list_rework(branch_id: int) -> list[tuple[RepairOrder, ReworkOrder]]:
    """Orders with internal rework that is not mended yet, the oldest first."""
    query = (
        select(RepairOrder, ReworkOrder)
        .join(ReworkOrder, ReworkOrder.order_id == RepairOrder.id)
        .where(
            RepairOrder.branch_id == branch_id,
            few(
                ReworkOrder.id,
                ReworkOrder.kind == ReworkKind.INTERNAL,
                ReworkOrder.closed_at.is_(None),
            ),
        )
        .order_by(ReworkOrder.opened_at)
    )
    return [(order, rework) for order, rework in session.execute(query)]


def list_running(branch_id: int, at: datetime) -> list[Running]:
    """Clocks that run now, those beyond their book time first."""
    query = (
        select(WorkSession)
        .join(Job, Job.id == WorkSession.job_id)
        .join(RepairOrder, RepairOrder.id == Job.order_id)
        .where(RepairOrder.branch_id == branch_id, _IS_LEADS, WorkSession.ended_at.is_(None))
    )
    sessions = list(session.scalars(query.order_by(WorkSession.started_at)))
    ids = [each.job_id for each in sessions]
    clocked, points = _clocked_by_job(ids, at), _points_by_job(ids)
    helpers = _helpers_by_job(ids)
    running = [
        Running(
            each,
            clocked.get(each.job_id, 0),
            points.get(each.job_id, 0),
            helpers.get(each.job_id),
        )
        for each in sessions
    ]
    return sorted(running, key=lambda each: -each.over_minutes)


def list_paused(branch_id: int) -> list[WorkSession]:
    """The last stretch of each paused job, with the reason, the longest pause first."""
    last = (
        select(sa.func.max(WorkSession.id))
        .join(Job, Job.id == WorkSession.job_id)
        .join(RepairOrder, RepairOrder.id == Job.order_id)
        .where(RepairOrder.here(branch_id), _IS_LEADS, Job.state == JobState.PAUSED)
        .group_by(WorkSession.job_id)
    )
    query = select(WorkSession).where(WorkSession.id.in_(last)).order_by(WorkSession.ended_at)
    return list(session.scalars(query))


def list_open_additions(branch_id: int) -> list[AdditionalWork]:
    """Requests that wait: to be priced before to be answered, urgent first, then the oldest."""
    query = (
        select(AdditionalWork)
        .join(RepairOrder, RepairOrder.id == AdditionalWork.order_id)
        .where(
            RepairOrder.here(branch_id, PERMITS[Action.REQUEST_ADDITION]),
            AdditionalWork.dismissed_at.is_(None),
        )
        .order_by(AdditionalWork.requested_at)
    )
    waiting = [each for each in session.scalars(query) if each.state.is_open]
    return sorted(
        waiting,
        key=lambda each: (
            each.state is not AdditionState.REQUESTED,
            each.urgency is not Urgency.RED,
        ),
    )


def list_with_nothing_left(branch_id: int) -> list[RepairOrder]:
    """Orders in work whose jobs are all done and whose additional work is all answered."""
    open_job = select(Job.id).where(
        Job.order_id == RepairOrder.id, Job.state.in_(queries.UNFINISHED)
    )
    done_job = select(Job.id).where(Job.order_id == RepairOrder.id, Job.state == JobState.DONE)
    query = select(RepairOrder).where(
        RepairOrder.here(branch_id, _IN_WORK),
        done_job.exists(),
        ~open_job.exists(),
    )
    return [order for order in session.scalars(query) if not queries.open_additions(order)]


def _list_in(branch_id: int, stage: Stage) -> list[RepairOrder]:
    query = select(RepairOrder).where(RepairOrder.here(branch_id, {stage}))
    soonest = sa.func.coalesce(RepairOrder.promised_at, RepairOrder.created_at)
    return list(session.scalars(query.order_by(soonest, RepairOrder.id)))


def _clocked_by_job(job_ids: Iterable[int], at: datetime) -> dict[int, int]:
    total: dict[int, int] = defaultdict(int)
    query = select(WorkSession).where(WorkSession.job_id.in_(list(job_ids)), _IS_LEADS)
    for each in session.scalars(query):
        total[each.job_id] += rules.minutes_between(each.started_at, each.ended_at or at)
    return dict(total)


def _helpers_by_job(job_ids: Iterable[int]) -> dict[int, Technician]:
    query = select(WorkSession).where(
        WorkSession.job_id.in_(list(job_ids)),
        WorkSession.role == TeamRole.ASSISTANT,
        WorkSession.ended_at.is_(None),
    )
    return {each.job_id: each.technician for each in session.scalars(query)}


def _points_by_job(job_ids: Iterable[int]) -> dict[int, int]:
    query = (
        select(WorkPoint.job_id, sa.func.count())
        .where(WorkPoint.job_id.in_(list(job_ids)), WorkPoint.undone_at.is_(None))
        .group_by(WorkPoint.job_id)
    )
    return dict(session.execute(query).all())
