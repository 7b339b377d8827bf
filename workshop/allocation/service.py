"""Taking a technician's and a bay's time for a job, moving it, and giving it back.

The checks here give the kind words and the nearest legal slot; the guards of the database give
the certainty (migrations/versions/0002_guards.*.sql). Callers hold the rules of the job itself:
skill, promise, consent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop import events, together
from workshop.allocation import changes, early, placing, team
from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import (
    LATEST,
    Allocation,
    AllocationStatus,
    Assistance,
    TimeTaken,
)
from workshop.db import session
from workshop.shop import calendar, rules
from workshop.shop.models import Bay, Branch, Technician
from workshop.staff.models import User


def allocate(
    job_id: int,
    technician: Technician,
    bay: Bay | None,
    starts_at: datetime,
    minutes: int,
    *,
    by: User,
    at: datetime,
    across: bool = False,
    back: bool = False,
    helper: team.Helper | None = None,
) -> Allocation:
    """Take the time. With `across` the work may rest in the technician's break.

    Whoever puts a job `back` where it was may do so though that time is over by now. A `helper`
    comes along, or the job does not go.
    Raises RuleBroken that names the rule and the nearest legal slot (value `nearest`).
    """
    branch = changes.lock(technician)
    beside = helper.technician if helper else None
    place = placing.Place(technician, bay, starts_at, minutes, across, helper=beside)
    ends_at = placing.check(branch, place, min(at, starts_at) if back else at, ())
    allocation = Allocation(
        branch_id=branch.id,
        job_id=job_id,
        technician_id=technician.id,
        bay_id=bay.id if bay else None,
        starts_at=starts_at,
        ends_at=ends_at,
        blocked_until=branch.blocked_until(ends_at),
        rest_minutes=_span_minutes(starts_at, ends_at) - minutes,
        made_by_id=by.id,
        made_at=at,
    )
    session.add(allocation)
    changes.flush()
    changes.record(allocation, "shop.allocate", by, at)
    if helper is not None:
        team.take_along(allocation, helper, branch, by=by, at=at)
    return allocation


def move(
    allocation: Allocation,
    technician: Technician,
    bay: Bay | None,
    starts_at: datetime,
    minutes: int,
    *,
    seen_version: int,
    by: User,
    at: datetime,
    across: bool = False,
) -> Allocation:
    """Put a planned allocation elsewhere.

    Raises Conflict with both versions when it changed since `seen_version`, RuleBroken as
    `allocate` does.
    """
    place = placing.Place(technician, bay, starts_at, minutes, across)
    return rearrange([(allocation, seen_version, place)], by=by, at=at)[0]


def swap(
    first: Allocation,
    second: Allocation,
    *,
    seen_versions: tuple[int, int],
    by: User,
    at: datetime,
) -> None:
    """Let two planned allocations change places; each keeps its own length."""
    places = [
        placing.Place(
            there.technician,
            there.bay,
            there.starts_at,
            here.minutes,
            across=here.rest_minutes > 0,
        )
        for here, there in ((first, second), (second, first))
    ]
    moves = [(first, seen_versions[0], places[0]), (second, seen_versions[1], places[1])]
    rearrange(moves, by=by, at=at)


def rearrange(
    moves: Sequence[tuple[Allocation, int, placing.Place]],
    *,
    by: User,
    at: datetime,
    back: bool = False,
) -> list[Allocation]:
    """Move several at once (allocation, seen version, place): all of them, or none.

    `back` as in `allocate`; a piece that was ended may go on then. Who helps comes along. They
    are parked first, so that two that change places do not trip over each other's guards.
    """
    branch = changes.lock(moves[0][0].technician)
    for allocation, seen_version, place in moves:
        session.refresh(allocation)
        placing.check_version(allocation, seen_version, place)
        if not (back and allocation.status is AllocationStatus.DONE):
            changes.require_planned(allocation)
    was = [placing.describe(allocation) for allocation, _, _ in moves]
    started = [allocation.starts_at for allocation, _, _ in moves]
    helps = [allocation_queries.find_assistance(allocation) for allocation, _, _ in moves]
    for parked in [*(allocation for allocation, _, _ in moves), *helps]:
        if parked is not None:
            parked.status = AllocationStatus.CANCELLED
    session.flush()
    for (allocation, _, place), helping, old, began in zip(moves, helps, was, started, strict=True):
        wanted = team.along(place, allocation, helping)
        _put(allocation, helping, wanted, branch, place.starts_at if back else began, at)
        changes.record(allocation, "shop.move", by, at, was=old)
    return [allocation for allocation, _, _ in moves]


def _put(
    allocation: Allocation,
    helping: Assistance | None,
    place: placing.Place,
    branch: Branch,
    began: datetime,
    at: datetime,
) -> None:
    # One that has begun already keeps its start, though that is in the past by now.
    asked_at = min(at, began) if place.starts_at == began else at
    ends_at = placing.check(branch, place, asked_at, (allocation.id,))
    allocation.technician_id, allocation.technician = place.technician.id, place.technician
    allocation.bay_id, allocation.bay = (place.bay.id if place.bay else None), place.bay
    allocation.starts_at, allocation.ends_at = place.starts_at, ends_at
    allocation.blocked_until = branch.blocked_until(ends_at)
    allocation.rest_minutes = _span_minutes(place.starts_at, ends_at) - place.minutes
    allocation.status = AllocationStatus.PLANNED
    allocation.worked_from = allocation.worked_until = None
    if helping is not None:
        team.follow(allocation, helping, place.helped_from, branch)
    changes.flush()


def cancel(allocation: Allocation, by: User, at: datetime) -> None:
    """Give the time back, of who helps as well; the row stays, as cancelled."""
    changes.require_planned(allocation)
    for each in (allocation, allocation_queries.find_assistance(allocation)):
        if each is not None:
            each.status = AllocationStatus.CANCELLED
    session.flush()
    changes.record(allocation, "shop.cancel", by, at)


def finish(
    allocation: Allocation,
    at: datetime,
    worked: rules.Span | None = None,
    helped: rules.Span | None = None,
) -> None:
    """The work of this piece has ended: what is left of its time is free from now on, for both.

    The time it took of the plan never grows, also of work that ran late; when the lead `worked`
    and who helped `helped` by their clocks is kept beside it. What was over before its time has
    its time where it happened.
    """
    if allocation.status is not AllocationStatus.PLANNED:
        return
    branch = session.get_one(Branch, allocation.branch_id)
    helping = allocation_queries.find_assistance(allocation)
    if at <= allocation.starts_at:
        early.put_where_it_happened(allocation, helping, branch, worked, at)
    else:
        _end_at(allocation, branch, at)
    allocation.worked_from, allocation.worked_until = worked or (None, None)
    allocation.status = AllocationStatus.DONE
    if helping is not None:
        helping.worked_from, helping.worked_until = helped or (None, None)
        team.end_with(allocation, helping, branch)
    session.flush()
    events.record(TimeTaken(allocation.id, allocation.branch_id, allocation.job_id, at))


def _end_at(allocation: Allocation, branch: Branch, at: datetime) -> None:
    ends_at = min(at, allocation.ends_at)
    allocation.ends_at = ends_at
    allocation.blocked_until = min(branch.blocked_until(ends_at), allocation.blocked_until)
    allocation.rest_minutes = _rest_of(allocation, branch)


def find_live(job_id: int) -> Allocation | None:
    """The planned allocation of the job."""
    planned = (each for each in list_of_job(job_id) if each.status is AllocationStatus.PLANNED)
    return next(planned, None)


def find_latest(job_id: int) -> Allocation | None:
    """The planned allocation of the job, or else the last one that was worked."""
    found = list_of_job(job_id)
    return found[-1] if found else None


def list_of_job(job_id: int) -> list[Allocation]:
    """All allocations of the job that were not cancelled, by start."""
    return together.list_of(
        job_id, "allocations", _standing_by_start, Allocation.job_id, {Allocation}
    )


def _standing_by_start() -> sa.Select[Allocation]:
    query = select(Allocation).where(Allocation.status != AllocationStatus.CANCELLED)
    return query.order_by(Allocation.starts_at)


def list_of(job_ids: Sequence[int]) -> list[Allocation]:
    """All allocations of these jobs that were not cancelled, by start."""
    query = select(Allocation).where(
        Allocation.job_id.in_(job_ids), Allocation.status != AllocationStatus.CANCELLED
    )
    return list(session.scalars(query.order_by(Allocation.starts_at)))


def list_for_day(branch: Branch, day: date) -> list[Allocation]:
    """What stands on the day's board, by start: what is planned, and what was done on it."""
    begins, ends = calendar.day_span(branch, day)
    query = select(Allocation).where(
        Allocation.branch_id == branch.id,
        Allocation.status != AllocationStatus.CANCELLED,
        Allocation.starts_at > begins - LATEST,
        sa.func.coalesce(Allocation.worked_from, Allocation.starts_at) < ends,
        sa.func.coalesce(Allocation.worked_until, Allocation.ends_at) > begins,
    )
    found = session.scalars(query)
    # Sorted here: a database that sorts may take an index in that order, and read all the years.
    return sorted(found, key=lambda each: (each.starts_at, each.id))


def list_left_over(branch: Branch, day: date) -> list[Allocation]:
    """What was planned for an earlier day and has not ended: the day's carry-over."""
    query = select(Allocation).where(
        Allocation.branch_id == branch.id,
        Allocation.status == AllocationStatus.PLANNED,
        Allocation.ends_at <= calendar.day_span(branch, day)[0],
    )
    return list(session.scalars(query.order_by(Allocation.starts_at, Allocation.id)))


def _span_minutes(starts_at: datetime, ends_at: datetime) -> int:
    return rules.minutes_of([(starts_at, ends_at)])


def _rest_of(allocation: Allocation, branch: Branch) -> int:
    if not allocation.rest_minutes:
        return 0
    span = (allocation.starts_at, allocation.ends_at)
    day = calendar.local_day(branch, allocation.starts_at)
    worked = rules.intersect([span], calendar.shifts(allocation.technician, day))
    return min(rules.minutes_of([span]) - rules.minutes_of(worked), allocation.rest_minutes)
