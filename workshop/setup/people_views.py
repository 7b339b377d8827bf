"""People in set-up: several at once, their skills, and a card for each to sign in with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.errors import N_, RuleBroken
from workshop.setup import cards_pdf, hiring, people_forms
from workshop.setup.blueprint import bp
from workshop.shop import people as shop_people
from workshop.shop import queries as shop
from workshop.shop.models import Skill, Technician
from workshop.staff import people as colleagues
from workshop.staff import service as staff
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission, RoleName
from workshop.web import versions


@bp.get("/setup/people")
@requires(Permission.MANAGE_STAFF)
def people() -> ResponseReturnValue:
    """Who works here, who is new, and what the technicians may do."""
    return _page()


@bp.post("/setup/people")
@requires(Permission.MANAGE_STAFF)
def add_people() -> ResponseReturnValue:
    """Several people at once."""
    form = people_forms.NewcomersForm.posted()
    if form.carry_out(
        lambda: hiring.add_people(form.newcomers(), locale=me().locale, by=me(), at=clock.now())
    ):
        flash(
            gettext("People added: %(count)s. Print their cards.", count=len(form.outcome)), "good"
        )
        return redirect(url_for("setup.people"))
    return _page(form.status, newcomers=form)


@bp.post("/setup/people/advisor")
@requires(Permission.MANAGE_STAFF)
def become_advisor() -> ResponseReturnValue:
    """Whoever manages the shop receives cars too."""
    # Without the mark of the page nobody has pressed its button.
    hiring.become_advisor(me(), seen=request.form.get("seen") or "none", at=clock.now())
    db.commit()
    return redirect(url_for("setup.people"))


@bp.post("/setup/people/skills")
@requires(Permission.MANAGE_SHOP)
def save_matrix() -> ResponseReturnValue:
    """What each technician may do."""
    technicians, skills = shop.list_technicians(g.branch), shop.list_skills()
    form = people_forms.for_technicians(technicians, skills).posted()

    def act() -> int:
        wanted = {
            each.id: form.held(each, skills, shop_people.skills_of(each)) for each in technicians
        }
        seen = {each.id: form[f"seen{each.id}"].data for each in technicians}
        return hiring.set_matrix(technicians, wanted, seen, by=me(), at=clock.now())

    if form.carry_out(act):
        flash(gettext("Saved."), "good")
        return redirect(url_for("setup.people", _anchor="skills"))
    return _page(form.status, matrix=form)


@bp.post("/setup/people/cards")
@requires(Permission.MANAGE_STAFF)
def cards() -> ResponseReturnValue:
    """The cards of all who have not signed in yet, with new links."""
    return _print([each for each in staff.list_users(g.branch.id) if not each.password])


@bp.post("/setup/people/<int:user_id>/card")
@requires(Permission.MANAGE_STAFF)
def card(user_id: int) -> ResponseReturnValue:
    """The card of one person, with a new link."""
    return _print([colleagues.get_colleague(user_id, g.branch.id)])


def _print(users: list[User]) -> ResponseReturnValue:
    if not users:
        raise RuleBroken(N_("Everybody has signed in already."), code="nobody")
    at = clock.now()
    for each in users:
        colleagues.note_link(each, by=me(), at=at)
    made = cards_pdf.make_cards(g.branch, users, at)
    db.commit()
    return web.paper(made, "cards")


def _page(status: int = 200, **refused: web.Form) -> ResponseReturnValue:
    technicians, skills = shop.list_technicians(g.branch), shop.list_skills()
    users = staff.list_users(g.branch.id)
    shown: dict[str, Any] = {
        "newcomers": people_forms.NewcomersForm.blank(),
        "matrix": _matrix(technicians, skills),
        **refused,
    }
    return web.page(
        "setup/people.html",
        status,
        users=users,
        waiting=[each for each in users if not each.password],
        technicians=technicians,
        can_set_skills=bool(technicians) and me().may(Permission.MANAGE_SHOP),
        skills=skills,
        high_voltage=shop.HIGH_VOLTAGE,
        own_computers_address=_own_computers_address(),
        seen=versions.mark(colleagues.state_of(me())),
        receives_cars=me().is_(RoleName.SERVICE_ADVISOR),
        **shown,
    )


def _own_computers_address() -> str | None:
    """The address of this page, if no other computer reaches it."""
    name = urlsplit(request.host_url).hostname or ""
    return request.host_url if name == "localhost" or name.startswith("127.") else None


def _matrix(technicians: list[Technician], skills: list[Skill]) -> people_forms.MatrixForm:
    values: dict[str, Any] = {}
    voltage = {skill.id for skill in skills if skill.code == shop.HIGH_VOLTAGE}
    for each in technicians:
        held = shop_people.skills_of(each)
        values[f"seen{each.id}"] = versions.mark(shop_people.state_of(held))
        for skill_id, kept in held.items():
            values[f"level{each.id}_{skill_id}"] = str(kept.level)
            if skill_id in voltage:
                values[f"until{each.id}"] = kept.expires_on
    return people_forms.for_technicians(technicians, skills).blank(**values)
