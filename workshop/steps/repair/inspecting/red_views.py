"""A finding of an inspection is asked for, and a red line ends: put off, or declined and signed."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.errors import N_, RuleBroken
from workshop.inspections import ending
from workshop.inspections import queries as inspections
from workshop.inspections.models import InspectionAnswer
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair import queries as repair
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.inspecting import asking, desk_page
from workshop.steps.repair.inspecting.forms import DeclineForm, DeferForm

_ANSWER = "/orders/<no>/repair/findings/<int:answer_id>"


@bp.post(f"{_ANSWER}/ask")
@requires(Permission.REQUEST_ADDITION)
def ask_finding(no: str, answer_id: int) -> ResponseReturnValue:
    """Price what the line recommends and ask the customer; begins on the repair page."""
    order, answer = _answer(no, answer_id)
    jobs = repair.list_jobs(order)
    if not jobs:
        # Until it is signed the page offers to put it into the quotation.
        raise RuleBroken(N_("There is no work on this car yet."), code="no_job")
    asking.ask(answer, jobs[0], by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("repair.show", no=no, _anchor="additions"))


@bp.post(f"{_ANSWER}/defer")
@requires(Permission.QUOTE)
def defer_red(no: str, answer_id: int) -> ResponseReturnValue:
    """Put a red line off to a day or a mileage."""
    form, (order, answer) = DeferForm.posted(), _answer(no, answer_id)
    today = calendar.local_day(order.branch, clock.now())

    def act() -> None:
        due_on, due_km, reason = form.due_on.data, form.due_km.data, form.reason.data or ""
        ending.defer(
            answer,
            due_on=due_on,
            due_km=due_km,
            reason=reason,
            today=today,
            by=me(),
            at=clock.now(),
        )

    return _do(form, order, answer, act)


@bp.post(f"{_ANSWER}/decline")
@requires(Permission.QUOTE)
def decline_red(no: str, answer_id: int) -> ResponseReturnValue:
    """The customer was warned, declines and signs."""
    form, (order, answer) = DeclineForm.posted(), _answer(no, answer_id)

    def act() -> None:
        ending.decline(
            answer,
            signer_name=form.signature_typed.data or "",
            signature=web.signature_png(form.signature.data),
            reason=form.reason.data or "",
            by=me(),
            at=clock.now(),
        )

    return _do(form, order, answer, act)


@bp.post(f"{_ANSWER}/reopen")
@requires(Permission.QUOTE)
def reopen_red(no: str, answer_id: int) -> ResponseReturnValue:
    """It was not so: the line is open again."""
    order, answer = _answer(no, answer_id)
    ending.take_back(answer, by=me(), at=clock.now())
    db.commit()
    return redirect(_to(order, answer))


def _do(
    form: web.Form, order: RepairOrder, answer: InspectionAnswer, act: Callable[[], None]
) -> ResponseReturnValue:
    if form.carry_out(act):
        flash(gettext("Saved."), "good")
        return redirect(_to(order, answer))
    list_id = answer.inspection.checklist_id
    return desk_page.page(orders.get_order(order.no, me().branch_id), list_id, form)


def _to(order: RepairOrder, answer: InspectionAnswer) -> str:
    return url_for(
        "repair.inspections_of",
        no=order.no,
        list=answer.inspection.checklist_id,
        _anchor=f"line-{answer.item_id}",
    )


def _answer(no: str, answer_id: int) -> tuple[RepairOrder, InspectionAnswer]:
    order = orders.get_order(no, me().branch_id)
    return order, inspections.get_answer(order, answer_id)
