"""Customer care of one order."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.cases import service as cases
from workshop.customers.models import Channel
from workshop.errors import N_, Invalid, WorkshopError
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.lounge import departure as departures
from workshop.steps.lounge import gates, pdf, queries, rules, words
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.blueprint import bp
from workshop.steps.lounge.forms import DepartureForm, RecordForm, ReportForm, ReturnForm
from workshop.steps.lounge.kinds import CARE_ICONS, CareKind, Occasion


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
    if form.validate_on_submit():
        try:
            lounge.save_record(order, **form.values, by=me(), at=clock.now())
            db.commit()
            return redirect(url_for("lounge.show", no=no))
        except WorkshopError as error:
            db.rollback()
            form.refuse(error)
    return _show_page(_order(no), record_form=form)


@bp.post("/orders/<no>/lounge/report")
@requires(Permission.CARE)
def report(no: str) -> ResponseReturnValue:
    """What the customer was told about the work."""
    order, form = _order(no), ReportForm()
    if form.validate_on_submit():
        try:
            lounge.record_report(order, **form.values, by=me(), at=clock.now())
            db.commit()
            return _back(no)
        except WorkshopError as error:
            db.rollback()
            form.refuse(error)
    return _show_page(_order(no), report_form=form)


@bp.post("/orders/<no>/lounge/departure")
@requires(Permission.CARE)
def save_departure(no: str) -> ResponseReturnValue:
    """The departure information sheet is filled in or corrected."""
    order, form = _order(no), DepartureForm()
    if form.validate_on_submit():
        try:
            sheet = form.sheet(calendar.local_day(g.branch, clock.now()))
            departures.save_sheet(
                order, sheet, seen_version=form.seen_version, by=me(), at=clock.now()
            )
            db.commit()
            return redirect(url_for("lounge.show", no=no))
        except WorkshopError as error:
            db.rollback()
            form.refuse(error)
    return _show_page(_order(no), departure_form=form)


@bp.get("/orders/<no>/lounge/departure.pdf")
@requires(Permission.CARE)
def departure_pdf(no: str) -> ResponseReturnValue:
    """The departure information sheet to take along."""
    order = _order(no)
    address = url_for("desk.order", no=no, _external=True)
    data = pdf.departure_sheet(order, departures.get_sheet(order), order_url=address)
    return web.paper(data, f"{no}-departure")


@bp.post("/orders/<no>/lounge/loaner")
@requires(Permission.CARE)
def return_loaner(no: str) -> ResponseReturnValue:
    """The loaner car is back."""
    order, form = _order(no), ReturnForm()
    if form.validate_on_submit():
        try:
            departures.return_loaner(
                departures.get_sheet(order),
                km_in=form.km_in.data,
                energy_in=form.energy_in.data,
                damage=form.damage_in.data or "",
                by=me(),
                at=clock.now(),
            )
            db.commit()
            return redirect(url_for("lounge.show", no=no))
        except WorkshopError as error:
            db.rollback()
            form.refuse(error)
    return _show_page(_order(no), return_form=form)


def _show_page(order: RepairOrder, **forms: Any) -> ResponseReturnValue:
    now = clock.now()
    departure, record = queries.find_departure(order), queries.find_record(order)
    acts, due = queries.list_acts(order), queries.find_due(order)
    shown = {
        "record_form": RecordForm(
            formdata=None, obj=record, **({} if record else {"version": "0"})
        ),
        "report_form": _report_form(order, due if due and due.due_at <= now else None),
        "departure_form": None,
        "return_form": ReturnForm(formdata=None),
        **forms,
    }
    if shown["departure_form"] is None:
        shown["departure_form"] = DepartureForm.of(order, departure, now)
    status = max(form.status for form in forms.values()) if forms else 200
    return web.page(
        "lounge/show.html",
        status,
        order=order,
        acts={act.kind: act for act in acts},
        hasty=rules.is_hasty([act.done_at for act in acts]),
        record=record,
        departure=departure,
        due=due,
        reports=queries.list_reports(order),
        missing=gates.missing(order),
        cases=cases.list_for_order(order),
        kinds=list(CareKind),
        icons=CARE_ICONS,
        at=now,
        **shown,
    )


def _report_form(order: RepairOrder, due: queries.DueReport | None) -> ReportForm:
    occasion = due.occasion if due else Occasion.HOURLY
    channel = Channel.IN_PERSON if order.stays else order.customer.channel
    said = words.suggestion(order, occasion)
    return ReportForm(formdata=None, occasion=occasion.value, channel=channel.value, said=said)


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
