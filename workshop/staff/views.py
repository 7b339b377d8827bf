"""Sign-in by one-time link, and the language."""

from __future__ import annotations

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user

from workshop import clock, db, web
from workshop.staff import links
from workshop.staff import service as staff
from workshop.staff.access import find_me, public
from workshop.staff.account import passwords, strength_page
from workshop.staff.blueprint import bp
from workshop.staff.forms import PasswordForm
from workshop.staff.models import User


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> ResponseReturnValue:
    """The one-time link of a new person: set the password, then go on to work."""
    user = links.get_user_of(token, current_app.config["SECRET_KEY"])
    form = PasswordForm()
    if form.carry_out(lambda: _choose(user, form)):
        login_user(user)
        return redirect(url_for("setup.begin"))
    return web.page("staff/welcome.html", form.status, form=form, user=user, token=token)


def _choose(user: User, form: PasswordForm) -> None:
    passwords.choose(user, form.password.data or "", at=clock.now())


@bp.post("/welcome/<token>/strength")
@public
def judge_first_password(token: str) -> ResponseReturnValue:
    """How hard the password is to guess that a new person is typing."""
    user = links.get_user_of(token, current_app.config["SECRET_KEY"])
    return strength_page.answer(user, None)


@bp.post("/language")
@public
def set_locale() -> ResponseReturnValue:
    """Switch the language; remembered for the user, or for the visit of a stranger."""
    locale = request.form.get("locale", "")
    user = find_me()
    if user is not None:
        # A stranger may have lost the cookie, as a customer on the link; nothing hangs on it there.
        if current_app.config["WTF_CSRF_ENABLED"]:
            current_app.extensions["csrf"].protect()
        staff.set_locale(user, locale)
        db.commit()
    elif locale in staff.LOCALES:
        session["locale"] = locale
    return redirect(web.own_path(request.form.get("next", "/")))
