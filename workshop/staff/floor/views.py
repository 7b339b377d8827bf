"""The shared device's own page, and the list of devices."""

from __future__ import annotations

import segno
from flask import current_app, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.utils import login_user, logout_user

from workshop import clock, db, web
from workshop.errors import N_, Invalid, NotAllowed
from workshop.staff import service as staff
from workshop.staff.access import find_me, me, public, requires
from workshop.staff.blueprint import bp
from workshop.staff.floor import pins, queries
from workshop.staff.floor import service as floor
from workshop.staff.floor.forms import EnterForm, NameDeviceForm, PairDeviceForm
from workshop.staff.floor.models import FloorDevice
from workshop.staff.permissions import Permission

COOKIE = "workshop_floor"
_DAYS_400 = 400 * 24 * 3600


@bp.get("/floor")
@public
def floor_device() -> ResponseReturnValue:
    """On a paired device the names to sign in by; on any other the code to pair it."""
    device = _device()
    if device is None or not device.is_live:
        return _pairing_page(device)
    return _enter_page(device)


@bp.post("/floor/offer")
@public
def offer_device() -> ResponseReturnValue:
    """A device asks to be paired: it gets a code to show, and a token that is not good yet."""
    known = request.cookies.get(COOKIE)
    _, token = floor.offer(known, at=clock.now())
    g.is_new_offer = token != known
    db.commit()
    answer = make_response(redirect(url_for("staff.floor_device")))
    answer.set_cookie(
        COOKIE,
        token,
        max_age=_DAYS_400,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return answer


def _pairing_page(device: FloorDevice | None) -> ResponseReturnValue:
    picture = None
    if device is not None:
        address = web.full_address("staff.devices", code=device.pairing_code)
        picture = segno.make(address, error="m").svg_data_uri(border=2, light="#ffffff", scale=6)
    return web.page("staff/floor_pairing.html", device=device, picture=picture)


@bp.post("/floor/enter")
@public
def enter_pin() -> ResponseReturnValue:
    """Sign in by name and PIN; whoever was signed in before is out."""
    device = _device()
    if device is None or not device.is_live:
        return redirect(url_for("staff.floor_device"))
    form = EnterForm()
    form.offer(device.branch_id or 0)
    if not form.validate_on_submit() or not _is_let_in(device, form):
        return _enter_page(device, form)
    user = staff.get_user(web.whole(form.person.data))
    if find_me() is not None:
        logout_user()
    g.floor_device_id, device.last_seen_at = device.id, clock.now()
    login_user(user, remember=False)
    return redirect(url_for("desk.home"))


def _is_let_in(device: FloorDevice, form: EnterForm) -> bool:
    user, now = staff.get_user(web.whole(form.person.data)), clock.now()
    try:
        pins.require_no_wait(device, user, at=now)
        is_right = pins.fits(device, user, form.pin.data or "", at=now)
    except NotAllowed as refusal:
        db.rollback()
        form.refuse(refusal)
        return False
    db.commit()
    if not is_right:
        form.refuse(Invalid(N_("This PIN does not fit."), field="pin"))
    return is_right


def _enter_page(device: FloorDevice, form: EnterForm | None = None) -> ResponseReturnValue:
    shown = form or EnterForm(formdata=None)
    shown.offer(device.branch_id or 0)
    return web.page("staff/floor.html", shown.status, device=device, form=shown)


def _device() -> FloorDevice | None:
    return queries.find_device(request.cookies.get(COOKIE))


# ---- The list of devices ----


@bp.get("/devices")
@requires(Permission.PAIR_SCREEN)
def devices() -> ResponseReturnValue:
    """The shared devices of the branch; the QR on a new one fills its code in."""
    return _devices_page(PairDeviceForm(formdata=None, code=request.args.get("code", "")))


@bp.post("/devices")
@requires(Permission.PAIR_SCREEN)
def pair_device() -> ResponseReturnValue:
    """Pair the device that shows this code."""
    form = PairDeviceForm()
    code, name = form.code.data or "", form.name.data or ""
    if form.carry_out(lambda: floor.pair(code, name, by=me(), at=clock.now())):
        flash(gettext("Paired. Whoever has a PIN can sign in on it now."), "good")
        return redirect(url_for("staff.devices"))
    return _devices_page(form)


@bp.post("/devices/<int:device_id>/name")
@requires(Permission.PAIR_SCREEN)
def rename_device(device_id: int) -> ResponseReturnValue:
    """Another name for a device."""
    device, form = queries.get_device(me().branch_id, device_id), NameDeviceForm()
    floor.rename(device, form.name.data or "", by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.devices"))


@bp.post("/devices/<int:device_id>/revoke")
@requires(Permission.PAIR_SCREEN)
def revoke_device(device_id: int) -> ResponseReturnValue:
    """Take the device's right away."""
    floor.revoke(queries.get_device(me().branch_id, device_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("staff.devices"))


def _devices_page(form: PairDeviceForm) -> ResponseReturnValue:
    branch_id = me().branch_id
    return web.page(
        "staff/devices.html",
        form.status,
        form=form,
        devices=queries.list_devices(branch_id),
        people=queries.list_people(branch_id),
    )
