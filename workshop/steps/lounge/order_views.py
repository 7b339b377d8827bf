"""Customer care of one order."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.errors import N_, Invalid
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.lounge import departure as departures
from workshop.steps.lounge import page as pages
from workshop.steps.lounge import pdf, queries
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.blueprint import bp
from workshop.steps.lounge.enums import CareKind
from workshop.steps.lounge.forms import DepartureForm, RecordForm, ReportForm, ReturnForm


@bp.get("/orders/<no>/lounge")
@requires(Permission.CARE)
def show(no: str) -> ResponseReturnValue:
    """Care for the customer of one order."""
    return _show_page(_order(no))


@bp.post("/orders/<no>/lounge/stay")
@requires(Permission.CARE)
def stay(no: str) -> ResponseReturnValue:
    """The customer waits here, or leaves."""
    order = _order(no)
    lounge.record_stay(order, _stays(), by=me(), at=clock.now())
    db.commit()
    return _back(no)


def _stays() -> bool:
    """Which of the two buttons was pressed. Raises Invalid for neither."""
    pressed = request.form.get("stays")
    if pressed not in {"0", "1"}:
        raise Invalid(N_("Say whether the customer waits here or leaves."), field="stays")
    return pressed == "1"


@bp.post("/orders/<no>/lounge/act")
@requires(Permission.CARE)
def act(no: str) -> ResponseReturnValue:
    """One of the six care acts is done."""
    lounge.do_act(_order(no), _kind(request.form.get("kind")), by=me(), at=clock.now())
    db.commit()
    return _back(no)


@bp.post("/orders/<no>/lounge/act/<int:act_id>/back")
@requires(Permission.CARE)
def take_back(no: str, act_id: int) -> ResponseReturnValue:
    """A care act was pressed by mistake."""
    order = _order(no)
    lounge.take_back_act(order, queries.get_act(order, act_id), by=me(), at=clock.now())
    db.commit()
    return _back(no)


@bp.post("/orders/<no>/lounge/record")
@requires(Permission.CARE)
def save_record(no: str) -> ResponseReturnValue:
    """Seat, drinks, remarks and complaint."""
    order, form = _order(no), RecordForm()
    if form.carry_out(lambda: lounge.save_record(order, **form.values, by=me(), at=clock.now())):
        return redirect(url_for("lounge.show", no=no))
    return _show_page(_order(no), record_form=form)


@bp.post("/orders/<no>/lounge/report")
@requires(Permission.CARE)
def report(no: str) -> ResponseReturnValue:
    """What the customer was told about the work."""
    order, form = _order(no), ReportForm()
    if form.carry_out(lambda: lounge.record_report(order, **form.values, by=me(), at=clock.now())):
        return _back(no)
    pages.renew_words(form, _order(no), clock.now())
    return _show_page(_order(no), report_form=form)


@bp.post("/orders/<no>/lounge/departure")
@requires(Permission.CARE)
def save_departure(no: str) -> ResponseReturnValue:
    """The departure information sheet is filled in or corrected."""
    order, form = _order(no), DepartureForm()
    if form.carry_out(lambda: _save_sheet(order, form)):
        return redirect(url_for("lounge.show", no=no))
    return _show_page(_order(no), departure_form=form)


def _save_sheet(order: RepairOrder, form: DepartureForm) -> None:
    sheet = form.sheet(calendar.local_day(g.branch, clock.now()))
    departures.save_sheet(order, sheet, seen_version=form.seen_version, by=me(), at=clock.now())


@bp.get("/orders/<no>/lounge/departure.pdf")
@requires(Permission.CARE)
def departure_pdf(no: str) -> ResponseReturnValue:
    """The departure information sheet to take along."""
    order = _order(no)
    address = web.full_address("desk.order", no=no)
    data = pdf.departure_sheet(order, departures.get_sheet(order), order_url=address)
    return web.paper(data, f"{no}-departure")


@bp.post("/orders/<no>/lounge/loaner")
@requires(Permission.CARE)
def return_loaner(no: str) -> ResponseReturnValue:
    """The loaner car is back."""
    order, form = _order(no), ReturnForm()
    if form.carry_out(lambda: _return_loaner(order, form)):
        return redirect(url_for("lounge.show", no=no))
    return _show_page(_order(no), return_form=form)


def _return_loaner(order: RepairOrder, form: ReturnForm) -> None:
    departures.return_loaner(
        departures.get_sheet(order),
        km_in=form.km_in.data,
        energy_in=form.energy_in.data,
        damage=form.damage_in.data or "",
        by=me(),
        at=clock.now(),
    )


def _show_page(order: RepairOrder, **forms: web.Form) -> ResponseReturnValue:
    status = max((form.status for form in forms.values()), default=200)
    return web.page("lounge/show.html", status, **pages.show(order, clock.now(), **forms))


def _order(no: str) -> RepairOrder:
    return orders.get_order(no, branch_id=me().branch_id)


def _kind(value: str | None) -> CareKind:
    try:
        return CareKind(value or "")
    except ValueError as error:
        raise Invalid(N_("There is no such care act."), field="kind") from error


def _back(no: str) -> ResponseReturnValue:
    if request.form.get("back") == "index":
        return redirect(url_for("lounge.index"))
    return redirect(url_for("lounge.show", no=no))
