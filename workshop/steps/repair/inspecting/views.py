"""The inspections of an order on the desk: with the customer at reception, or for the advisor."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.inspections import queries as inspections
from workshop.inspections import service
from workshop.inspections.models import VehicleInspection
from workshop.inspections.rules import Where
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.inspecting import desk_page, pdf
from workshop.steps.repair.inspecting.forms import GroupForm, LineForm


@bp.get("/orders/<no>/repair/inspections")
@requires(Permission.VIEW_ORDERS, Permission.INSPECT)
def inspections_of(no: str) -> ResponseReturnValue:
    """One inspection of the visit, and those that may be begun."""
    return desk_page.page(_order(no))


@bp.get("/orders/<no>/repair/inspections.pdf")
@requires(Permission.VIEW_ORDERS, Permission.INSPECT)
def inspection_sheet(no: str) -> ResponseReturnValue:
    """The inspections of the visit on paper, with their pictures."""
    url = web.full_address("desk.order", no=no)
    return web.paper(pdf.inspection_sheet(_order(no), url), f"{no}-inspection-sheet")


@bp.post("/orders/<no>/repair/inspections/<int:list_id>/lines/<int:item_id>")
@requires(Permission.RECEIVE, Permission.INSPECT)
def answer_line(no: str, list_id: int, item_id: int) -> ResponseReturnValue:
    """Answer one line, or put it right."""
    form, order = LineForm(), _order(no)

    def act(found: VehicleInspection) -> None:
        place = where(order)
        service.answer(found, item_id, form.said(), place, by=me(), at=clock.now())

    return _do(form, order, list_id, act, f"line-{item_id}")


@bp.post("/orders/<no>/repair/inspections/<int:list_id>/green")
@requires(Permission.RECEIVE, Permission.INSPECT)
def answer_green(no: str, list_id: int) -> ResponseReturnValue:
    """All that is looked at in a group is in order."""
    form, order = GroupForm(), _order(no)

    def act(found: VehicleInspection) -> None:
        group = form.group.data or ""
        service.answer_green(found, group, where(order), by=me(), at=clock.now())

    return _do(form, order, list_id, act)


@bp.post("/orders/<no>/repair/inspections/<int:list_id>/finish")
@requires(Permission.RECEIVE, Permission.INSPECT)
def finish_inspection(no: str, list_id: int) -> ResponseReturnValue:
    """The inspection is complete."""

    def act(found: VehicleInspection) -> None:
        service.finish(found, by=me(), at=clock.now())

    return _do(GroupForm(), _order(no), list_id, act)


def where(order: RepairOrder) -> Where:
    """Before the work the customer stands beside the car; from then on it is in the bay."""
    return Where.RECEPTION if order.authorised_at is None else Where.BAY


def _do(
    form: web.Form,
    order: RepairOrder,
    list_id: int,
    act: Callable[[VehicleInspection], None],
    anchor: str | None = None,
) -> ResponseReturnValue:
    checklist = inspections.get_template(list_id)
    if form.carry_out(lambda: act(service.begin(order, checklist, by=me(), at=clock.now()))):
        flash(gettext("Saved."), "good")
        here = url_for("repair.inspections_of", no=order.no, list=list_id, _anchor=anchor)
        return redirect(here)
    return desk_page.page(_order(order.no), list_id, form)


def _order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)
