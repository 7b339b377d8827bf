"""The customer's concerns of an order, and how each ended."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair import queries as repair
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.concerns import page, queries
from workshop.steps.repair.concerns import service as answering
from workshop.steps.repair.concerns.forms import ConcernForm
from workshop.steps.repair.concerns.rules import Outcome


@bp.get("/orders/<no>/repair/concerns")
@requires(Permission.VIEW_ORDERS, *answering.MAY_ANSWER)
def concerns(no: str) -> ResponseReturnValue:
    """What the customer came for, one by one, and how it ended."""
    return web.page("repair/concerns.html", sheet=page.of(_order(no)))


@bp.post("/orders/<no>/repair/concerns/<int:number>")
@requires(*answering.MAY_ANSWER)
def answer_concern(no: str, number: int) -> ResponseReturnValue:
    """Say how one of them ended."""
    order, form = _order(no), ConcernForm()
    form.offer(repair.list_jobs(order))
    if form.carry_out(lambda: _answer(order, number, form)):
        flash(gettext("Saved."), "good")
        return redirect(url_for("repair.concerns", no=no))
    sheet = page.of(_order(no), {number: form})
    return web.page("repair/concerns.html", form.status, sheet=sheet)


def _answer(order: RepairOrder, number: int, form: ConcernForm) -> None:
    concern = queries.get_concern(order, number, form.words.data or "")
    job = repair.get_job_of(order, form.job.data) if form.job.data else None
    outcome, note = Outcome(form.outcome.data), form.note.data or ""
    answering.answer(order, concern, outcome, job=job, note=note, by=me(), at=clock.now())


@bp.post("/orders/<no>/repair/concerns/<int:answer_id>/reopen")
@requires(*answering.MAY_ANSWER)
def reopen_concern(no: str, answer_id: int) -> ResponseReturnValue:
    """The answer was wrong; the concern is open again."""
    order = _order(no)
    answering.take_back(queries.get_answer(order, answer_id), order, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("repair.concerns", no=no))


def _order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)
