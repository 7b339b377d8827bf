"""Attendance at the desk: each technician's day in figures, corrections, and who goes home ill."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.attendance import corrections, forgotten, leaving, page, register, sheets
from workshop.attendance.forms import SendHomeForm, StayForm
from workshop.attendance.page import TechnicianDay
from workshop.shop import absences, calendar, people, queries
from workshop.shop.models import Technician
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission

bp = web.blueprint("attendance", __name__)


@bp.get("/repair/attendance")
@requires(Permission.CORRECT_ATTENDANCE)
def index() -> ResponseReturnValue:
    """All technicians on a day (?day=): where they are, attended, on jobs, book time."""
    at, day = clock.now(), _day()
    today = calendar.local_day(g.branch, at)
    return web.page(
        "attendance/index.html",
        register=register.read(g.branch, day, at),
        day=day,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        at=at,
        unconfirmed=forgotten.list_unconfirmed(g.branch),
    )


@bp.get("/repair/attendance/<int:technician_id>")
@requires(Permission.CORRECT_ATTENDANCE)
def show(technician_id: int) -> ResponseReturnValue:
    """One technician's day: stays with their versions, corrections, going home."""
    return _page(page.of_technician(_get(technician_id), _day()))


@bp.post("/repair/attendance/<int:technician_id>/stays")
@requires(Permission.CORRECT_ATTENDANCE)
def add_stay(technician_id: int) -> ResponseReturnValue:
    """Write down a stay that was never clocked."""
    found, day, form = _get(technician_id), _day(), StayForm.posted()

    def act() -> None:
        reason = form.reason.data or ""
        span, breaks = form.span(day), form.breaks(day)
        corrections.add_stay(found, *span, breaks, reason, by=me(), at=clock.now())

    if form.carry_out(act):
        return _saved(found, day)
    return _page(page.of_technician(_get(technician_id), day, {None: form}), form.status)


@bp.post("/repair/attendance/stays/<int:stay_id>")
@requires(Permission.CORRECT_ATTENDANCE)
def correct_stay(stay_id: int) -> ResponseReturnValue:
    """Replace a stay by what it really was; the old version stays."""
    stay, form = corrections.get_stay(stay_id, g.branch), StayForm.posted()
    found, day = stay.technician, calendar.local_day(g.branch, stay.started_at)

    def act() -> None:
        reason = form.reason.data or ""
        span, breaks = form.span(day), form.breaks(day)
        corrections.correct(stay, *span, breaks, reason, by=me(), at=clock.now())

    if form.carry_out(act):
        return _saved(found, day)
    return _page(page.of_technician(found, day, {stay_id: form}), form.status)


@bp.post("/repair/attendance/<int:technician_id>/home")
@requires(Permission.CORRECT_ATTENDANCE)
def send_home(technician_id: int) -> ResponseReturnValue:
    """The technician falls ill or must leave; what is planned waits for a re-plan."""
    found, form = _get(technician_id), SendHomeForm.posted()

    def act() -> None:
        reason = form.reason.data or ""
        leaving.send_home(found, form.until_at, reason, by=me(), at=clock.now())

    if form.carry_out(act):
        words = gettext(
            "Noted: %(name)s is away. The board shows what it touches.", name=found.name
        )
        flash(words, "good")
        return redirect(url_for("attendance.show", technician_id=technician_id))
    today = calendar.local_day(g.branch, clock.now())
    return _page(page.of_technician(_get(technician_id), today, home=form), form.status)


@bp.post("/repair/attendance/absences/<int:absence_id>/end")
@requires(Permission.CORRECT_ATTENDANCE)
def end_absence(absence_id: int) -> ResponseReturnValue:
    """The technician is back before the time; the board counts on them again."""
    absence = absences.get_absence(absence_id, g.branch)
    found = queries.find_technician(absence.user)
    absences.end_absence(absence, by=me(), at=clock.now())
    db.commit()
    flash(gettext("The board counts on them again from now on."), "good")
    if found is None:
        return redirect(url_for("scheduling.working_calendar"))
    return redirect(url_for("attendance.show", technician_id=found.id))


def _saved(found: Technician, day: date) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    return redirect(url_for("attendance.show", technician_id=found.id, day=day.isoformat()))


def _get(technician_id: int) -> Technician:
    return people.get_technician(technician_id, g.branch)


def _day() -> date:
    return sheets.day_in(request.values, g.branch, clock.now())


def _page(shown: TechnicianDay, status: int = 200) -> ResponseReturnValue:
    return web.page("attendance/show.html", status, shown=shown)
