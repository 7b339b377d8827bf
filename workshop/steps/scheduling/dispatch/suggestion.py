"""Where a job would stand best, and why: skill, bay, parts, slack (surfaces.md, advisor's desk)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.allocation import queries as allocation_queries
from workshop.allocation import service as allocations
from workshop.allocation import team
from workshop.allocation.free_time import FreeTime, Slot, WorkPiece
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, Missing, RuleBroken
from workshop.orders.models import Job, RepairOrder
from workshop.shop import calendar
from workshop.shop import rules as shop_rules
from workshop.shop.models import Bay, Technician
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import reasons


@dataclass(frozen=True)
class Suggestion:
    """A place for a job; `why` are reasons in words (message and values)."""

    technician: Technician
    bay: Bay | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    across: bool
    why: tuple[Missing, ...]


def suggest(job: Job, at: datetime) -> Suggestion | None:
    """The best place from now on; None when nobody and no bay is fit within the horizon.

    It waits for the job before it on the same car and for the parts that are expected. A repeat
    repair goes to a better technician than the one of the earlier order (domain.md step 5).
    """
    branch = job.order.branch
    live = queries.find_live(job)
    free = FreeTime(branch, at, team.ids_of(live), beside=_helper(live))
    piece = free.split(queries.piece_of(job))[0]
    not_before = ready_at(job, at)
    before = technicians_before(job.order)
    slot = find_slot(free, piece, not_before, before)
    if slot is None:
        return None
    who = reasons.Who.SECOND_EYES if before else reasons.Who.FIRST
    why = reasons.of_place(job, slot, free.held, who, before)
    return Suggestion(
        slot.technician, slot.bay, slot.starts_at, slot.ends_at, piece.minutes, slot.across, why
    )


def why_none(job: Job, at: datetime) -> RuleBroken:
    """What is missing for a job that `suggest` finds no place for, in words."""
    free = FreeTime(job.order.branch, at)
    return free.why_nobody(free.split(queries.piece_of(job))[0])


def ready_at(job: Job, at: datetime) -> datetime:
    """From when the job can be worked: after its parts come and the jobs before it on the car."""
    branch = job.order.branch
    others = [each for each in queries.list_jobs(job.order) if each.id != job.id]
    taken = [time for each in others for time in allocations.list_of_job(each.id)]
    ends = [branch.blocked_until(each.ends_at) for each in taken]
    parts = queries.parts_state(job.order)
    if not parts.ready and parts.expected_at is not None:
        ends.append(parts.expected_at)
    return shop_rules.round_up(max([at, *ends]))


def earliest_of(
    job: Job, technician: Technician, bays: Sequence[Bay | None], minutes: int, not_before: datetime
) -> Slot:
    """The earliest fit of a technician chosen by hand, whatever their skill.

    Raises RuleBroken when there is none within the horizon.
    """
    live = queries.find_live(job)
    free = FreeTime(job.order.branch, not_before, team.ids_of(live), beside=_helper(live))
    slot = free.find_earliest(WorkPiece(minutes), not_before, [technician], bays)
    if slot is None:
        raise RuleBroken(
            N_("%(technician)s has no free time for this in the next %(days)s days."),
            field="technician_id",
            code="full",
            technician=technician.name,
            days=calendar.HORIZON_DAYS,
        )
    return slot


def _helper(live: Allocation | None) -> Technician | None:
    """Who comes along when the job is moved."""
    return allocation_queries.find_helper(live) if live is not None else None


def find_slot(
    free: FreeTime, piece: WorkPiece, not_before: datetime, before: Sequence[Technician]
) -> Slot | None:
    """The slot that ends first; after work that is repeated, of the best who did not do it."""
    if before:
        ids = {technician.id for technician in before}
        others = [each for each in free.technicians if each.id not in ids]
        others.sort(key=lambda each: -_level(free, each, piece))
        best = max((_level(free, each, piece) for each in others), default=0)
        better = [each for each in others if _level(free, each, piece) == best]
        for choice in (better, others):
            slot = free.find_earliest(piece, not_before, choice)
            if slot is not None:
                return slot
    return free.find_earliest(piece, not_before)


def _level(free: FreeTime, technician: Technician, piece: WorkPiece) -> int:
    if piece.skill_id is None:
        return 0
    skill = free.held[technician.id].get(piece.skill_id)
    return skill.level if skill else 0


def technicians_before(order: RepairOrder) -> list[Technician]:
    """Who worked on the order that this one repeats."""
    if order.repeat_of_id is None:
        return []
    jobs = select(Job.id).where(Job.order_id == order.repeat_of_id)
    found = allocations.list_of(list(session.scalars(jobs)))
    return list({each.technician_id: each.technician for each in found}.values())
