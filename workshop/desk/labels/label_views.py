"""Labels to print, and the sizes of the rolls."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.db import session
from workshop.desk.blueprint import bp
from workshop.desk.labels import pdf, sizes
from workshop.desk.labels.forms import SizesForm
from workshop.desk.labels.rules import MOST_COPIES, Sizes, Wheel
from workshop.errors import N_, NotFound
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts import queries as parts
from workshop.steps.reception import queries as reception
from workshop.steps.reception.checks import CarCheck
from workshop.stock import queries as stock
from workshop.stock.models import Part
from workshop.web import versions


@bp.route("/shop/labels", methods=["GET", "POST"])
@requires(Permission.MANAGE_SHOP)
def label_sizes() -> ResponseReturnValue:
    """Which roll is in the printer for what."""
    form = SizesForm()
    if form.carry_out(
        lambda: sizes.choose(g.branch, form.values(), seen=form.seen.data, by=me(), at=clock.now())
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("desk.label_sizes"))
    known = sizes.find(g.branch)
    shown = form if form.is_submitted() else SizesForm.of(known, _mark(known))
    return web.page("desk/label_sizes.html", form.status, form=shown)


def _mark(known: Sizes) -> str:
    return versions.mark(sizes.state_of(known))


@bp.get("/orders/<no>/labels")
@requires(Permission.VIEW_ORDERS)
def labels(no: str) -> ResponseReturnValue:
    """The labels of an order: the key, the baskets, the wheels that are kept."""
    order = _order(no)
    return web.page(
        "desk/labels.html",
        order=order,
        lists=parts.list_pick_lists(order),
        wheels=list(Wheel),
        least_tread=_least_tread(order),
        sizes=sizes.find(g.branch),
    )


@bp.get("/orders/<no>/labels/key.pdf")
@requires(Permission.VIEW_ORDERS)
def key_label(no: str) -> ResponseReturnValue:
    """The tag on the key."""
    order = _order(no)
    return web.paper(pdf.key(order, g.branch, _url(order)), f"{no}-key")


@bp.get("/orders/<no>/labels/wheels.pdf")
@requires(Permission.VIEW_ORDERS)
def wheel_labels(no: str) -> ResponseReturnValue:
    """A label for each wheel, with what was typed of its tread and its place."""
    order = _order(no)
    tread = {each: request.args.get(each.value, "").strip()[:12] for each in Wheel}
    place = request.args.get("place", "").strip()[:40]
    return web.paper(pdf.wheels(order, tread, place, g.branch, _url(order)), f"{no}-wheels")


@bp.get("/orders/<no>/labels/<list_no>.pdf")
@requires(Permission.VIEW_ORDERS)
def basket_label(no: str, list_no: str) -> ResponseReturnValue:
    """The label of a basket."""
    order = _order(no)
    pick_list = parts.get_list_of(order, list_no)
    data = pdf.basket(pick_list, order, g.branch, _url(order))
    return web.paper(data, f"{list_no}-basket")


@bp.get("/parts/stock/<int:part_id>/label.pdf")
@requires(Permission.PICK_PARTS)
def part_label(part_id: int) -> ResponseReturnValue:
    """Labels for the pieces of a part."""
    part = session.get(Part, part_id)
    if part is None:
        raise NotFound(N_("There is no such part."))
    level = stock.find_level(me().branch_id, part.id)
    copies = min(max(web.whole(request.args.get("copies"), 1), 1), MOST_COPIES)
    url = web.full_address("parts.part", part_id=part.id)
    data = pdf.part(part, level.bin if level else "", copies, g.branch, url)
    return web.paper(data, f"part-{part.id}")


def _order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)


def _url(order: RepairOrder) -> str:
    return web.full_address("desk.order", no=order.no)


def _least_tread(order: RepairOrder) -> str:
    """What the walk-around measured of the tyres, if it did."""
    sheet = reception.find_walkaround(order)
    kept = (sheet.checks or {}).get(CarCheck.TYRES.value, {}) if sheet else {}
    said = str(kept.get("measure", "")).strip()
    return said.removesuffix("mm").rstrip()
