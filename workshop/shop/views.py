"""The shop's own page: particulars, rules, opening hours, bays, technicians, skills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.shop import branches, forms, people, queries, work_groups
from workshop.shop import week as weeks
from workshop.shop.blueprint import bp
from workshop.shop.models import BayKind, Skill
from workshop.shop.separation import service as separation
from workshop.shop.separation.forms import SeparationForm
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.web import versions


@bp.get("/shop")
@requires(Permission.MANAGE_SHOP)
def index() -> ResponseReturnValue:
    """All that makes the shop what it is."""
    return _page()


@bp.post("/shop/particulars")
@requires(Permission.MANAGE_SHOP)
def save_particulars() -> ResponseReturnValue:
    """Name, address, phone, bank, tax number, time zone."""
    form = forms.ParticularsForm.posted().with_zones(g.branch.zone)
    seen = form.seen.data
    return _answer(
        form.carry_out(
            lambda: branches.change_particulars(
                g.branch, form.values(), seen=seen, by=me(), at=clock.now()
            )
        ),
        about=form,
    )


@bp.post("/shop/rules")
@requires(Permission.MANAGE_SHOP)
def save_rules() -> ResponseReturnValue:
    """The shop's own numbers."""
    form = forms.RulesForm.posted()
    seen = form.seen.data
    return _answer(
        form.carry_out(
            lambda: branches.change_rules(
                g.branch, form.values(), seen=seen, by=me(), at=clock.now()
            )
        ),
        rules=form,
    )


@bp.post("/shop/apart")
@requires(Permission.MANAGE_SHOP)
def save_apart() -> ResponseReturnValue:
    """Which acts stay with two persons."""
    form = SeparationForm.posted()
    seen = form.seen.data
    return _answer(
        form.carry_out(
            lambda: separation.set_kept(g.branch, form.kept(), seen=seen, by=me(), at=clock.now())
        ),
        apart=form,
    )


@bp.post("/shop/hours")
@requires(Permission.MANAGE_SHOP)
def save_hours() -> ResponseReturnValue:
    """The weekly opening hours."""
    form = forms.WeekForm.posted()
    seen = form.seen.data
    return _answer(
        form.carry_out(
            lambda: branches.set_opening(g.branch, form.week(), seen=seen, by=me(), at=clock.now())
        ),
        week=form,
    )


@bp.post("/shop/bays")
@requires(Permission.MANAGE_SHOP)
def add_bay() -> ResponseReturnValue:
    """Another place for a car, or several."""
    form = forms.BayForm.posted()
    kind = web.member(BayKind, form.kind.data) or BayKind.LIFT
    return _answer(
        form.carry_out(
            lambda: branches.add_bays(g.branch, form.code.data or "", kind, by=me(), at=clock.now())
        ),
        bay=form,
    )


@bp.post("/shop/bays/<int:bay_id>/use")
@requires(Permission.MANAGE_SHOP)
def use_bay(bay_id: int) -> ResponseReturnValue:
    """Out of use, or into use again."""
    bay = queries.get_bay(bay_id, g.branch)
    branches.use_bay(bay, not bay.active, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("shop.index", _anchor="bays"))


@bp.post("/shop/skills")
@requires(Permission.MANAGE_SHOP)
def add_skill() -> ResponseReturnValue:
    """Another kind of work."""
    form = forms.NewSkillForm.posted()
    zh, en = form.name_zh.data or "", form.name_en.data or ""
    return _answer(
        form.carry_out(lambda: people.add_skill(zh, en, by=me(), at=clock.now())), skill=form
    )


@bp.post("/shop/skills/groups")
@requires(Permission.MANAGE_SHOP)
def save_work_groups() -> ResponseReturnValue:
    """Which skills one technician does in one go."""
    skills = queries.list_skills()
    form = forms.for_groups(skills, me().locale).posted()
    seen = form.seen.data
    return _answer(
        form.carry_out(
            lambda: work_groups.set_groups(
                g.branch, form.groups(skills), seen=seen, by=me(), at=clock.now()
            )
        ),
        groups=form,
    )


def _groups_form(skills: Sequence[Skill]) -> forms.GroupsForm:
    known = work_groups.list_groups()
    values = {f"group{skill_id}": group for skill_id, group in known.items()}
    form = forms.for_groups(skills, me().locale)
    return form.blank(**values, seen=versions.mark(work_groups.state_of(known)))


def _answer(is_done: bool, **form: web.Form) -> ResponseReturnValue:
    """To the page again, or the page with the form that was refused."""
    if is_done:
        flash(gettext("Saved."), "good")
        return redirect(url_for("shop.index"))
    (refused,) = form.values()
    return _page(refused.status, **form)


def _apart_form() -> SeparationForm:
    not_kept = g.branch.not_apart
    return SeparationForm.of(not_kept, versions.mark(separation.state_of(not_kept)))


def _page(status: int = 200, **refused: web.Form) -> ResponseReturnValue:
    branch, skills = g.branch, queries.list_skills()
    about, rules = branches.particulars_of(branch), branches.rules_of(branch)
    opening = branches.opening_of(branch)
    shown: dict[str, Any] = {
        "about": forms.ParticularsForm.of(about, versions.mark(branches.state_of(about))),
        "rules": forms.RulesForm.of(rules, versions.mark(branches.state_of(rules))),
        "week": forms.WeekForm.of(opening, versions.mark(weeks.state_of(opening))),
        "apart": _apart_form(),
        "bay": forms.BayForm.blank(),
        "skill": forms.NewSkillForm.blank(),
        "groups": _groups_form(skills),
        **refused,
    }
    technicians = people.list_all(branch)
    return web.page(
        "shop/index.html",
        status,
        weekdays=list(enumerate(weeks.WEEKDAYS)),
        bays=branches.list_all_bays(branch),
        technicians=technicians,
        on_board=people.is_on_board,
        held=queries.skills_of(technicians),
        skills=skills,
        work_groups=sorted({each.work_group for each in skills if each.work_group}),
        candidates=people.list_candidates(branch),
        **shown,
    )
