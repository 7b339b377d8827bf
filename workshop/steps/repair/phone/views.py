"""The technician's phone: my jobs, one job, its acts. Every act bears the phone's own id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.allocation.models import Assistance
from workshop.errors import N_, NotFound
from workshop.orders import service as orders
from workshop.orders.models import Job
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import queries as parts
from workshop.steps.parts import returns
from workshop.steps.parts.models import PickLine
from workshop.steps.repair import attending, car_clock, helping, notes, queries, rules, work
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.changing import told
from workshop.steps.repair.forms import NoteForm, PauseForm, UnusedForm, picture
from workshop.steps.repair.phone import agenda, help_page
from workshop.steps.repair.phone import page as phone
from workshop.steps.repair.quality import rework
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.quality.forms import SelfCheckForm
from workshop.steps.repair.rules import PauseReason, Point
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.scheduling.dispatch import more_time

# So long the phone says that the customer took work off.
_TOLD_FOR = timedelta(hours=12)


@bp.get("/my-jobs", endpoint="phone")
@requires(Permission.WORK)
def my_jobs() -> ResponseReturnValue:
    """The technician's one current job with its next act, and what comes after it."""
    technician = agenda.find_technician(me())
    planned = agenda.list_my_jobs(technician, clock.now()) if technician else []
    current = planned[0] if planned else None
    return web.page(
        "repair/phone.html",
        technician=technician,
        current=current,
        following=planned[1:],
        taken_off=told.list_since(technician, clock.now() - _TOLD_FOR) if technician else [],
        **_card_of(current),
    )


def _card_of(current: agenda.PlannedJob | None) -> dict[str, Any]:
    if current is None:
        return {"clock_speed": clock.speed, **phone.day()}
    if isinstance(current.allocation, Assistance):
        return help_page.card(current.job, current.allocation)
    return phone.card(current.job)


@bp.get("/my-jobs/<int:job_id>")
@requires(Permission.WORK)
def job(job_id: int) -> ResponseReturnValue:
    """Everything about one of the technician's own jobs, or what a helper needs of it."""
    given = helping.find_help(queries.get_job(job_id, me().branch_id), me())
    if given is not None:
        return help_page.page(queries.get_job(job_id, me().branch_id), given)
    shown = phone.get_mine(job_id)
    now = clock.now()
    points = {each.point: each for each in queries.list_points(shown)}
    lines = phone.list_lines(shown)
    return web.page(
        "repair/job.html",
        **phone.card(shown),
        allocation=scheduling.find_allocation(shown),
        points=points,
        by_hand=rules.POINTS_BY_HAND,
        all_points=list(Point),
        can_undo=[
            point
            for point, each in points.items()
            if point in rules.POINTS_BY_HAND and rules.can_undo(each.ticked_at, now)
        ],
        self_check=queries.find_self_check(shown),
        notes=queries.list_notes(shown),
        requests=queries.list_additions(shown.order),
        lines=lines,
        can_report_unused=shown.order.settled_at is None
        and any(issued for each in lines for _part, issued in each.parts),
        pick_lists=parts.list_pick_lists(shown.order),
        other_jobs=[each for each in queries.list_jobs(shown.order) if each.id != shown.id],
        rework=queries.find_rework_of(shown),
        alarm=rework.find_alarm(shown.order),
        more_time=more_time.list_of(shown),
    )


@bp.post("/my-jobs/<int:job_id>/start")
@requires(Permission.WORK)
def start(job_id: int) -> ResponseReturnValue:
    """Start the clock on a waiting job; with `arrive`, one tap clocks in or ends the break too."""
    return _act(job_id, "start", lambda mine, at: _begin(work.start, mine, at))


@bp.post("/my-jobs/<int:job_id>/resume")
@requires(Permission.WORK)
def resume(job_id: int) -> ResponseReturnValue:
    """Start the clock again on a paused job; `arrive` as for the start."""
    return _act(job_id, "resume", lambda mine, at: _begin(work.resume, mine, at))


@bp.post("/my-jobs/<int:job_id>/pause")
@requires(Permission.WORK)
def pause(job_id: int) -> ResponseReturnValue:
    """Stop the clock, with the reason of the chip that was pressed."""
    form = PauseForm()
    if not form.validate_on_submit():
        phone.tell_queue(form)
        mine = phone.get_mine(job_id)
        return web.page("repair/pause.html", form.status, form=form, **phone.card(mine))
    reason = PauseReason(form.reason.data)
    return _act(job_id, "pause", lambda mine, at: work.pause(mine, reason, me(), at))


@bp.post("/my-jobs/<int:job_id>/finish")
@requires(Permission.WORK)
def finish(job_id: int) -> ResponseReturnValue:
    """Finish the job; the last one sends the car to the quality check."""
    return _act(job_id, "finish", lambda mine, at: work.finish(mine, me(), at), back="phone")


@bp.post("/my-jobs/<int:job_id>/points/<point>")
@requires(Permission.WORK)
def tick(job_id: int, point: str) -> ResponseReturnValue:
    """Tick one of the six points."""
    ticked = _get_point(point)
    return _act(job_id, "tick", lambda mine, at: work.tick(mine, ticked, me(), at), back="job")


