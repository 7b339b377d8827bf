"""Additional work: what somebody found, and what the advisor makes of it."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from workshop import clock, web
from workshop.catalogue import queries as catalogue
from workshop.orders import service as orders
from workshop.orders.models import Job, RepairOrder, Urgency
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair import page as shown
from workshop.steps.repair import queries
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.forms import (
    DismissForm,
    FindingForm,
    FoundForm,
    PriceForm,
    picture,
)
from workshop.steps.repair.phone import page as phone


@bp.route("/my-jobs/<int:job_id>/found", methods=["GET", "POST"])
@requires(Permission.WORK)
def found(job_id: int) -> ResponseReturnValue:
    """Ask for additional work: what was found, how urgent, a photo, the proposed operation."""
    mine = phone.get_mine(job_id)
    form = FoundForm()
    form.offer(queries.list_jobs(mine.order), str(get_locale() or "zh_CN"))
    if form.carry_out(lambda: phone.once("found", lambda at: _request(mine, form, at))):
        _tell_sent()
        return redirect(url_for("repair.job", job_id=job_id))
    return web.page(
        "repair/found.html", form.status, form=form, **phone.card(phone.get_mine(job_id))
    )


@bp.post("/orders/<no>/repair/additions")
@requires(Permission.REQUEST_ADDITION)
def find(no: str) -> ResponseReturnValue:
    """The team leader or the advisor has found something on a car in work."""
    order = _get_order(no)
    form = FindingForm()
    shown.offer(form, order)

    def act(at: datetime) -> None:
        _request(queries.get_job_of(order, form.job.data), form, at)

    if form.carry_out(lambda: phone.once("found", act)):
        _tell_sent()
        return redirect(url_for("repair.show", no=no, _anchor="additions"))
    return shown.page(_get_order(no), form)


def _request(job: Job, form: FoundForm, at: datetime) -> None:
    operation_id = form.operation.data
    additions.request_addition(
        job,
        form.finding.data or "",
        Urgency(form.urgency.data),
        photo=picture(form.photo),
        operation=catalogue.get_operation(operation_id) if operation_id else None,
        by=me(),
        at=at,
    )


def _tell_sent() -> None:
    flash(gettext("Sent to the advisor. Do not start on it before the customer agrees."))


@bp.post("/orders/<no>/repair/additions/<int:addition_id>/price")
@requires(Permission.QUOTE)
def price_addition(no: str, addition_id: int) -> ResponseReturnValue:
    """Price a request from the catalogue; the customer's answer is taken on the quotation."""
    form = PriceForm()
    shown.offer(form, _get_order(no))

    def act() -> None:
        addition = additions.get_addition(_get_order(no), addition_id)
        operation = catalogue.get_operation(form.operations.data)
        despite = form.despite.data or ""
        additions.price(addition, [operation], by=me(), at=clock.now(), despite=despite)

    if form.carry_out(act):
        flash(gettext("Offered. Ask the customer now: price and time."))
        return redirect(url_for("quotation.show", no=no))
    return shown.page(_get_order(no), form, addition_id=addition_id)


@bp.post("/orders/<no>/repair/additions/<int:addition_id>/dismiss")
@requires(Permission.QUOTE)
def dismiss_addition(no: str, addition_id: int) -> ResponseReturnValue:
    """Do not offer a request, and say why."""
    form = DismissForm()

    def act() -> None:
        addition = additions.get_addition(_get_order(no), addition_id)
        additions.dismiss(addition, form.reason.data, by=me(), at=clock.now())

    if form.carry_out(act):
        return redirect(url_for("repair.show", no=no, _anchor="additions"))
    return shown.page(_get_order(no), form, addition_id=addition_id)


def _get_order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)
