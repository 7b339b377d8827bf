"""All that is left of an order gets its places in one act, or none of it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop import db
from workshop.allocation import service as allocations
from workshop.allocation.free_time import FreeTime, Slot, WorkPiece
from workshop.allocation.models import AllocationStatus
from workshop.errors import N_, Minutes, Missing, RuleBroken
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop import calendar, rules
from workshop.shop.models import Technician
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import queries as closing
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch import suggestion
from workshop.steps.scheduling.dispatch.reasons import Who

_Find = Callable[[WorkPiece, datetime], Slot | None]


@dataclass(frozen=True)
class Placing:
    """A job, its place, and what the person was chosen for."""

    job: Job
    slot: Slot
    minutes: int
    who: Who


def list_unplaced(order: RepairOrder) -> list[Job]:
    """The order's jobs that need a place and are not held."""
    waiting = (JobState.WAITING, JobState.PAUSED)
    jobs = [job for job in queries.list_jobs(order) if job.state in waiting]
    ids = [job.id for job in jobs]
    found = allocations.list_of(ids)
    out = {each.job_id for each in found if each.status is AllocationStatus.PLANNED}
    out |= closing.held_of(ids).keys()
    return [job for job in jobs if job.id not in out]


def assign_all(
    order: RepairOrder, *, late_too: bool = False, by: User, at: datetime
) -> list[Placing]:
    """Give each job that needs one the best place, one after another: all of them, or none.

    Raises RuleBroken when one finds none (`missing` says why), and unless `late_too` when the work
    would end too late for the promise; it names when it would end.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    orders.require_stage(order, Action.SCHEDULE)
    # Planned and placed as one: nobody else writes the board between the two.
    db.lock("board", order.branch_id)
    jobs = list_unplaced(order)
    if not jobs:
        raise RuleBroken(
            N_("No job of this order waits for a place."),
            code="planned",
        )
    placings = plan(order, jobs, at)
    if not late_too:
        _refuse_late(order, placings[-1].slot)
    for each in placings:
        scheduling.assign(
            each.job,
            each.slot.technician,
            each.slot.bay,
            each.slot.starts_at,
            minutes=each.minutes,
            across=each.slot.across,
            by=by,
            at=at,
        )
    return placings


def plan(order: RepairOrder, jobs: Sequence[Job], at: datetime) -> list[Placing]:
    """The best places from now on; a car is worked on by one job at a time.

    Who waits here has one technician for all of it, where that keeps the promise. Raises RuleBroken
    when a job finds no place.
    """
    free = FreeTime(order.branch, at)
    ready_at = suggestion.ready_at(jobs[0], at)
    before = suggestion.technicians_before(order)

    def find(piece: WorkPiece, not_before: datetime) -> Slot | None:
        return suggestion.find_slot(free, piece, not_before, before)

    who = Who.SECOND_EYES if before else Who.FIRST
    found = _chain(free, jobs, ready_at, find, who)
    if len(found) < len(jobs):
        raise _no_place(free, jobs[len(found)])
    same = _by_one(free, order, jobs, ready_at) if order.stays and not before else None
    return same if same and _is_as_good(order, same[-1].slot, found[-1].slot) else found


def _chain(
    free: FreeTime, jobs: Sequence[Job], ready_at: datetime, find: _Find, who: Who
) -> list[Placing]:
    """One after another, as far as each finds a place."""
    found: list[Placing] = []
    for job in jobs:
        piece = free.split(queries.piece_of(job))[0]
        slot = find(piece, ready_at)
        if slot is None:
            return found
        found.append(Placing(job, slot, piece.minutes, who))
        ready_at = rules.round_up(free.branch.blocked_until(slot.ends_at))
    return found


def _by_one(
    free: FreeTime, order: RepairOrder, jobs: Sequence[Job], ready_at: datetime
) -> list[Placing] | None:
    """All of it by who is at the car already, or else by the one person who is done first."""
    at_it = {each.id for each in _technicians_of(order)}
    if len(jobs) == 1 and not at_it:
        return None
    chains = []
    for one in free.technicians:
        if at_it and one.id not in at_it:
            continue
        chain = _chain(free, jobs, ready_at, _only(free, one), Who.SAME)
        if len(chain) == len(jobs):
            chains.append((chain[-1].slot.ends_at, free.rank(one), chain))
    return min(chains, key=lambda each: each[:2])[2] if chains else None


def _only(free: FreeTime, technician: Technician) -> _Find:
    return lambda piece, not_before: free.find_earliest(piece, not_before, [technician])


def _technicians_of(order: RepairOrder) -> list[Technician]:
    jobs = queries.list_jobs(order)
    return [each.technician for each in allocations.list_of([job.id for job in jobs])]


def _is_as_good(order: RepairOrder, same: Slot, first: Slot) -> bool:
    """Whether one person does as well as several: on that day, and in time for the promise."""
    if same.ends_at <= first.ends_at:
        return True
    days = {calendar.local_day(order.branch, each.ends_at) for each in (same, first)}
    slack = queries.slack_minutes(order, same.ends_at)
    return len(days) == 1 and (slack is None or slack >= 0)


def _no_place(free: FreeTime, job: Job) -> RuleBroken:
    why = free.why_nobody(free.split(queries.piece_of(job))[0])
    return RuleBroken(
        N_("“%(job)s” finds no place, so nothing was placed."),
        code=why.code,
        missing=[Missing(why.message, why.code, why.values)],
        job=job,
    )


def _refuse_late(order: RepairOrder, last: Slot) -> None:
    slack = queries.slack_minutes(order, last.ends_at)
    if slack is not None and slack < 0:
        raise RuleBroken(
            N_("Nothing was placed: the work would end at %(ends)s, %(late)s too late."),
            code="late",
            ends=last.ends_at,
            late=Minutes(-slack),
        )
