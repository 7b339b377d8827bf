"""The cards of the board: a piece of work each, where it is drawn, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from workshop.allocation.models import Allocation, AllocationStatus
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.shop.rules import Span
from workshop.steps.scheduling import queries, rules
from workshop.steps.scheduling.board import drawn
from workshop.steps.scheduling.board.drawn import Drawn
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.models import FolderState, JobFolder, PlacePin, TimeChange
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.replanning import history
from workshop.steps.scheduling.rules import Alarm
from workshop.steps.scheduling.teamwork import cards as helping


@dataclass(frozen=True)
class Card:
    """One piece of work on the board."""

    allocation: Allocation
    job: Job
    folder: JobFolder | None
    proposal: TimeChange | None
    alarms: list[Alarm]
    drawn: Drawn
    pin: PlacePin | None = None
    by_plan: bool = False
    # Begun on this day although it is planned for a later one, where its hours are counted.
    is_ahead: bool = False
    # Which of the day's pieces of the same car it is, and of how many: (1, 3).
    part: tuple[int, int] = (1, 1)

    @property
    def is_done(self) -> bool:
        return helping.is_over(self.allocation, self.job)

    @property
    def tone(self) -> str:
        return helping.tone_of(self.allocation, self.job, self.alarms)


def make_cards(
    found: list[Allocation],
    branch: Branch,
    table: calendar.Timetable,
    at: datetime,
    going_on: Mapping[int, Span] | None = None,
    ahead: Collection[Allocation] = (),
) -> list[Card]:
    """The cards of these allocations, each with its alarms.

    `going_on` is where begun work is drawn, by job; `ahead` are those begun before their day.
    """
    jobs = queries.jobs_of(found)
    going_on = going_on or {}
    folders = queries.folders_of(jobs)
    asked = more_time.asked_minutes(jobs)
    pins, planned = pinned.pins_of(found), history.placed_by_plan(found)
    parts = _parts(found, jobs)
    proposals = {each.allocation_id: each for each in queries.list_proposals(branch)}
    return [
        Card(
            each,
            jobs[each.job_id],
            folders.get(each.job_id),
            proposals.get(each.id),
            alarms_of(
                each,
                jobs[each.job_id],
                folders.get(each.job_id),
                table,
                at,
                asked.get(each.job_id, 0),
            ),
            drawn.place_of(each, going_on.get(each.job_id) if each.is_planned else None),
            pins.get(each.id),
            each.id in planned,
            each in ahead,
            parts[each.id],
        )
        for each in found
    ]


def _parts(found: list[Allocation], jobs: Mapping[int, Job]) -> dict[int, tuple[int, int]]:
    """By allocation: which piece of its order's it is, by time, and of how many."""
    by_order: dict[int, list[Allocation]] = defaultdict(list)
    for each in sorted(found, key=lambda each: (each.starts_at, each.id)):
        by_order[jobs[each.job_id].order_id].append(each)
    return {
        each.id: (number, len(pieces))
        for pieces in by_order.values()
        for number, each in enumerate(pieces, 1)
    }


def alarms_of(
    allocation: Allocation,
    job: Job,
    folder: JobFolder | None,
    table: calendar.Timetable,
    at: datetime,
    more_minutes: int = 0,
) -> list[Alarm]:
    """What is wrong with a planned piece of work now; `more_minutes` are asked for, not planned."""
    if allocation.status is AllocationStatus.DONE:
        return []
    span = (allocation.starts_at, allocation.ends_at)
    state = folder.state if folder else None
    facts = rules.Facts(
        starts_at=allocation.starts_at,
        ends_at=allocation.ends_at,
        promised_at=job.order.promised_at,
        delivery_minutes=table.branch.delivery_minutes,
        waiting=job.state is JobState.WAITING,
        over=job.state in (JobState.DONE, JobState.CANCELLED),
        folder_taken=state in (FolderState.TAKEN, FolderState.RETURNED),
        folder_returned=state is FolderState.RETURNED,
        at_work=not table.is_absent(allocation.technician_id, span),
    )
    found = [*rules.alarms(facts, at), *rules.more_time_alarms(facts, more_minutes)]
    return sorted(found, key=lambda alarm: alarm.tone != "bad")
