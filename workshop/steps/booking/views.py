"""The day's board, an appointment's page and what may be done to it, and the welcome board."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.shop import calendar
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking import appointment_page, hours, queries, service, sheets
from workshop.steps.booking import board_page as boards
from workshop.steps.booking.blueprint import bp, branch_of_request
from workshop.steps.booking.forms import ContactForm, DayForm, ReasonForm
from workshop.steps.booking.models import Appointment


@bp.get("/booking")
@requires(Permission.BOOK, Permission.REGISTER_ARRIVAL)
def index() -> ResponseReturnValue:
    """The day's board of expected arrivals."""
    branch, at = branch_of_request(), clock.now()
    day = sheets.day_of(access.asked())
    return web.page(
        "booking/index.html",
        board=boards.make_board(branch, day, at),
        previous_day=day - timedelta(days=1),
        following_day=day + timedelta(days=1),
        next_open_day=calendar.next_open_day(branch, day),
        no_show_reasons=appointment_page.NO_SHOW_REASONS,
    )


@bp.get("/booking/welcome")
@requires(Permission.BOOK, Permission.REGISTER_ARRIVAL)
def welcome() -> ResponseReturnValue:
    """The welcome board for a screen at the door: masked plate, time and advisor."""
    branch, at = branch_of_request(), clock.now()
    day = DayForm(request.args).chosen(boards.welcome_day(branch, at))
    return web.page("booking/welcome.html", rows=boards.welcome_rows(branch, day), day=day)


@bp.get("/booking/<no>")
@requires(Permission.BOOK, Permission.REGISTER_ARRIVAL)
def appointment(no: str) -> ResponseReturnValue:
    """The page of one appointment."""
    return _appointment_page(_get(no))


@bp.post("/booking/<no>/arrival")
@requires(Permission.REGISTER_ARRIVAL)
def arrive(no: str) -> ResponseReturnValue:
    """Stamp the arrival: the car is here."""
    found = _get(no)
    service.register_arrival(found, by=me(), at=clock.now())
    db.commit()
    flash(gettext("Arrival stamped: %(plate)s", plate=found.vehicle.called), "good")
    return _back(found)


@bp.post("/booking/<no>/confirm")
@requires(Permission.BOOK)
def confirm(no: str) -> ResponseReturnValue:
    """The customer said yes."""
    found = _get(no)
    service.confirm(found, by=me(), at=clock.now())
    db.commit()
    return _back(found)


@bp.post("/booking/<no>/cancel")
@requires(Permission.BOOK)
def cancel(no: str) -> ResponseReturnValue:
    """Cancel with a reason."""
    form = ReasonForm(prefix="cancel-")
    return _with_reason(no, form, service.cancel, "cancel_form")


@bp.post("/booking/<no>/arrival/take-back")
@requires(Permission.REGISTER_ARRIVAL)
def take_back_arrival(no: str) -> ResponseReturnValue:
    """The car has not come, or was not this one."""
    form = ReasonForm(prefix="back-")
    return _with_reason(no, form, service.take_back_arrival, "back_form")


@bp.post("/booking/<no>/no-show")
@requires(Permission.BOOK)
def record_no_show(no: str) -> ResponseReturnValue:
    """The customer did not come."""
    form = ReasonForm(prefix="missed-")
    return _with_reason(no, form, service.record_no_show, "missed_form")


@bp.post("/booking/<no>/contacts")
@requires(Permission.BOOK)
def record_contact(no: str) -> ResponseReturnValue:
    """Write down what came of a call."""
    found = _get(no)
    form = ContactForm()
    if form.carry_out(lambda: _record_contact(found, form)):
        return _back(found)
    return _appointment_page(found, form.status, contact_form=form)


def _record_contact(found: Appointment, form: ContactForm) -> None:
    service.record_contact(
        found,
        form.channel.data,
        form.result.data,
        note=form.note.data or "",
        by=me(),
        at=clock.now(),
    )


@bp.post("/booking/<no>/work")
@requires(Permission.BOOK)
def add_work(no: str) -> ResponseReturnValue:
    """Add deferred work or a package to the appointment, from the list of today's free time."""
    found = _get(no)
    deferred = queries.find_deferred(found.vehicle, request.form.get("deferred", type=int))
    operations = queries.list_offered(deferred, request.form.get("package", type=int))
    hours.add_work(
        found,
        operations,
        deferred=deferred,
        seen_version=web.whole(request.form.get("version")),
        by=me(),
        at=clock.now(),
    )
    db.commit()
    flash(gettext("Added to the appointment of %(plate)s", plate=found.vehicle.called), "good")
    return _back(found)


@bp.get("/orders/<no>/booking")
@requires(Permission.VIEW_ORDERS)
def show(no: str) -> ResponseReturnValue:
    """The appointment that an order came from, or that it was a walk-in."""
    order = orders.get_order(no, branch_of_request().id)
    found = queries.find_by_order(order)
    return web.page(
        "booking/show.html",
        order=order,
        appointment=found,
        operations=queries.list_operations(found) if found else [],
        changes=queries.list_changes(found) if found else [],
    )


def _get(no: str) -> Appointment:
    return queries.get_appointment(no, branch_of_request().id)


def _with_reason(no: str, form: ReasonForm, act: Any, name: str) -> ResponseReturnValue:
    found = _get(no)
    if form.carry_out(lambda: act(found, form.words, by=me(), at=clock.now())):
        return _back(found)
    return _appointment_page(_get(no), form.status, **{name: form})


def _back(found: Appointment) -> ResponseReturnValue:
    """To the board that the button was pressed on, or to the appointment's own page."""
    day = DayForm(request.form).day.data
    if request.form.get("back") == "free-time":
        return redirect(url_for("quotation.free_time"))
    if request.form.get("back") == "board":
        return redirect(url_for("booking.index", day=day or found.day))
    return redirect(url_for("booking.appointment", no=found.no))


def _appointment_page(found: Appointment, status: int = 200, **forms: Any) -> ResponseReturnValue:
    context = appointment_page.show(found, clock.now(), **forms)
    return web.page("booking/appointment.html", status, **context)
