"""The desk's side of the step: what waits for a check, the whole record, the checks' forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair import overview, queries, work
from workshop.steps.repair import page as shown
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.forms import (
    PauseForm,
    SendBackForm,
)
from workshop.steps.repair.quality import pdf, rework
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.quality.forms import CheckForm, FinalCheckForm, QualityCheckForm
from workshop.steps.repair.rules import Point


@bp.get("/repair")
@requires(Permission.INSPECT, Permission.FINAL_CHECK)
def index() -> ResponseReturnValue:
    """What waits on the floor: checks (mine first), additional work, running clocks, rework."""
    branch_id, at = me().branch_id, clock.now()
    return web.page(
        "repair/index.html",
        quality=overview.list_waiting_for_quality(branch_id),
        final=overview.list_waiting_for_final(branch_id, me()),
        additions=overview.list_open_additions(branch_id),
        finished=overview.list_with_nothing_left(branch_id),
        running=overview.list_running(branch_id, at),
        paused=overview.list_paused(branch_id),
        rework=overview.list_rework(branch_id),
        by_hand=len(Point),
    )


@bp.get("/orders/<no>/repair")
@requires(Permission.VIEW_ORDERS)
def show(no: str) -> ResponseReturnValue:
    """The whole record of the work on one order, with the check that is due."""
    return shown.page(_get_order(no))


@bp.post("/orders/<no>/repair/quality-check")
@requires(Permission.INSPECT)
def quality_check(no: str) -> ResponseReturnValue:
    """Record the quality check; a failed one sends the car back."""
    form = _check_form(QualityCheckForm, no)
    return _check(
        no,
        form,
        lambda order, at: quality.quality_check(
            order,
            form.answers(),
            drive=form.drive(),
            **form.said(),
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/repair/final-check")
@requires(Permission.FINAL_CHECK)
def final_check(no: str) -> ResponseReturnValue:
    """Record the advisor's final check."""
    form = _check_form(FinalCheckForm, no)
    return _check(
        no,
        form,
        lambda order, at: quality.final_check(
            order,
            form.answers(),
            wash=form.wash.data,
            **form.said(),
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/repair/send-back")
@requires(Permission.FINAL_CHECK)
def send_back(no: str) -> ResponseReturnValue:
    """A fault on a car that was ready: internal rework, then all checks again."""
    form = SendBackForm()
    return _check(
        no,
        form,
        lambda order, at: rework.send_back(order, form.described(), by=me(), at=at),
    )


@bp.post("/orders/<no>/repair/send-to-check")
@requires(Permission.REQUEST_ADDITION)
def send_to_check(no: str) -> ResponseReturnValue:
    """Nothing is left to do: on to the quality check."""
    order = _get_order(no)
    work.send_to_check(order, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("repair.show", no=no))


@bp.post("/orders/<no>/repair/jobs/<int:job_id>/pause")
@requires(Permission.SCHEDULE)
def stop_clock(no: str, job_id: int) -> ResponseReturnValue:
    """The job controller stops a clock that somebody forgot."""
    form = PauseForm()
    return _check(
        no,
        form,
        lambda order, at: work.pause(
            queries.get_job(job_id, order.branch_id), form.chosen(), me(), at
        ),
    )


@bp.get("/orders/<no>/repair/inspection.pdf")
@requires(Permission.VIEW_ORDERS)
def inspection_pdf(no: str) -> ResponseReturnValue:
    """The inspection record on paper."""
    url = web.full_address("desk.order", no=no)
    return web.paper(pdf.inspection_record(_get_order(no), url), f"{no}-inspection")


@bp.get("/orders/<no>/repair/certificate.pdf")
@requires(Permission.VIEW_ORDERS)
def certificate_pdf(no: str) -> ResponseReturnValue:
    """The completion certificate, where the guarantee class asks for one."""
    order = _get_order(no)
    url = web.full_address("desk.order", no=no)
    return web.paper(pdf.certificate(order, url), f"{no}-certificate")


def _check_form(kind: type[CheckForm], no: str) -> Any:
    jobs = queries.list_jobs(_get_order(no))
    return kind.asking(jobs, posted=request.form.get("seen", ""), at=clock.now())()


def _get_order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)


def _check(
    no: str, form: Any, do: Callable[[RepairOrder, datetime], object]
) -> ResponseReturnValue:
    """Apply a form to the order; a refused one comes back on the record page, as it was typed."""
    order = _get_order(no)
    shown.offer(form, order)
    if form.carry_out(lambda: do(order, clock.now())):
        return redirect(url_for("repair.show", no=no))
    return shown.page(_get_order(no), form)
