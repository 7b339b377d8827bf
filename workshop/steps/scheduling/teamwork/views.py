"""The second technician of a job, in the form of its place: put on, taken off, and the share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.errors import N_, Invalid
from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.dispatch import place_page
from workshop.steps.scheduling.teamwork import service as teamwork
from workshop.steps.scheduling.teamwork.forms import AssistantForm


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/assistant")
@requires(Permission.SCHEDULE)
def add_assistant(no: str, job_id: int) -> ResponseReturnValue:
    """Let a second technician help."""

    def act(job: Job, form: AssistantForm, at: datetime) -> str:
        if not form.assistant_id.data:
            raise Invalid(N_("Choose who helps."), field="assistant_id")
        helper = shop.get_technician(form.assistant_id.data, job.order.branch)
        version = web.whole(form.version.data)
        teamwork.add(job, helper, form.share_percent.data, seen_version=version, by=me(), at=at)
        return str(gettext("%(name)s helps with this job.", name=helper.name))

    return _carry_out(no, job_id, act)


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/assistant/share")
@requires(Permission.SCHEDULE)
def share_with_assistant(no: str, job_id: int) -> ResponseReturnValue:
    """Change the share of the book time."""

    def act(job: Job, form: AssistantForm, at: datetime) -> str:
        version = web.whole(form.version.data)
        percent = form.share_percent.data
        teamwork.set_share(job, percent, seen_version=version, by=me(), at=at)
        return str(gettext("The share is %(percent)s %% now.", percent=percent))

    return _carry_out(no, job_id, act)


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/assistant/take-off")
@requires(Permission.SCHEDULE)
def take_off_assistant(no: str, job_id: int) -> ResponseReturnValue:
    """The lead goes on alone."""

    def act(job: Job, form: AssistantForm, at: datetime) -> str:
        version = web.whole(form.version.data)
        teamwork.take_off(job, seen_version=version, by=me(), at=at)
        return str(gettext("The lead goes on alone."))

    return _carry_out(no, job_id, act)


def _carry_out(
    no: str, job_id: int, act: Callable[[Job, AssistantForm, datetime], str]
) -> ResponseReturnValue:
    job, form, at = place_page.get_job(no, job_id), AssistantForm(), clock.now()
    said: list[str] = []
    if form.carry_out(lambda: said.append(act(job, form, at))):
        flash(said[0], "good")
        return redirect(_back_to(job, form))
    return place_page.show_team(place_page.get_job(no, job_id), form)


def _back_to(job: Job, form: AssistantForm) -> str:
    if form.back.data == "order":
        return url_for("scheduling.show", no=job.order.no)
    return place_page.board_url(queries.find_live(job))
