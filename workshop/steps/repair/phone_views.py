"""The technician's phone: my jobs, one job, its acts. Every act bears the phone's own id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from wtforms.fields.choices import SelectChoice

from workshop import clock, db, web
from workshop.catalogue import queries as catalogue
from workshop.errors import N_, NotFound, WorkshopError
from workshop.orders import service as orders
from workshop.orders.models import Job, Urgency
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts import queries as parts
from workshop.steps.quotation import queries as quotation
from workshop.steps.repair import actions, additions, quality, queries, rework, rules, work
from workshop.steps.repair.forms import FoundForm, NoteForm, PauseForm, SelfCheckForm, picture
from workshop.steps.repair.rules import PauseReason, Point
from workshop.steps.scheduling import queries as scheduling

bp = web.blueprint("repair", __name__)


@bp.get("/my-jobs")
@requires(Permission.WORK)
def phone() -> ResponseReturnValue:
    """The technician's one current job with its next act, and what comes after it."""
    technician = queries.find_technician(me())
    planned = queries.list_my_jobs(technician) if technician else []
    current = planned[0] if planned else None
    return web.page(
        "repair/phone.html",
        technician=technician,
        current=current,
        following=planned[1:],
        **(_card(current.job) if current else {}),
    )


@bp.get("/my-jobs/<int:job_id>")
@requires(Permission.WORK)
def job(job_id: int) -> ResponseReturnValue:
    """Everything about one of the technician's own jobs."""
    shown = _get_mine(job_id)
    now = clock.now()
    points = {each.point: each for each in queries.list_points(shown)}
    return web.page(
        "repair/job.html",
        **_card(shown),
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
        part_lines=_list_part_lines(shown),
        pick_lists=parts.list_pick_lists(shown.order),
        other_jobs=[each for each in queries.list_jobs(shown.order) if each.id != shown.id],
        rework=queries.find_rework_of(shown),
        alarm=rework.find_alarm(shown.order),
    )


@bp.post("/my-jobs/<int:job_id>/start")
@requires(Permission.WORK)
def start(job_id: int) -> ResponseReturnValue:
    """Start the clock on a waiting job."""
    return _act(job_id, "start", lambda mine, at: work.start(mine, me(), at))


@bp.post("/my-jobs/<int:job_id>/resume")
@requires(Permission.WORK)
def resume(job_id: int) -> ResponseReturnValue:
    """Start the clock again on a paused job."""
    return _act(job_id, "resume", lambda mine, at: work.resume(mine, me(), at))


@bp.post("/my-jobs/<int:job_id>/pause")
@requires(Permission.WORK)
def pause(job_id: int) -> ResponseReturnValue:
    """Stop the clock, with the reason of the chip that was pressed."""
    form = PauseForm()
    if not form.validate_on_submit():
        mine = _get_mine(job_id)
        return web.page("repair/pause.html", form.status, form=form, **_card(mine))
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
    mine = _get_mine(job_id)
    form = SelfCheckForm()
    if form.validate_on_submit():
        answers, remarks = form.answers(), form.remarks.data or ""
        done = _try(
            form,
            "self_check",
            lambda at: quality.self_check(mine, answers, remarks=remarks, by=me(), at=at),
        )
        if done:
            return redirect(url_for("repair.job", job_id=job_id))
    return web.page("repair/self_check.html", form.status, form=form, **_card(_get_mine(job_id)))


@bp.route("/my-jobs/<int:job_id>/found", methods=["GET", "POST"])
@requires(Permission.WORK)
def found(job_id: int) -> ResponseReturnValue:
    """Ask for additional work: what was found, how urgent, a photo, the proposed operation."""
    mine = _get_mine(job_id)
    form = FoundForm()
    form.operation.choices = _operation_choices()
    if form.validate_on_submit():
        photo, operation_id = picture(form.photo), form.operation.data
        operation = catalogue.get_operation(operation_id) if operation_id else None
        done = _try(
            form,
            "found",
            lambda at: additions.request_addition(
                mine,
                form.finding.data or "",
                Urgency(form.urgency.data),
                photo=photo,
                operation=operation,
                by=me(),
                at=at,
            ),
        )
        if done:
            flash(gettext("Sent to the advisor. Do not start on it before the customer agrees."))
            return redirect(url_for("repair.job", job_id=job_id))
    return web.page("repair/found.html", form.status, form=form, **_card(_get_mine(job_id)))


