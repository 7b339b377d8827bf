"""The weekly hours of everybody who is no technician; a technician has a page of their own."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.shop import forms, people, queries
from workshop.shop import week as weeks
from workshop.shop.blueprint import bp
from workshop.staff import people as colleagues
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions


@bp.get("/shop/people/<int:user_id>/hours")
@requires(Permission.MANAGE_SHOP)
def weekly_hours(user_id: int) -> ResponseReturnValue:
    """When the person works each week."""
    user = _get(user_id)
    technician = queries.find_technician(user)
    if technician is not None:
        return redirect(url_for("shop.technician", technician_id=technician.id))
    return _page(user)


@bp.post("/shop/people/<int:user_id>/hours")
@requires(Permission.MANAGE_SHOP)
def save_week(user_id: int) -> ResponseReturnValue:
    """Other weekly hours, or none."""
    user, form = _get(user_id), forms.WeekForm.posted()
    seen = form.seen.data
    if form.carry_out(
        lambda: people.set_shifts(user, form.week(), seen=seen, by=me(), at=clock.now())
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("shop.weekly_hours", user_id=user_id))
    return _page(_get(user_id), form)


def _get(user_id: int) -> User:
    return colleagues.get_colleague(user_id, g.branch.id)


def _page(user: User, refused: forms.WeekForm | None = None) -> ResponseReturnValue:
    shifts = people.shifts_of(user)
    form = refused or forms.WeekForm.of(shifts, versions.mark(weeks.state_of(shifts)))
    weekdays = list(enumerate(weeks.WEEKDAYS))
    return web.page("shop/hours.html", form.status, user=user, week=form, weekdays=weekdays)