@bp.post("/my-jobs/<int:job_id>/points/<point>/undo")
@requires(Permission.WORK)
def untick(job_id: int, point: str) -> ResponseReturnValue:
    """Take back a tick, within ten seconds."""
    ticked = _get_point(point)
    return _act(job_id, "untick", lambda mine, at: work.untick(mine, ticked, me(), at), back="job")


@bp.route("/my-jobs/<int:job_id>/self-check", methods=["GET", "POST"])
@requires(Permission.WORK)
def self_check(job_id: int) -> ResponseReturnValue:
    """The technician's own check, item by item."""
    mine = phone.get_mine(job_id)
    form = SelfCheckForm.asking([mine], posted=request.form.get("seen", ""), at=clock.now())()

    def act(at: datetime) -> None:
        answers, remarks = form.answers(), form.remarks.data or ""
        seen = form.seen.data or ""
        quality.self_check(mine, answers, remarks=remarks, seen=seen, by=me(), at=at)

    url = url_for("repair.job", job_id=job_id)
    answers: list[dict[str, Any]] = []
    if form.carry_out(lambda: answers.append(phone.once("self_check", act, mine, url=url))):
        return phone.reply(answers[0])
    phone.tell_queue(form)
    return web.page(
        "repair/self_check.html", form.status, form=form, **phone.card(phone.get_mine(job_id))
    )


@bp.route("/my-jobs/<int:job_id>/note", methods=["GET", "POST"])
@requires(Permission.WORK)
def note(job_id: int) -> ResponseReturnValue:
    """Write down what was done or measured, with a photo."""
    mine = phone.get_mine(job_id)
    form = NoteForm()

    def act(at: datetime) -> None:
        text, photo = form.text.data or "", picture(form.photo)
        notes.add_note(mine, text, photo=photo, by=me(), at=at)

    if form.carry_out(lambda: phone.once("note", act, mine)):
        return redirect(url_for("repair.job", job_id=job_id))
    return web.page(
        "repair/note.html", form.status, form=form, **phone.card(phone.get_mine(job_id))
    )


@bp.get("/my-jobs/<int:job_id>/unused")
@requires(Permission.WORK)
def unused(job_id: int) -> ResponseReturnValue:
    """The parts that the technician has of this job, to say which were not needed."""
    return _unused_page(job_id, UnusedForm(formdata=None))


@bp.post("/my-jobs/<int:job_id>/unused/<int:line_id>")
@requires(Permission.WORK)
def report_unused(job_id: int, line_id: int) -> ResponseReturnValue:
    """Some of a part was not needed; the counter sees that it has to come back."""
    form = UnusedForm()

    def act(at: datetime) -> None:
        line = _get_part_line(phone.get_mine(job_id), line_id)
        returns.report_unused(line, form.quantity_milli, reason=form.why, by=me(), at=at)

    if form.carry_out(lambda: phone.once("unused", act)):
        flash(gettext("The parts counter knows. Take the part back there."), "good")
        return redirect(url_for("repair.job", job_id=job_id))
    return _unused_page(job_id, form, line_id)


def _unused_page(job_id: int, form: UnusedForm, line_id: int = 0) -> ResponseReturnValue:
    mine = phone.get_mine(job_id)
    return web.page(
        "repair/unused.html",
        form.status,
        form=form,
        form_of=line_id,
        lines=[line for line in parts.list_job_lines(mine) if line.issued_milli],
        **phone.card(mine),
    )


def _get_part_line(mine: Job, line_id: int) -> PickLine:
    line = parts.get_line(mine.order.branch_id, line_id)
    if line not in parts.list_job_lines(mine):
        raise NotFound(N_("There is no such line on a pick list."))
    return line


@bp.get("/my-jobs/<int:job_id>/photos/<int:attachment_id>")
@requires(Permission.WORK)
def photo(job_id: int, attachment_id: int) -> ResponseReturnValue:
    """A picture of the technician's own job."""
    mine = phone.get_mine(job_id)
    attachment = orders.get_attachment(attachment_id, me().branch_id)
    if attachment.order_id != mine.order_id:
        raise NotFound(N_("There is no such picture."))
    return Response(attachment.data, mimetype=attachment.mime)


def _get_point(value: str) -> Point:
    try:
        return Point(value)
    except ValueError as error:
        raise NotFound(N_("There is no such point.")) from error


def _begin(do: Callable[[Job, User, datetime], Any], mine: Job, at: datetime) -> None:
    technician = agenda.find_technician(me())
    if request.form.get("instead") and technician is not None:
        car_clock.rest(technician, PauseReason.OTHER, me(), at)
    if request.form.get("arrive"):
        attending.be_here(me(), at)
    do(mine, me(), at)


def _act(
    job_id: int, name: str, do: Callable[[Job, datetime], Any], *, back: str = ""
) -> ResponseReturnValue:
    """Apply an act once, commit, and go back to the page that the button stood on."""
    mine = queries.get_job(job_id, me().branch_id)
    anchor = "points" if name in ("tick", "untick") else None
    url = url_for("repair.job", job_id=job_id, _anchor=anchor)
    if (back or request.form.get("back")) == "phone":
        url = url_for("repair.phone")
    answer = phone.once(name, lambda at: do(mine, at), mine, url=url)
    db.commit()
    return phone.reply(answer)
