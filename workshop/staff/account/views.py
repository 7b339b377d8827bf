"""Everybody's own page: password, language, and where one is signed in."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from workshop import clock, db, web
from workshop.staff.access import me, signed_in
from workshop.staff.account import page, passwords, strength_page
from workshop.staff.account.forms import ChangePasswordForm, PinForm
from workshop.staff.blueprint import bp
from workshop.staff.floor import pins
from workshop.staff.sessions import cookie
from workshop.staff.sessions import service as sessions


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Who I am here, my password, and where I am signed in."""
    return _page(ChangePasswordForm(formdata=None))


@bp.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """A new password in place of the old one; other sessions end."""
    form = ChangePasswordForm()
    if not form.carry_out(lambda: _change_password(form)):
        return _page(form)
    flash(
        ngettext(
            "Your password is changed. %(num)d other session has ended.",
            "Your password is changed. %(num)d other sessions have ended.",
            form.outcome,
        ),
        "good",
    )
    return redirect(url_for("staff.account"))


def _change_password(form: ChangePasswordForm) -> int:
    return passwords.change(
        me(),
        form.old.data or "",
        form.password.data or "",
        names=strength_page.shop_names(g.branch),
        sign_in_id=cookie.my_id(),
        at=clock.now(),
    )


@bp.post("/account/strength")
@signed_in
def judge_password() -> ResponseReturnValue:
    """How hard the password is to guess that somebody is typing."""
    return strength_page.answer(me(), g.branch)


@bp.post("/account/sessions/<int:sign_in_id>/end")
@signed_in
def end_session(sign_in_id: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    sessions.revoke(me(), sign_in_id, using=cookie.my_id(), by=me(), at=clock.now())
    db.commit()
    flash(gettext("This session has ended."), "good")
    return redirect(url_for("staff.account"))


@bp.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    """End all sessions but this one."""
    sessions.revoke_all(me(), except_id=cookie.my_id(), by=me(), at=clock.now())
    db.commit()
    flash(gettext("All other sessions have ended."), "good")
    return redirect(url_for("staff.account"))


@bp.post("/account/pin")
@signed_in
def set_pin() -> ResponseReturnValue:
    """A PIN for the shared devices of the floor."""
    form = PinForm.posted()
    old, pin = form.old.data or "", form.pin.data or ""
    if form.carry_out(lambda: pins.set_pin(me(), old, pin, at=clock.now())):
        flash(gettext("Your PIN is set. It works on the shared devices of the floor."), "good")
        return redirect(url_for("staff.account"))
    return _page(ChangePasswordForm(formdata=None), form)


@bp.post("/account/pin/remove")
@signed_in
def remove_pin() -> ResponseReturnValue:
    """Sign in by PIN no more."""
    pins.remove_pin(me(), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.account"))


def _page(form: ChangePasswordForm, pin: PinForm | None = None) -> ResponseReturnValue:
    rows = page.list_sessions(me(), cookie.my_id(), clock.now())
    shown = pin or PinForm.blank()
    return web.page(
        "staff/account.html",
        max(form.status, shown.status),
        form=form,
        pin=shown,
        sessions=rows,
        end_url=_end_url,
    )


def _end_url(sign_in_id: int) -> str:
    return url_for("staff.end_session", sign_in_id=sign_in_id)
