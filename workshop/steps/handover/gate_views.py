"""The washer's list and the gate: big words and one button, on a phone in the yard."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.errors import NotFound
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.handover import delivery, gates, queries, service, worklist
from workshop.steps.handover.blueprint import bp


@bp.get("/washes")
@requires(Permission.WASH)
def washes() -> ResponseReturnValue:
    """Cars that wait for a wash, and those washed today."""
    today = calendar.local_day(g.branch, clock.now())
    return web.page(
        "handover/washes.html",
        waiting=worklist.list_to_wash(g.branch),
        washed=worklist.list_washed(g.branch, today),
    )


@bp.post("/orders/<no>/wash")
@requires(Permission.WASH)
def finish_wash(no: str) -> ResponseReturnValue:
    """The car is washed."""
    order = orders.get_order(no, me().branch_id)
    service.finish_wash(order, by=me(), at=clock.now())
    plate = order.vehicle.called
    db.commit()
    flash(gettext("%(plate)s is washed.", plate=plate), "good")
    return redirect(url_for("handover.washes"))


@bp.get("/gate")
@requires(Permission.CHECK_GATE)
def gate() -> ResponseReturnValue:
    """Look a car up by plate or gate pass, and see whether it may leave."""
    wanted = (web.half_width(request.args.get("wanted")) or "").strip()
    order, status = _look_up(wanted)
    today = calendar.local_day(g.branch, clock.now())
    return web.page(
        "handover/gate.html",
        status,
        wanted=wanted,
        order=order,
        gate_pass=queries.find_gate_pass(order) if order else None,
        reasons=gates.missing_to_pass_gate(order) if order else [],
        expected=worklist.list_at_gate(g.branch),
        gone=worklist.list_gone(g.branch, today),
    )


def _look_up(wanted: str) -> tuple[RepairOrder | None, int]:
    if not wanted:
        return None, 200
    try:
        return delivery.find_at_gate(g.branch, wanted), 200
    except NotFound:
        return None, 404


@bp.post("/gate/leave")
@requires(Permission.CHECK_GATE)
def leave() -> ResponseReturnValue:
    """Stamp the gate pass: the car has left the premises."""
    order = delivery.find_at_gate(g.branch, request.form.get("wanted", ""))
    plate = order.vehicle.called
    delivery.let_out(order, by=me(), at=clock.now())
    db.commit()
    flash(gettext("%(plate)s has left the premises.", plate=plate), "good")
    return redirect(url_for("handover.gate"))
