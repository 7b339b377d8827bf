"""What the ledger counts of a job: what is left of it, on the day on which it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from workshop.capacity import service as capacity
from workshop.capacity.models import CapacityTake, TakeSource
from workshop.capacity.remaining import Need
from workshop.orders.models import Job
from workshop.orders.work import rules as work_rules
from workshop.shop import calendar, rules
from workshop.steps.scheduling import queries


def keep(job: Job, day: date | None, at: datetime) -> None:
    """Count what is left of the job on the day on which it stands, so nothing is sold twice.

    What is longer than a day counts there only as far as it is planned; the rest counts on the
    next one. Without a day it waits for a place: it stays on the last day it was counted.
    """
    takes = capacity.list_takes(TakeSource.JOB, job.id)
    if day is None and not takes:
        return
    left = queries.minutes_left(job)
    if day is None and sum(each.minutes for each in takes) == left:
        return
    days = _by_day(job, day, left) if day else [(takes[-1].day, left)]
    wanted = list(_by_need(job, days))
    if [(each.day, _need_of(each), each.minutes) for each in takes] == wanted:
        return
    capacity.release(TakeSource.JOB, job.id, at=at)
    branch = job.order.branch
    for on_day, need, minutes in wanted:
        capacity.take(branch, on_day, need, minutes, TakeSource.JOB, job.id, at=at, beyond=True)


def _need_of(taken: CapacityTake) -> Need:
    return Need.of(taken.skill_id, taken.bay_kinds)


def _by_need(job: Job, days: Sequence[tuple[date, int]]) -> Iterator[tuple[date, Need, int]]:
    """What each line still asks of which day: the work goes through the lines in their order."""
    rest = [
        (Need.of(line.skill_id, line.bay_kinds), line.minutes)
        for line in work_rules.rest_of(job.lines, sum(minutes for _, minutes in days))
    ]
    for day, minutes in days:
        while minutes > 0 and rest:
            need, wanted = rest.pop(0)
            part = min(minutes, wanted)
            yield day, need, part
            minutes -= part
            if part < wanted:
                rest.insert(0, (need, wanted - part))


def _by_day(job: Job, day: date, left: int) -> list[tuple[date, int]]:
    live = queries.find_live(job)
    if live is None or left <= live.minutes:
        return [(day, left)]
    if left <= rules.minutes_of(calendar.shifts(live.technician, day)):
        return [(day, left)]  # Whoever plans less than the book time means to be faster.
    tomorrow = calendar.next_open_day(job.order.branch, day)
    return [(day, live.minutes), (tomorrow, left - live.minutes)]
