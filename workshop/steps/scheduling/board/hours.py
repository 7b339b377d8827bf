"""The hours of a day from the one ledger: by skill and bay kind, what is sold and what is free.

Total − reserve − sold − carried over − held − other work of the same people = free. Nothing is
written; the board only looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from workshop.allocation.models import Allocation, AllocationStatus
from workshop.capacity.ledger import DayCapacity, Ledger
from workshop.capacity.models import CapacityTake, TakeSource
from workshop.db import session
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import BayKind, Branch, Skill
from workshop.steps.scheduling.closing.models import JobHold
from workshop.steps.scheduling.models import DayConsent


@dataclass(frozen=True)
class Share:
    """The minutes of a skill, of a bay kind, or of everybody (neither) on the day."""

    skill: Skill | None
    kind: BayKind | None
    total_minutes: int
    reserve_minutes: int
    sold_minutes: int
    carried_minutes: int
    held_minutes: int
    # What other skills took of the same people, or other kinds of work of the same bays.
    other_minutes: int

    @property
    def free_minutes(self) -> int:
        """What may still be sold ahead; negative when the day is overbooked."""
        taken = self.sold_minutes + self.carried_minutes + self.held_minutes
        return self.total_minutes - self.reserve_minutes - taken - self.other_minutes

    @property
    def tone(self) -> str:
        """How near to full it is."""
        if self.free_minutes < 0:
            return "over"
        return "full" if self.free_minutes * 10 < self.total_minutes else "free"


def read(branch: Branch, day: date, at: datetime) -> list[Share]:
    """Everybody first, then each skill and each kind of bay there is; none on a day off."""
    ledger = Ledger(branch, day, day, at=at)
    if not ledger.is_open(day):
        return []
    sums = _Sums(ledger.list_takes(day), branch, day)
    found = [sums.share(ledger.capacity(day, None), None, None)]
    held = {skill.id for skill in shop.list_skills()} & _held_by_somebody(branch)
    for skill in shop.list_skills():
        if skill.id in held or sums.wants_skill(skill):
            found.append(sums.share(ledger.capacity(day, skill.id), skill, None))
    there = {bay.kind for bay in shop.list_bays(branch)}
    for kind in BayKind:
        if kind in there:
            capacity = ledger.bay_capacity(day, frozenset([kind.value]))
            found.append(sums.share(capacity, None, kind))
    return found


class _Sums:
    """What is counted on the day, split by why it is there."""

    def __init__(self, takes: list[CapacityTake], branch: Branch, day: date) -> None:
        self.takes = takes
        jobs = {each.source_id for each in takes if each.source is TakeSource.JOB}
        begins_at = calendar.day_span(branch, day)[0]
        rolled = {each.source_id for each in _of_jobs(takes) if each.day < day}
        self.carried = rolled | _list_carried(jobs, day, begins_at)
        self.held = _list_held(jobs)

    def wants_skill(self, skill: Skill) -> bool:
        return any(each.skill_id == skill.id for each in self.takes)

    def share(self, capacity: DayCapacity, skill: Skill | None, kind: BayKind | None) -> Share:
        mine = [each for each in self.takes if _is_of(each, skill, kind)]
        held = sum(each.minutes for each in _of_jobs(mine, self.held))
        carried = sum(each.minutes for each in _of_jobs(mine, self.carried - self.held))
        own = sum(each.minutes for each in mine)
        return Share(
            skill=skill,
            kind=kind,
            total_minutes=capacity.total_minutes,
            reserve_minutes=capacity.reserve_minutes,
            sold_minutes=own - held - carried,
            carried_minutes=carried,
            held_minutes=held,
            other_minutes=capacity.taken_minutes - own,
        )


def _is_of(taken: CapacityTake, skill: Skill | None, kind: BayKind | None) -> bool:
    if kind is not None:
        return taken.bay_kinds == [kind.value]
    return skill is None or taken.skill_id == skill.id


def _of_jobs(
    takes: Iterable[CapacityTake], ids: Collection[int] | None = None
) -> list[CapacityTake]:
    return [
        each
        for each in takes
        if each.source is TakeSource.JOB and (ids is None or each.source_id in ids)
    ]


def _held_by_somebody(branch: Branch) -> set[int]:
    held = shop.skills_of(shop.list_technicians(branch))
    return {skill_id for skills in held.values() for skill_id in skills}


def _list_carried(jobs: Collection[int], day: date, begins_at: datetime) -> set[int]:
    """The jobs that were begun before the day, or that their customers let go to it."""
    begun = select(Allocation.job_id).where(
        Allocation.job_id.in_(jobs),
        Allocation.status == AllocationStatus.DONE,
        Allocation.ends_at <= begins_at,
    )
    agreed = select(DayConsent.job_id).where(
        DayConsent.job_id.in_(jobs), DayConsent.from_day < day, DayConsent.to_day == day
    )
    return {*session.scalars(begun), *session.scalars(agreed)}


def _list_held(jobs: Collection[int]) -> set[int]:
    """The jobs that were held with a reason and have got no place since."""
    newest = select(func.max(Allocation.made_at)).where(Allocation.job_id == JobHold.job_id)
    planned = select(Allocation.id).where(
        Allocation.job_id == JobHold.job_id, Allocation.status == AllocationStatus.PLANNED
    )
    query = select(JobHold.job_id).where(
        JobHold.job_id.in_(jobs),
        ~planned.exists(),
        func.coalesce(newest.scalar_subquery() <= JobHold.held_at, True),
    )
    return set(session.scalars(query))
