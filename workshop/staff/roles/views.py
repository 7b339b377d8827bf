"""Roles against permissions, one role, and what a person's roles add up to."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.staff import people
from workshop.staff.access import me, requires
from workshop.staff.blueprint import bp
from workshop.staff.models import Role
from workshop.staff.permissions import Permission
from workshop.staff.roles import gates, page, queries, words
from workshop.staff.roles import service as roles
from workshop.staff.roles.forms import CopyRoleForm, RoleForm
from workshop.web import versions


@bp.get("/staff/roles")
@requires(Permission.MANAGE_STAFF)
def matrix() -> ResponseReturnValue:
    """All roles against all permissions."""
    shown = page.make_matrix(me().branch_id)
    return web.page("staff/roles.html", matrix=shown, separation=words.SEPARATION)


@bp.get("/staff/roles/<int:role_id>")
@requires(Permission.MANAGE_STAFF)
def role(role_id: int) -> ResponseReturnValue:
    """What one role may do."""
    return _role_page(queries.get_role(role_id))


@bp.post("/staff/roles/<int:role_id>")
@requires(Permission.MANAGE_STAFF)
def change_role(role_id: int) -> ResponseReturnValue:
    """Other permissions, or another name of an own role."""
    found, form = queries.get_role(role_id), RoleForm()
    seen = form.seen.data
    if form.carry_out(lambda: roles.change(found, form.values, seen=seen, by=me(), at=clock.now())):
        flash(gettext("Saved. It holds for everybody with this role from now on."), "good")
        return redirect(url_for("staff.matrix"))
    return _role_page(queries.get_role(role_id), form)


@bp.post("/staff/roles/<int:role_id>/copy")
@requires(Permission.MANAGE_STAFF)
def copy_role(role_id: int) -> ResponseReturnValue:
    """An own role that may do the same."""
    found, form = queries.get_role(role_id), CopyRoleForm.posted()
    zh, en = form.name_zh.data or "", form.name_en.data or ""
    if form.carry_out(lambda: roles.copy(found, zh, en, by=me(), at=clock.now())):
        return redirect(url_for("staff.role", role_id=form.outcome.id))
    return _role_page(queries.get_role(role_id), copy_form=form)


@bp.post("/staff/roles/<int:role_id>/retire")
@requires(Permission.MANAGE_STAFF)
def retire_role(role_id: int) -> ResponseReturnValue:
    """Give the role to nobody any more."""
    roles.retire(queries.get_role(role_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.matrix"))


@bp.post("/staff/roles/<int:role_id>/restore")
@requires(Permission.MANAGE_STAFF)
def restore_role(role_id: int) -> ResponseReturnValue:
    """Let the role be given again."""
    roles.restore(queries.get_role(role_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.role", role_id=role_id))


@bp.get("/staff/<int:user_id>/rights")
@requires(Permission.MANAGE_STAFF)
def rights(user_id: int) -> ResponseReturnValue:
    """What a person may do, which role gives it, and what no role can give."""
    user = people.get_colleague(user_id, me().branch_id)
    return web.page(
        "staff/rights.html",
        user=user,
        rights=page.list_rights(user),
        missing=page.list_missing(user),
        separation=words.SEPARATION,
    )


def _role_page(
    found: Role, form: RoleForm | None = None, copy_form: CopyRoleForm | None = None
) -> ResponseReturnValue:
    kept = roles.values_of(found)
    shown = form or RoleForm(
        formdata=None,
        name_zh=kept.name_zh,
        name_en=kept.name_en,
        permissions=list(found.permissions),
        needs_second_factor=kept.needs_second_factor,
        seen=versions.mark(roles.state_of(kept)),
    )
    copying = copy_form or CopyRoleForm.blank()
    status = shown.status if copy_form is None else copying.status
    return web.page(
        "staff/role.html",
        status,
        role=found,
        form=shown,
        copy_form=copying,
        areas=page.list_ticks(shown.values.permissions),
        holders=queries.count_holders(me().branch_id).get(found.id, 0),
        missing=gates.missing_to_retire(found),
    )
