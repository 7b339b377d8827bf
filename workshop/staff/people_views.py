"""The list of staff, a new person with a one-time link, and one person's roles."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.staff import links, people
from workshop.staff import service as staff
from workshop.staff.access import me, requires
from workshop.staff.account import page
from workshop.staff.blueprint import bp
from workshop.staff.floor import pins
from workshop.staff.forms import ChangePersonForm, PersonForm
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.staff.second_factor import service as factors
from workshop.staff.second_factor.forms import ResetForm
from workshop.staff.sessions import cookie, lockout
from workshop.staff.sessions import service as sessions
from workshop.web import versions

# The link waits in the maker's own session for the one page that shows it.
_LINK = "staff_link"


@bp.get("/staff")
@requires(Permission.MANAGE_STAFF)
def index() -> ResponseReturnValue:
    """Everybody of the branch with their roles."""
    return _index(PersonForm.blank(locale=me().locale))


@bp.post("/staff")
@requires(Permission.MANAGE_STAFF)
def add() -> ResponseReturnValue:
    """Somebody new, who gets a one-time link."""
    form = PersonForm.posted()
    if form.carry_out(lambda: _keep_link(_add(form))):
        return redirect(url_for("staff.index"))
    return _index(form)


def _add(form: PersonForm) -> User:
    return people.add(
        form.username.data or "",
        form.name.data or "",
        form.chosen_roles,
        locale=form.locale.data,
        by=me(),
        at=clock.now(),
    )


def _keep_link(user: User) -> None:
    token = links.make_token(user, current_app.config["SECRET_KEY"])
    session[_LINK] = {"name": user.display_name, "username": user.username, "token": token}


def _index(form: PersonForm) -> ResponseReturnValue:
    branch_id = me().branch_id
    return web.page(
        "staff/index.html",
        form.status,
        users=staff.list_users(branch_id),
        former=people.list_former(branch_id),
        form=form,
        link=_take_link(),
    )


def _take_link() -> dict[str, Any] | None:
    kept = session.pop(_LINK, None)
    if kept is None:
        return None
    return {**kept, "url": web.full_address("staff.welcome", token=kept["token"])}


@bp.get("/staff/<int:user_id>")
@requires(Permission.MANAGE_STAFF)
def person(user_id: int) -> ResponseReturnValue:
    """One person: name, roles, sign-in."""
    return _person_page(_get(user_id))


@bp.post("/staff/<int:user_id>")
@requires(Permission.MANAGE_STAFF)
def change(user_id: int) -> ResponseReturnValue:
    """Another name, or other roles."""
    user, form = _get(user_id), ChangePersonForm()
    name, seen = form.name.data or "", form.seen.data
    if form.carry_out(
        lambda: people.change(user, name, form.chosen_roles, seen=seen, by=me(), at=clock.now())
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("staff.index"))
    return _person_page(_get(user_id), form)


@bp.post("/staff/<int:user_id>/link")
@requires(Permission.MANAGE_STAFF)
def renew_link(user_id: int) -> ResponseReturnValue:
    """A new one-time link, for who has forgotten the password."""
    user = _get(user_id)
    people.note_link(user, by=me(), at=clock.now())
    _keep_link(user)
    db.commit()
    return redirect(url_for("staff.index"))


@bp.post("/staff/<int:user_id>/leave")
@requires(Permission.MANAGE_STAFF)
def leave(user_id: int) -> ResponseReturnValue:
    """The person works here no longer."""
    people.leave(_get(user_id), by=me(), at=clock.now())
    db.commit()
    # What hangs on the person is listed there, and handed over.
    return redirect(url_for("duties.person", user_id=user_id))


@bp.post("/staff/<int:user_id>/come-back")
@requires(Permission.MANAGE_STAFF)
def come_back(user_id: int) -> ResponseReturnValue:
    """The person works here again."""
    people.come_back(_get(user_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.person", user_id=user_id))


@bp.post("/staff/<int:user_id>/sessions/<int:sign_in_id>/end")
@requires(Permission.MANAGE_STAFF)
def end_session_of(user_id: int, sign_in_id: int) -> ResponseReturnValue:
    """End one session of somebody."""
    mine = cookie.my_id()
    sessions.revoke(_get(user_id), sign_in_id, using=mine, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.person", user_id=user_id))


@bp.post("/staff/<int:user_id>/sessions/end")
@requires(Permission.MANAGE_STAFF)
def end_sessions(user_id: int) -> ResponseReturnValue:
    """End all sessions of somebody; one's own that asks for it stays."""
    sessions.revoke_all(_get(user_id), except_id=cookie.my_id(), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.person", user_id=user_id))


@bp.post("/staff/<int:user_id>/remove-pin")
@requires(Permission.MANAGE_STAFF)
def remove_pin_of(user_id: int) -> ResponseReturnValue:
    """Let somebody sign in by PIN no more."""
    pins.remove_pin(_get(user_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.person", user_id=user_id))


@bp.post("/staff/<int:user_id>/unlock")
@requires(Permission.MANAGE_STAFF)
def unlock(user_id: int) -> ResponseReturnValue:
    """Let somebody try to sign in again at once."""
    lockout.unlock(_get(user_id), by=me(), at=clock.now())
    db.commit()
    flash(gettext("They can try again at once."), "good")
    return redirect(url_for("staff.person", user_id=user_id))


def _get(user_id: int) -> User:
    return people.get_colleague(user_id, me().branch_id)


def _person_page(user: User, form: ChangePersonForm | None = None) -> ResponseReturnValue:
    shown = form or ChangePersonForm(
        formdata=None,
        name=user.display_name,
        roles=[role.name for role in user.roles],
        seen=versions.mark(people.state_of(user)),
    )
    return web.page(
        "staff/person.html",
        shown.status,
        user=user,
        form=shown,
        sessions=page.list_sessions(user, cookie.my_id(), clock.now()),
        end_url=lambda number: url_for("staff.end_session_of", user_id=user.id, sign_in_id=number),
        has_second_factor=factors.is_set_up(user) or bool(user.webauthn),
        reset=ResetForm.blank(),
        waiting=lockout.count_waiting(user, at=clock.now()),
    )
