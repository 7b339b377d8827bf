"""What an order has on the board while it is cancelled."""

from __future__ import annotations

from datetime import datetime

from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.staff.models import User
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import calling_off


def list_of_order(order: RepairOrder) -> list[Effect]:
    """Each job with its place, its hours, and who waits for an answer about it."""
    return [_job(each) for each in queries.list_jobs(order)]


def _job(job: Job) -> Effect:
    def end(by: User, at: datetime) -> None:
        calling_off.call_off(job, 0, by=by, at=at)
        job.state = JobState.CANCELLED

    live = queries.find_live(job)
    if live is None:
        return Effect(N_("%(job)s is called off; its hours are free."), {"job": job}, end)
    words = N_("%(job)s is called off; %(name)s is free from %(at)s on, and so are its hours.")
    values = {"job": job, "name": live.technician.name, "at": live.starts_at}
    return Effect(words, values, end)
