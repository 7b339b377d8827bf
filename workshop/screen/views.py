"""The television's page, and the staff's list of televisions."""

from __future__ import annotations

from http import HTTPStatus

import segno
from flask import g, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from workshop import clock, db, web
from workshop.orders.rows import Bucket
from workshop.orders.rules import Why
from workshop.screen import page
from workshop.screen import queries as screens
from workshop.screen import service as screen
from workshop.screen.forms import DeviceForm, PairForm
from workshop.screen.models import ScreenDevice
from workshop.shop.models import Branch
from workshop.staff.access import me, public, requires
from workshop.staff.permissions import Permission

bp = web.blueprint("screen", __name__)


@bp.get("/screen/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """The board of a branch on a paired television; on any other, the code to pair it."""
    branch = screens.get_branch(code)
    device = _device_of(branch)
    if device is None or not device.is_live:
        return web.page("screen/pairing.html", branch=branch)
    with force_locale(device.locale):
        buckets, reasons = list(Bucket), list(Why)
        html, _ = web.page(
            "screen/board.html", branch=branch, device=device, buckets=buckets, reasons=reasons
        )
    answer = make_response(html)
    # Kept alive by use: a browser forgets a cookie after 400 days at the latest.
    page.keep_token(answer, request.cookies[screen.TOKEN_COOKIE])
    return answer


@bp.post("/screen/<code>/offer")
@public
def offer(code: str) -> ResponseReturnValue:
    """A television asks to be paired: it gets a code to show and a token that is not good yet."""
    branch = screens.get_branch(code)
    known = request.cookies.get(screen.TOKEN_COOKIE)
    device, token = screen.offer(branch, known, at=clock.now())
    g.is_new_offer = token != known
    db.commit()
    shown = device.pairing_code or ""
    address = web.full_address("screen.pair", code=shown)
    picture = segno.make(address, error="m").svg_data_uri(border=2, light="#ffffff", scale=8)
    answer = jsonify(code=shown, qr=picture, address=web.full_address("screen.pair"))
    page.keep_token(answer, token)
    return answer


@bp.get("/screen/<code>/state")
@public
def state(code: str) -> ResponseReturnValue:
    """Whether this television is paired by now."""
    device = _device_of(screens.get_branch(code))
    return jsonify(paired=device is not None and device.is_live)


@bp.get("/screen/<code>/rows")
@public
def rows(code: str) -> ResponseReturnValue:
    """All that a paired television shows; 304 for one that says it has this already."""
    branch = screens.get_branch(code)
    device = _device_of(branch)
    if device is None or not device.is_live:
        return jsonify(paired=False), HTTPStatus.FORBIDDEN
    if page.tag() in request.if_none_match:
        return "", HTTPStatus.NOT_MODIFIED
    return jsonify(page.snapshot(branch))


@bp.post("/screen/<code>/seen")
@public
def note_seen(code: str) -> ResponseReturnValue:
    """A television says that it is there."""
    device = _device_of(screens.get_branch(code))
    if device is None or not device.is_live:
        return jsonify(paired=False), HTTPStatus.FORBIDDEN
    screen.note_seen(device, at=clock.now())
    db.commit()
    return "", HTTPStatus.NO_CONTENT


@bp.get("/screens")
@requires(Permission.PAIR_SCREEN)
def devices() -> ResponseReturnValue:
    """All televisions of the branch."""
    return web.page("screen/devices.html", devices=screens.list_devices(me().branch_id))


@bp.route("/screens/pair", methods=["GET", "POST"])
@requires(Permission.PAIR_SCREEN)
def pair() -> ResponseReturnValue:
    """Enter the code that a television shows; the QR on it fills the code in."""
    form = PairForm(code=request.args.get("code", ""), locale=me().locale)
    if form.carry_out(lambda: screen.pair(form.code.data, **form.values, by=me(), at=clock.now())):
        return redirect(url_for("screen.devices"))
    return web.page("screen/pair.html", form.status, form=form)


@bp.route("/screens/<int:device_id>", methods=["GET", "POST"])
@requires(Permission.PAIR_SCREEN)
def edit(device_id: int) -> ResponseReturnValue:
    """Name, language and chime of a television."""
    device = screens.get_device(me().branch_id, device_id)
    form = DeviceForm(obj=device)
    if form.carry_out(lambda: screen.change(device, **form.values, by=me(), at=clock.now())):
        return redirect(url_for("screen.devices"))
    return web.page("screen/edit.html", form.status, form=form, device=device)


@bp.post("/screens/<int:device_id>/revoke")
@requires(Permission.PAIR_SCREEN)
def revoke(device_id: int) -> ResponseReturnValue:
    """Take a television's right away."""
    screen.revoke(screens.get_device(me().branch_id, device_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("screen.devices"))


def _device_of(branch: Branch) -> ScreenDevice | None:
    device = screens.find_device(request.cookies.get(screen.TOKEN_COOKIE))
    return device if device is not None and device.branch_id == branch.id else None
