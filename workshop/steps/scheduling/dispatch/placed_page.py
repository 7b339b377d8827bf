"""What has just been placed of an order as a whole: who, where, when, and why."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.allocation.free_time import Slot
from workshop.allocation.models import Allocation
from workshop.errors import Missing
from workshop.orders.models import Job, RepairOrder
from workshop.shop import queries as shop
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.board import undo_page
from workshop.steps.scheduling.closing import queries as closing
from workshop.steps.scheduling.dispatch import reasons, suggestion
from workshop.steps.scheduling.dispatch import service as scheduling


@dataclass(frozen=True)
class PlacedJob:
    """A job with its new place, and why it stands there."""

    job: Job
    live: Allocation
    why: list[Missing]


@dataclass(frozen=True)
class Placed:
    """The jobs in the order of their times; `slack` is of the last one to end."""

    order: RepairOrder
    jobs: list[PlacedJob]
    slack: Missing | None
    held: int


def find(order: RepairOrder) -> Placed | None:
    """What this person has just placed, as long as nobody has changed it since."""
    chosen = undo_page.find_placed(order)
    jobs = [_placed(job, chosen[job.id]) for job in queries.list_jobs(order) if job.id in chosen]
    if not jobs:
        return None
    jobs.sort(key=lambda each: each.live.starts_at)
    last = max(jobs, key=lambda each: each.live.ends_at)
    return Placed(
        order,
        jobs,
        reasons.of_slack(order, _slot(last.live)),
        len(closing.held_of(job.id for job in queries.list_jobs(order))),
    )


def _placed(job: Job, who: reasons.Who) -> PlacedJob:
    live = scheduling.get_live(job)
    held = shop.skills_of([live.technician])
    before = suggestion.technicians_before(job.order)
    return PlacedJob(job, live, reasons.of_person(job, _slot(live), held, who, before))


def _slot(live: Allocation) -> Slot:
    across = live.rest_minutes > 0
    return Slot(live.technician, live.bay, live.starts_at, live.ends_at, across)
