"""The phone of who helps: the own clock beside the lead's, and what there is to know of the job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.allocation.models import AllocationStatus, Assistance
from workshop.errors import NotAllowed
from workshop.orders.models import Job
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts import queries as parts
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import help_clocks, helping, queries
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.phone import actions
from workshop.steps.repair.phone import page as phone


@bp.post("/my-jobs/<int:job_id>/help")
@requires(Permission.WORK)
def start_helping(job_id: int) -> ResponseReturnValue:
    """Start the helper's clock."""
    return _act(job_id, "help", helping.start)


@bp.post("/my-jobs/<int:job_id>/stop-helping")
@requires(Permission.WORK)
def stop_helping(job_id: int) -> ResponseReturnValue:
    """Stop the helper's clock."""
    return _act(job_id, "stop_help", helping.stop)


def page(job: Job, given: Assistance) -> ResponseReturnValue:
    """What who helps sees of the job; the points and the checks are the lead's."""
    return web.page(
        "repair/help.html",
        **card(job, given),
        allocation=given,
        lead=given.lead,
        pick_lists=parts.list_pick_lists(job.order),
        part_lines=phone.list_part_lines(job),
    )


def card(job: Job, given: Assistance) -> dict[str, Any]:
    """What every page about help shows: the clock, the next act, what it lacks."""
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
        "new_action_id": actions.new_id,
        "clock_speed": clock.speed,
        **phone.day(),
    }


def _act(job_id: int, name: str, do: Callable[[Job, Any, datetime], Any]) -> ResponseReturnValue:
    """Apply an act of the helper's once, commit, and go back to where the button stood."""
    job = queries.get_job(job_id, me().branch_id)
    if helping.find_help(job, me()) is None:
        raise NotAllowed(helping.NOT_ASKED, code="not_assigned")
    url = url_for("repair.job", job_id=job_id)
    if request.form.get("back") == "phone":
        url = url_for("repair.phone")
    answer = phone.once(name, lambda at: do(job, me(), at), job, url=url)
    db.commit()
    return phone.reply(answer)
