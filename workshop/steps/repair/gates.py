"""What a job still needs to start and to finish, and an order to leave the workshop."""

from __future__ import annotations

from datetime import datetime

from workshop.allocation import queries as allocations
from workshop.errors import N_, Missing, Way
from workshop.orders import ticks
from workshop.orders.flow import Action, Stage, Step, permits
from workshop.orders.models import (
    Job,
    JobState,
    RepairOrder,
)
from workshop.orders.rows import Phase
from workshop.orders.ticks import Tick
from workshop.shop import calendar
from workshop.shop.models import Branch, Technician
from workshop.steps.parts import gates as parts_gates
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair import queries, rules
from workshop.steps.repair.inspecting import gates as inspecting
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.scheduling.dispatch import gates as dispatch_gates


def missing_to_finish(job: Job) -> list[Missing]:
    """What is missing before the job can be finished: running, points, self-check, inspection."""
    found = []
    if job.state is not JobState.RUNNING:
        found.append(Missing(N_("The job is not running."), "not_running"))
    ticked = {each.point for each in queries.list_points(job)}
    found += [
        Missing(N_("Still to be ticked: %(point)s."), f"point_{point.value}", {"point": point})
        for point in rules.points_missing(ticked)
    ]
    check = queries.find_self_check(job)
    way = Way("repair.self_check", N_("Open the self-check"), {"job_id": job.id})
    if check is None:
        found.append(Missing(N_("The self-check has not been made."), "self_check", way=way))
    elif not check.passed:
        found.append(
            Missing(
                N_("The self-check found something; mend it and check again."),
                "self_check",
                way=way,
            )
        )
    return [*found, *inspecting.missing_of(job)]


def missing_to_settle(order: RepairOrder) -> list[Missing]:
    """What is missing in this step before the order can be settled."""
    if queries.needs_final_check(order) and queries.find_final_check(order) is None:
        return [Missing(N_("The final check has not been passed."), "final_check")]
    return []


def missing(order: RepairOrder) -> list[Missing]:
    """What is missing before the order can leave this step; nothing before and after it."""
    if order.stage.step is not Step.REPAIR:
        return []
    if order.stage is Stage.QUALITY_CHECK:
        return [Missing(N_("The quality check has not been made."), "quality_check")]
    if order.stage is Stage.FINAL_CHECK:
        return [Missing(N_("The advisor's final check has not been made."), "final_check")]
    jobs = len(queries.list_unfinished(order))
    found = []
    if jobs:
        found.append(Missing(N_("Jobs not finished yet: %(count)s."), "jobs", {"count": jobs}))
    if queries.open_additions(order):
        found.append(Missing(N_("Additional work waits for an answer."), "addition"))
    return found


def missing_to_help(job: Job, technician: Technician, at: datetime) -> list[Missing]:
    """What stands in the way of helping now: the lead's clock, or a certificate."""
    found = []
    if job.state is not JobState.RUNNING:
        words = N_("The lead's clock does not run: the job is “%(state)s”.")
        found.append(Missing(words, "lead", {"state": job.state}))
    day = calendar.local_day(job.order.branch, at)
    found += missing_day(job.order.branch, at)
    return [*found, *dispatch_gates.missing_to_help(job, technician, day)]


def missing_to_start(job: Job, at: datetime | None = None) -> list[Missing]:
    """What is missing before work may begin: the stage, authorisation, technician, parts.

    With `at`, also whether work is done on that day, and the technician's certificate still holds.
    """
    found: list[Missing] = []
    if not permits(job.order.stage, Action.START_JOB):
        found.append(Missing(N_("The order is “%(stage)s”."), "stage", {"stage": job.order.stage}))
    if not queries.is_authorised(job):
        found.append(Missing(N_("The customer has not authorised this work."), "authorisation"))
    if at is not None:
        found += missing_day(job.order.branch, at)
    technician = scheduling.technician_of(job)
    if technician is None:
        found.append(Missing(N_("No technician is assigned."), "technician"))
    elif at is not None:
        found += missing_skill(job, technician, at)
    live = scheduling.find_live(job)
    if live is not None and live.bay is not None and not live.bay.active:
        message = N_("Bay %(bay)s is out of use. Move the job to another bay first.")
        here = {"no": job.order.no, "job_id": job.id}
        way = Way("scheduling.place", N_("Open its place"), here)
        found.append(Missing(message, "bay", {"bay": live.bay.code}, way))
    return [*found, *parts_gates.missing_to_start(job.order, job)]


def missing_to_resume(job: Job, technician: Technician, at: datetime) -> list[Missing]:
    """What is missing before paused work may go on: the day, the technician's certificate."""
    return [*missing_day(job.order.branch, at), *missing_skill(job, technician, at)]


def missing_day(branch: Branch, at: datetime) -> list[Missing]:
    """Why no clock may begin at this moment: the day is closed off, or none of the shop's.

    What is planned for such a day has been moved, so work on it would stand in no plan. A tap that
    comes late is of before the closing. A shop without any hours has no closed days either.
    """
    day = calendar.local_day(branch, at)
    close = allocations.find_day_close(branch, day)
    if close is not None and at >= close.closed_at:
        message = N_("Today was closed at %(time)s. Open the day again first.")
        way = Way("scheduling.show_close", N_("Open the closing of the day"))
        return [Missing(message, "day_closed", {"time": close.closed_at}, way)]
    table = calendar.Timetable(branch, day, day)
    if table.is_open(day) or not table.has_hours:
        return []
    message = N_("The shop is closed on %(day)s. Make it an open day in the calendar first.")
    way = Way("scheduling.working_calendar", N_("Open the calendar"))
    return [Missing(message, "shop_closed", {"day": day.isoformat()}, way)]


def missing_skill(job: Job, technician: Technician, at: datetime) -> list[Missing]:
    return dispatch_gates.missing_skill(job, technician, calendar.local_day(job.order.branch, at))


def tick(order: RepairOrder) -> Tick:
    """How far the step is: done when every job is, and the final check that stands was passed."""
    if order.stage.phase is Phase.INTAKE:
        return ticks.OPEN
    if not queries.needs_final_check(order) and not queries.list_unfinished(order):
        return _leave_out(order)
    is_checked = not queries.list_unfinished(order) and queries.find_final_check(order) is not None
    return ticks.DONE if is_checked else ticks.OPEN


def _leave_out(order: RepairOrder) -> Tick:
    stopped = taking_off.find_no_check(order)
    if stopped is None:
        return ticks.not_needed(N_("There is no work on the car."))
    return ticks.skipped(
        N_("The work was stopped, unchecked: %(reason)s"), reason=stopped.no_check_reason
    )
