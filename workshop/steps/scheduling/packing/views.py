"""One job of an order: what is done in it in one go, split from it, or joined to it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.errors import Missing
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.dispatch import place_page
from workshop.steps.scheduling.packing import gates, service
from workshop.steps.scheduling.packing.forms import JoinForm, SplitForm


@dataclass(frozen=True)
class Other:
    """Another job of the order, and why it cannot be done in one go with this one."""

    job: Job
    missing: list[Missing]


@bp.get("/orders/<no>/scheduling/jobs/<int:job_id>/lines")
@requires(Permission.SCHEDULE)
def show_lines(no: str, job_id: int) -> ResponseReturnValue:
    """The lines of the job, and the other jobs of the order that could be done with it."""
    job = place_page.get_job(no, job_id)
    return _page(job, _split_form(job), _join_form(job))


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/split")
@requires(Permission.SCHEDULE)
def split_job(no: str, job_id: int) -> ResponseReturnValue:
    """Make some lines of the job a job of its own."""
    job = place_page.get_job(no, job_id)
    form = _split_form(job)

    def act() -> None:
        ids, why = form.lines.data or [], form.reason.data or ""
        service.split(job, ids, why, by=me(), at=clock.now())

    if form.carry_out(act):
        flash(gettext("The job is split. The new one waits for its place."), "good")
        return redirect(url_for("scheduling.show", no=no))
    job = place_page.get_job(no, job_id)
    return _page(job, form, _join_form(job, is_blank=True), form.status)


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/join")
@requires(Permission.SCHEDULE)
def join_jobs(no: str, job_id: int) -> ResponseReturnValue:
    """Do another job of the order in one go with this one."""
    job = place_page.get_job(no, job_id)
    form = _join_form(job)

    def act() -> None:
        other = queries.get_job(job.order, form.other.data or 0)
        service.join(job, other, form.why.data or "", by=me(), at=clock.now())

    if form.carry_out(act):
        flash(gettext("Both are one job now."), "good")
        return redirect(url_for("scheduling.show", no=no))
    job = place_page.get_job(no, job_id)
    return _page(job, _split_form(job, is_blank=True), form, form.status)


def _split_form(job: Job, *, is_blank: bool = False) -> SplitForm:
    form = SplitForm(formdata=None) if is_blank else SplitForm()
    form.offer(job, me().locale)
    return form


def _join_form(job: Job, *, is_blank: bool = False) -> JoinForm:
    form = JoinForm(formdata=None) if is_blank else JoinForm()
    form.offer(_open(job), me().locale)
    return form


def _others(job: Job) -> list[Other]:
    branch = job.order.branch
    hands, day = gates.read_hands(branch), calendar.local_day(branch, clock.now())
    return [Other(each, gates.missing_to_join(job, each, hands, day)) for each in _open(job)]


def _open(job: Job) -> list[Job]:
    found = queries.list_jobs(job.order)
    return [each for each in found if each.id != job.id and each.state is not JobState.DONE]


def _page(job: Job, split: SplitForm, join: JoinForm, status: int = 200) -> ResponseReturnValue:
    return web.page(
        "scheduling/lines.html",
        status,
        job=job,
        order=job.order,
        split=split,
        join=join,
        missing_to_split=gates.missing_to_split(job),
        others=_others(job),
    )
