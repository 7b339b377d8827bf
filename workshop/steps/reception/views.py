"""Pages of the step: who waits, the intake, the order's reception, its signature and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db
from workshop.orders import cancellation
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.phone import page as phone
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking import queries as booking_queries
from workshop.steps.booking import service as booking
from workshop.steps.booking import slots
from workshop.steps.reception import (
    arrivals,
    forms,
    pdf,
    queries,
    taking_back,
    waiting,
)
from workshop.steps.reception import page as sheet
from workshop.steps.reception import service as reception
from workshop.steps.reception.blueprint import bp
from workshop.steps.reception.car import forms as car_forms
from workshop.steps.reception.sections import page as section_page
from workshop.web import page, paper
from workshop.web.hosts import full_address


@bp.get("/reception")
@requires(Permission.RECEIVE, Permission.REGISTER_ARRIVAL)
def index() -> ResponseReturnValue:
    """Who waits to be greeted, what is in reception, who is expected."""
    return _index(forms.WalkInForm(None, prefix="walk_in"))


def _index(form: forms.WalkInForm) -> ResponseReturnValue:
    at = clock.now()
    day = calendar.local_day(g.branch, at)
    greeted = queries.list_greeted(g.branch, *calendar.day_span(g.branch, day))
    in_reception = queries.list_in_reception(g.branch)
    return page(
        "reception/index.html",
        form.status,
        at=at,
        form=form,
        waiting=waiting.list_waiting(g.branch, at),
        expected=waiting.list_expected(g.branch, at),
        in_reception=[(order, sheet.progress(order)) for order in in_reception],
        inspected=queries.list_inspected(g.branch),
        greet_minutes=waiting.greet_minutes,
        mean_greet_minutes=waiting.mean_greet_minutes(greeted),
        greeted_count=len(greeted),
        away=slots.list_away(g.branch, day),
    )


@bp.post("/reception/walk-ins")
@requires(Permission.REGISTER_ARRIVAL)
def register_walk_in() -> ResponseReturnValue:
    """Stamp the arrival of a car without an appointment."""
    form = forms.WalkInForm(prefix="walk_in")
    if not form.validate_on_submit():
        return _index(form)
    plate, note = form.plate.data or "", form.note.data or ""
    arrivals.register_walk_in(g.branch, plate, note=note, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("reception.index"))


@bp.post("/reception/walk-ins/<int:walk_in_id>/left")
@requires(Permission.REGISTER_ARRIVAL)
def dismiss_walk_in(walk_in_id: int) -> ResponseReturnValue:
    """The car drove away again."""
    walk_in = queries.get_walk_in(g.branch, walk_in_id)
    arrivals.dismiss(walk_in, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("reception.index"))


@bp.post("/reception/appointments/<no>/arrived")
@requires(Permission.REGISTER_ARRIVAL)
def register_arrival(no: str) -> ResponseReturnValue:
    """Stamp the arrival of an expected car."""
    appointment = booking_queries.get_appointment(no, g.branch.id)
    booking.register_arrival(appointment, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("reception.index"))


@bp.get("/orders/<no>/reception")
@requires(Permission.VIEW_ORDERS, Permission.RECEIVE)
def show(no: str) -> ResponseReturnValue:
    """The interactive reception of one order."""
    return sheet.page(orders.get_order(no, g.branch.id))


@bp.post("/orders/<no>/reception/sign")
@requires(Permission.RECEIVE)
def sign(no: str) -> ResponseReturnValue:
    """The customer signs the walk-around."""
    order = orders.get_order(no, g.branch.id)
    form = car_forms.SignForm(prefix="sign")
    answers: list[dict[str, Any]] = []

    def act(order: RepairOrder, at: datetime) -> None:
        reception.sign(order, form.read(order), seen=form.seen.data, by=me(), at=at)

    if form.carry_out(lambda: answers.append(section_page.once(order, "", act))):
        flash(gettext("The walk-around is signed. Next comes the quotation."), "good")
        return phone.reply(answers[0])
    phone.tell_queue(form)
    return sheet.page(orders.get_order(no), form.status, sign_form=form)


@bp.post("/orders/<no>/reception/reopen")
@requires(Permission.RECEIVE)
def reopen(no: str) -> ResponseReturnValue:
    """Take the signed walk-around up again."""
    order = orders.get_order(no, g.branch.id)
    form = forms.ReasonForm(prefix="reopen")
    reason = form.reason.data or ""
    if form.carry_out(lambda: reception.reopen(order, reason, by=me(), at=clock.now())):
        return redirect(url_for("reception.show", no=no))
    return sheet.page(orders.get_order(no), form.status, reopen_form=form)


@bp.post("/orders/<no>/reception/cancel")
@requires(Permission.CANCEL_ORDER)
def cancel(no: str) -> ResponseReturnValue:
    """Cancel the order with a reason."""
    order = orders.get_order(no, g.branch.id)
    form = forms.ReasonForm(prefix="cancel")
    reason = form.reason.data or ""
    if form.carry_out(lambda: cancellation.cancel_order(order, reason, by=me(), at=clock.now())):
        flash(gettext("The repair order is cancelled."), "good")
        return redirect(url_for("reception.index"))
    return sheet.page(orders.get_order(no), form.status, cancel_form=form)


@bp.post("/orders/<no>/reception/take-back")
@requires(Permission.RECEIVE)
def take_back(no: str) -> ResponseReturnValue:
    """The car was received by mistake: all that this began is as it was before."""
    order = orders.get_order(no, g.branch.id)
    form = forms.ReasonForm(prefix="back")
    reason = form.reason.data or ""
    if form.carry_out(lambda: taking_back.take_back(order, reason, by=me(), at=clock.now())):
        flash(gettext("The reception is taken back; the car is expected as before."), "good")
        return redirect(url_for("reception.index"))
    return sheet.page(orders.get_order(no), form.status, back_form=form)


@bp.get("/orders/<no>/reception/walkaround.pdf")
@requires(Permission.VIEW_ORDERS, Permission.RECEIVE)
def walkaround_pdf(no: str) -> ResponseReturnValue:
    """The walk-around sheet on paper."""
    order = orders.get_order(no, g.branch.id)
    order_url = full_address("reception.show", no=no)
    data = pdf.walkaround_sheet(order, order_url, me().locale, clock.now())
    return paper(data, f"{no}-walkaround")
