"""Holidays, worked Saturdays and absences: what the board's working time is made of."""

from __future__ import annotations

from datetime import date

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from workshop import clock, db, web
from workshop.shop import absences, calendar, pasted_days
from workshop.staff import people as colleagues
from workshop.staff import service as staff
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms, sheets
from workshop.steps.scheduling.blueprint import bp


@bp.get("/scheduling/calendar")
@requires(Permission.SCHEDULE, Permission.MANAGE_SHOP)
def working_calendar() -> ResponseReturnValue:
    """The year's exceptions (?year=) and the absences from today on."""
    return _page(_year())


@bp.post("/scheduling/calendar")
@requires(Permission.MANAGE_SHOP)
def save_day() -> ResponseReturnValue:
    """Close a day, or open one."""
    form = forms.DayForm()
    opened, name = form.is_open.data == "yes", form.name.data or ""
    if form.carry_out(
        lambda: calendar.set_day(g.branch, form.day.data, opened, name, by=me(), at=clock.now())
    ):
        flash(gettext("The day is saved."), "good")
        return redirect(url_for("scheduling.working_calendar", year=form.day.data.year))
    return _page(_year(), day_form=form)


@bp.post("/scheduling/calendar/paste")
@requires(Permission.MANAGE_SHOP)
def paste_days() -> ResponseReturnValue:
    """Many days at once, as a notice lists them."""
    form = forms.PastedDaysForm.posted()
    if form.carry_out(lambda: _take_over(form.days.data or "")):
        count, first = form.outcome
        flash(gettext("Days saved: %(count)s.", count=count), "good")
        return redirect(url_for("scheduling.working_calendar", year=first.year))
    return _page(_year(), paste_form=form)


def _take_over(text: str) -> tuple[int, date]:
    days = pasted_days.read(text)
    return calendar.set_days(g.branch, days, by=me(), at=clock.now()), days[0].day


@bp.post("/scheduling/calendar/forget")
@requires(Permission.MANAGE_SHOP)
def forget_day() -> ResponseReturnValue:
    """The weekly hours hold on the day again."""
    day = web.parse_day(request.form.get("day"), calendar.local_day(g.branch, clock.now()))
    calendar.forget_day(g.branch, day, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("scheduling.working_calendar", year=day.year))


@bp.post("/scheduling/calendar/fill")
@requires(Permission.MANAGE_SHOP)
def fill_holidays() -> ResponseReturnValue:
    """Add the public holidays of the year; days already there stay as they are."""
    year = _year()
    added = calendar.fill_holidays(g.branch, year, by=me(), at=clock.now())
    db.commit()
    flash(gettext("Days added: %(count)s.", count=added), "good")
    return redirect(url_for("scheduling.working_calendar", year=year))


@bp.post("/scheduling/absences")
@requires(Permission.SCHEDULE)
def add_absence() -> ResponseReturnValue:
    """Note that somebody is not there."""
    form = _absence_form()

    def act() -> None:
        who = colleagues.get_colleague(form.user_id.data, g.branch.id)
        begins, ends = form.span()
        reason = form.reason.data or ""
        absences.add_absence(who, begins, ends, reason, by=me(), at=clock.now())

    if form.carry_out(act):
        flash(gettext("The absence is noted. The board shows what it touches."), "good")
        return redirect(url_for("scheduling.working_calendar"))
    return _page(_year(), absence_form=form)


@bp.post("/scheduling/absences/<int:absence_id>/end")
@requires(Permission.SCHEDULE)
def end_absence(absence_id: int) -> ResponseReturnValue:
    """Somebody is back before the time, or does not go at all."""
    absence = absences.get_absence(absence_id, g.branch)
    absences.end_absence(absence, by=me(), at=clock.now())
    db.commit()
    flash(gettext("The absence is over."), "good")
    return redirect(url_for("scheduling.working_calendar"))


def _page(
    year: int,
    day_form: forms.DayForm | None = None,
    absence_form: forms.AbsenceForm | None = None,
    paste_form: forms.PastedDaysForm | None = None,
) -> ResponseReturnValue:
    day_form = day_form or forms.DayForm(formdata=None)
    refused = absence_form or paste_form or day_form
    return web.page(
        "scheduling/calendar.html",
        refused.status,
        year=year,
        exceptions=calendar.list_exceptions(g.branch, year),
        at=clock.now(),
        absences=absences.list_absences(g.branch, clock.now()),
        day_form=day_form,
        paste_form=paste_form or forms.PastedDaysForm.blank(),
        absence_form=absence_form or _absence_form(filled=False),
    )


def _absence_form(filled: bool = True) -> forms.AbsenceForm:
    form = forms.AbsenceForm() if filled else forms.AbsenceForm(formdata=None)
    people = staff.list_users(g.branch.id)
    form.user_id.choices = [SelectChoice(each.id, each.display_name) for each in people]
    return form


def _year() -> int:
    return sheets.year_in(request.values, g.branch, clock.now())
