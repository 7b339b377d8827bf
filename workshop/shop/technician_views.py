"""One technician: skills with their certificates, the weekly shift, on the board or off it."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.shop import calendar, forms, people, queries
from workshop.shop import week as weeks
from workshop.shop.blueprint import bp
from workshop.shop.models import Technician
from workshop.staff import people as colleagues
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.web import versions


@bp.post("/shop/technicians/<int:user_id>/make")
@requires(Permission.MANAGE_SHOP)
def make_technician(user_id: int) -> ResponseReturnValue:
    """Give a person a place on the board."""
    user = colleagues.get_colleague(user_id, g.branch.id)
    made = people.make_technician(user, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("shop.technician", technician_id=made.id))


@bp.get("/shop/technicians/<int:technician_id>")
@requires(Permission.MANAGE_SHOP)
def technician(technician_id: int) -> ResponseReturnValue:
    """What the technician may do and when they work."""
    return _page(_get(technician_id))


@bp.post("/shop/technicians/<int:technician_id>/skills")
@requires(Permission.MANAGE_SHOP)
def save_skills(technician_id: int) -> ResponseReturnValue:
    """Levels and certificates."""
    found, skills = _get(technician_id), queries.list_skills()
    form = forms.for_skills(skills).posted()
    seen = form.seen.data
    return _answer(
        technician_id,
        form.carry_out(
            lambda: people.set_skills(found, form.held(skills), seen=seen, by=me(), at=clock.now())
        ),
        skills=form,
    )


@bp.post("/shop/technicians/<int:technician_id>/team")
@requires(Permission.MANAGE_SHOP)
def save_team(technician_id: int) -> ResponseReturnValue:
    """With whom the technician works."""
    found, form = _get(technician_id), forms.TeamForm.posted()
    seen = form.seen.data
    return _answer(
        technician_id,
        form.carry_out(
            lambda: people.set_team(found, form.team.data or "", seen=seen, by=me(), at=clock.now())
        ),
        team=form,
    )


@bp.post("/shop/technicians/<int:technician_id>/shifts")
@requires(Permission.MANAGE_SHOP)
def save_shifts(technician_id: int) -> ResponseReturnValue:
    """The weekly shift."""
    found, form = _get(technician_id), forms.WeekForm.posted()
    seen = form.seen.data
    return _answer(
        technician_id,
        form.carry_out(
            lambda: people.set_shifts(found.user, form.week(), seen=seen, by=me(), at=clock.now())
        ),
        week=form,
    )


@bp.post("/shop/technicians/<int:technician_id>/board")
@requires(Permission.MANAGE_SHOP)
def put_on_board(technician_id: int) -> ResponseReturnValue:
    """Off the board, or on it again."""
    found = _get(technician_id)
    people.put_on_board(found, not found.active, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("shop.technician", technician_id=technician_id))


def _get(technician_id: int) -> Technician:
    return people.get_technician(technician_id, g.branch)


def _answer(technician_id: int, is_done: bool, **form: web.Form) -> ResponseReturnValue:
    if is_done:
        flash(gettext("Saved."), "good")
        return redirect(url_for("shop.technician", technician_id=technician_id))
    (refused,) = form.values()
    return _page(_get(technician_id), refused.status, **form)


def _page(found: Technician, status: int = 200, **refused: web.Form) -> ResponseReturnValue:
    skills, held = queries.list_skills(), people.skills_of(found)
    shifts = people.shifts_of(found.user)
    shown: dict[str, Any] = {
        "skills": forms.for_skills(skills).blank(
            **forms.skill_values(held), seen=versions.mark(people.state_of(held))
        ),
        "week": forms.WeekForm.of(shifts, versions.mark(weeks.state_of(shifts))),
        "team": forms.TeamForm.blank(
            team=found.team, seen=versions.mark(people.team_of(found.team))
        ),
        **refused,
    }
    return web.page(
        "shop/technician.html",
        status,
        technician=found,
        all_skills=skills,
        teams=people.list_teams(g.branch),
        weekdays=list(enumerate(weeks.WEEKDAYS)),
        today=calendar.local_day(g.branch, clock.now()),
        **shown,
    )