@bp.route("/my-jobs/<int:job_id>/note", methods=["GET", "POST"])
@requires(Permission.WORK)
def note(job_id: int) -> ResponseReturnValue:
    """Write down what was done or measured, with a photo."""
    mine = _get_mine(job_id)
    form = NoteForm()
    if form.validate_on_submit():
        text, photo = form.text.data or "", picture(form.photo)
        if _try(
            form,
            "note",
            lambda at: work.add_note(mine, text, photo=photo, by=me(), at=at),
        ):
            return redirect(url_for("repair.job", job_id=job_id))
    return web.page("repair/note.html", form.status, form=form, **_card(_get_mine(job_id)))


@bp.get("/my-jobs/<int:job_id>/photos/<int:attachment_id>")
@requires(Permission.WORK)
def photo(job_id: int, attachment_id: int) -> ResponseReturnValue:
    """A picture of the technician's own job."""
    mine = _get_mine(job_id)
    attachment = orders.get_attachment(attachment_id, me().branch_id)
    if attachment.order_id != mine.order_id:
        raise NotFound(N_("There is no such picture."))
    return Response(attachment.data, mimetype=attachment.mime)


def _get_mine(job_id: int) -> Job:
    mine = queries.get_job(job_id, me().branch_id)
    if not queries.has_worked_on(mine, me()):
        work.require_own_job(mine, me())
    return mine


def _get_point(value: str) -> Point:
    try:
        return Point(value)
    except ValueError as error:
        raise NotFound(N_("There is no such point.")) from error


def _card(shown: Job) -> dict[str, Any]:
    """What every page about a job shows: its next act, its clock, what it lacks."""
    now = clock.now()
    running = queries.find_open_session(shown)
    return {
        "job": shown,
        "order": shown.order,
        "next_act": queries.find_next_act(shown).value,
        "running": running,
        "clocked": queries.clocked_minutes(shown, now),
        "last_session": next(iter(reversed(queries.list_sessions(shown))), None),
        "seconds": _seconds(shown, now),
        "speed": clock.speed(),
        "missing_to_start": work.missing_to_start(shown),
        "missing_to_finish": queries.missing_to_finish(shown),
        "open_points": rules.points_missing({p.point for p in queries.list_points(shown)}),
        "reasons": list(PauseReason),
        "new_action_id": actions.new_id,
    }


def _seconds(shown: Job, now: datetime) -> int:
    return sum(
        max(0, int(((each.ended_at or now) - each.started_at).total_seconds()))
        for each in queries.list_sessions(shown)
    )


def _list_part_lines(shown: Job) -> list[tuple[Any, int]]:
    """The parts of this job's operation, each with what was issued of it in thousandths."""
    lines = quotation.list_authorised_lines(shown.order)
    mine = {line.id for line in lines if line.job_id == shown.id}
    return [
        (line, parts.issued_milli(line.id))
        for line in quotation.list_part_lines(shown.order)
        if line.job_id == shown.id or line.parent_line_id in mine
    ]


def _operation_choices() -> list[SelectChoice]:
    locale = str(get_locale() or "zh_CN")
    known = sorted(catalogue.search_operations("", limit=200), key=lambda each: each.code)
    first = SelectChoice("", gettext("Let the advisor choose"))
    return [first, *(SelectChoice(str(each.id), each.name_in(locale)) for each in known)]


def _act(
    job_id: int, name: str, do: Callable[[Job, datetime], Any], *, back: str = ""
) -> ResponseReturnValue:
    """Apply an act once, commit, and go back to the page that the button stood on."""
    mine = queries.get_job(job_id, me().branch_id)
    at = clock.now()
    if actions.is_first(request.form.get("client_id", ""), name, by=me(), at=at):
        do(mine, at)
    db.commit()
    if (back or request.form.get("back")) == "phone":
        return redirect(url_for("repair.phone"))
    anchor = "points" if name in ("tick", "untick") else None
    return redirect(url_for("repair.job", job_id=job_id, _anchor=anchor))


def _try(form: Any, name: str, do: Callable[[datetime], Any]) -> bool:
    """Apply what a form says, once; on a refusal the form keeps it and says why."""
    at = clock.now()
    try:
        if actions.is_first(request.form.get("client_id", ""), name, by=me(), at=at):
            do(at)
        db.commit()
    except WorkshopError as error:
        db.rollback()
        form.refuse(error)
        return False
    return True
