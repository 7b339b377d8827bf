"""What who helps sees of a job: the own clock beside the lead's, the next act, what is missing."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.allocation.models import AllocationStatus, Assistance
from workshop.orders.models import Job
from workshop.phone import applied
from workshop.steps.parts import queries as parts
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import help_clocks
from workshop.steps.repair.phone import page as phone


def page(job: Job, given: Assistance) -> ResponseReturnValue:
    """What who helps sees of the job; the points and the checks are the lead's."""
    return web.page(
        "repair/help.html",
        **card(job, given),
        allocation=given,
        lead=given.lead,
        pick_lists=parts.list_pick_lists(job.order),
        lines=phone.list_lines(job),
    )


def card(job: Job, given: Assistance) -> dict[str, Any]:
    """What every page about help shows: the clock, the next act, what is missing."""
    now = clock.now()
    running = help_clocks.find_open(job)
    is_mine = running is not None and running.technician_id == given.technician_id
    mine = [each for each in help_clocks.list_of(job) if each.technician_id == given.technician_id]
    is_over = given.status is not AllocationStatus.PLANNED and not is_mine
    return {
        "job": job,
        "order": job.order,
        "running": running if is_mine else None,
        "seconds": phone.seconds_of(mine, now),
        "speed": clock.speed(),
        "next_act": "stop_help" if is_mine else "none" if is_over else "help",
        "missing_to_help": repair_gates.missing_to_help(job, given.technician, now),
        "new_action_id": applied.new_id,
        "clock_speed": clock.speed,
        **phone.day(),
    }
