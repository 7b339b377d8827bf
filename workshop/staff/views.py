"""Sign-in by one-time link, language, and the list of staff."""

from __future__ import annotations

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user

from workshop import clock, db, web
from workshop.staff import links
from workshop.staff import service as staff
from workshop.staff.access import find_me, me, public, requires
from workshop.staff.forms import PasswordForm
from workshop.staff.permissions import Permission

bp = web.blueprint("staff", __name__)


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> ResponseReturnValue:
    """The one-time link of a new person: set the password, then be signed in."""
    user = links.get_user_of(token, current_app.config["SECRET_KEY"])
    form = PasswordForm()
    if form.validate_on_submit():
        staff.set_password(user, form.password.data, at=clock.now())
        db.commit()
        login_user(user)
        return redirect(url_for("desk.home"))
    return web.page("staff/welcome.html", form.status, form=form, user=user)


@bp.post("/language")
@public
def set_locale() -> ResponseReturnValue:
    """Switch the language; remembered for the user, or for the visit of a stranger."""
    locale = request.form.get("locale", "")
    user = find_me()
    if user is not None:
        staff.set_locale(user, locale)
        db.commit()
    elif locale in staff.LOCALES:
        session["locale"] = locale
    return redirect(web.own_path(request.form.get("next", "/")))


@bp.get("/staff")
@requires(Permission.MANAGE_STAFF)
def index() -> ResponseReturnValue:
    """Everybody of the branch with their roles."""
    return web.page("staff/index.html", users=staff.list_users(me().branch_id))
