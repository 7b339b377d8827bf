"""The page of one's second factor, behind the password; and a manager's reset."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import segno
from flask import current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.utils import check_and_update_authn_fresh

from workshop import clock, db, web
from workshop.errors import N_, Invalid, NotAllowed, Way
from workshop.staff import people
from workshop.staff.access import before_second_factor, me, requires, signed_in
from workshop.staff.blueprint import bp
from workshop.staff.permissions import Permission
from workshop.staff.second_factor import service as factors
from workshop.staff.second_factor.adapters import RECOVERY_CODES
from workshop.staff.second_factor.forms import ConfirmForm, FirstCodeForm, ResetForm
from workshop.staff.sessions import cookie, lockout

# The secret of a new app waits in the person's own session until its first code fits.
_SECRET = "new_app_secret"


@bp.get("/account/second-factor")
@before_second_factor
@signed_in
def second_factor() -> ResponseReturnValue:
    """What is asked beside the password."""
    if not _is_fresh():
        return redirect(url_for("staff.confirm_password"))
    return _page()


@bp.route("/account/confirm", methods=["GET", "POST"])
@before_second_factor
@signed_in
def confirm_password() -> ResponseReturnValue:
    """The password once more; it holds for half an hour."""
    form = ConfirmForm()
    if form.validate_on_submit() and _is_password(form):
        session["fs_paa"] = time.time_ns() // 10**9
        return redirect(url_for("staff.second_factor"))
    return web.page("staff/confirm.html", form.status, form=form)


def _is_password(form: ConfirmForm) -> bool:
    user, place = me(), cookie.place_of(me().id)
    try:
        lockout.require_no_wait(user.username, place, at=clock.now())
        fits = bool(user.password and user.verify_and_update_password(form.password.data or ""))
        if fits:
            lockout.forget(user.username, place)
        else:
            lockout.note_failure(user.username, place, at=clock.now())
        db.commit()
    except NotAllowed as refusal:
        db.rollback()
        form.refuse(refusal)
        return False
    if not fits:
        form.refuse(Invalid(N_("This is not your password."), field="password"))
    return fits


@bp.post("/account/second-factor/app")
@before_second_factor
@signed_in
def begin_app() -> ResponseReturnValue:
    """The picture that the app scans."""
    _require_fresh()
    session[_SECRET] = _library().totp_factory.generate_totp_secret()
    return redirect(url_for("staff.second_factor"))


@bp.post("/account/second-factor/code")
@before_second_factor
@signed_in
def confirm_app() -> ResponseReturnValue:
    """The app's first code: from now on one is asked after the password."""
    _require_fresh()
    form, secret = FirstCodeForm(), str(session.get(_SECRET, ""))
    if not form.carry_out(lambda: factors.set_up(me(), secret, _fits(form), at=clock.now())):
        return _page(form)
    session.pop(_SECRET, None)
    return _show_codes()


def _fits(form: FirstCodeForm) -> bool:
    secret = session.get(_SECRET)
    return bool(secret) and bool(
        _library().totp_factory.verify_totp(
            (form.code.data or "").replace(" ", ""), secret, me(), window=30
        )
    )


@bp.post("/account/second-factor/off")
@signed_in
def switch_off() -> ResponseReturnValue:
    """Ask for no code any more."""
    _require_fresh()
    factors.switch_off(me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.second_factor"))


@bp.post("/account/second-factor/codes")
@signed_in
def make_recovery_codes() -> ResponseReturnValue:
    """New recovery codes, shown on this one page."""
    _require_fresh()
    return _show_codes()


def _show_codes() -> ResponseReturnValue:
    def make() -> list[str]:
        return list(_library().totp_factory.generate_recovery_codes(RECOVERY_CODES))

    codes = factors.make_recovery_codes(me(), make, at=clock.now())
    db.commit()
    return web.page("staff/recovery_codes.html", codes=codes)


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@signed_in
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Let a passkey open nothing any more."""
    _require_fresh()
    factors.remove_passkey(me(), passkey_id, at=clock.now())
    db.commit()
    return redirect(url_for("staff.second_factor"))


@bp.post("/staff/<int:user_id>/reset-second-factor")
@requires(Permission.MANAGE_STAFF)
def reset_second_factor(user_id: int) -> ResponseReturnValue:
    """The way back for somebody who has lost the phone."""
    user, form = people.get_colleague(user_id, me().branch_id), ResetForm.posted()
    factors.reset(user, form.reason.data or "", by=me(), at=clock.now())
    db.commit()
    flash(gettext("The second factor is reset. They are told at the next sign-in."), "good")
    return redirect(url_for("staff.person", user_id=user_id))


def _page(form: FirstCodeForm | None = None) -> ResponseReturnValue:
    secret = session.get(_SECRET)
    shown = form or FirstCodeForm(formdata=None)
    return web.page(
        "staff/second_factor.html",
        shown.status,
        form=shown,
        app=_app_values(secret) if secret else None,
        is_set_up=factors.is_set_up(me()),
        is_needed=factors.is_needed(me()),
        codes_left=len(me().mf_recovery_codes or []),
        passkeys=me().webauthn,
    )


def _app_values(secret: str) -> dict[str, str]:
    found: dict[str, str] = _library().totp_factory.fetch_setup_values(secret, me())
    picture = segno.make(found["uri"], error="m").svg_data_uri(border=2, light="#ffffff", scale=5)
    return {"key": found["key"], "picture": picture}


def _library() -> Any:
    return current_app.extensions["security"]


def _is_fresh() -> bool:
    within = current_app.config["SECURITY_FRESHNESS"]
    return bool(check_and_update_authn_fresh(within, timedelta(0), "session"))


def _require_fresh() -> None:
    if not _is_fresh():
        message = N_("Your password was asked too long ago. Enter it once more, then try again.")
        way = Way("staff.confirm_password", N_("Confirm your password"))
        raise NotAllowed(message, code="not_fresh", way=way, page=request.path)
