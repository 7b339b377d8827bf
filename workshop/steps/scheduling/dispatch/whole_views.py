"""One button that places all that is left of an order."""

from __future__ import annotations

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.errors import WorkshopError
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.board import undo_page
from workshop.steps.scheduling.dispatch import placed_page, plan_page, whole_order


@bp.post("/orders/<no>/scheduling/assign-all")
@requires(Permission.SCHEDULE)
def assign_all(no: str) -> ResponseReturnValue:
    """Place all that is left of the order, or say why not; the board's script gets it as JSON."""
    order = orders.get_order(no, me().branch_id)
    late_too = request.form.get("late") == "yes"

    def act() -> None:
        found = whole_order.assign_all(order, late_too=late_too, by=me(), at=clock.now())
        undo_page.remember_order(order, found)

    refusal = web.carry_out(act)
    order = orders.get_order(no, me().branch_id)
    if request.accept_mimetypes.best == "application/json":
        return _for_board(order, refusal)
    if refusal is not None:
        return plan_page.show(order, web.status_of(refusal), not_placed=refusal)
    return redirect(url_for("scheduling.show", no=no, _anchor="placed"))


def _for_board(order: RepairOrder, refusal: WorkshopError | None) -> ResponseReturnValue:
    placed = placed_page.find(order) if refusal is None else None
    page = render_template(
        "scheduling/_placed.html", order=order, placed=placed, not_placed=refusal, on_board=True
    )
    if placed is None:
        said = web.error_words(refusal) if refusal is not None else ""
        status = web.status_of(refusal) if refusal is not None else 409
        return jsonify(done=False, said=said, html=page), status
    count = len(placed.jobs)
    said = gettext("Placed: %(plate)s, jobs: %(count)s.", plate=order.vehicle.called, count=count)
    live = queries.find_live(placed.jobs[0].job)
    return jsonify(done=True, said=said, card=f"card-{live.id}" if live else "", html=page)
