"""The desk's side of the step: what waits for a check, the whole record, the checks' forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from workshop import clock, db, web
from workshop.catalogue import queries as catalogue
from workshop.errors import WorkshopError
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries as quotation
from workshop.steps.repair import (
    additions,
    overview,
    pdf,
    quality,
    queries,
    rework,
    work,
)
from workshop.steps.repair.forms import (
    DismissForm,
    FinalCheckForm,
    PauseForm,
    QualityCheckForm,
    SendBackForm,
)
from workshop.steps.repair.phone_views import bp
from workshop.steps.repair.rules import Level, Point
from workshop.steps.scheduling import queries as scheduling

# The application takes the blueprint, with the pages of the phone on it, from here.
__all__ = ["bp"]


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
    return _show(_get_order(no))


@bp.post("/orders/<no>/repair/quality-check")
@requires(Permission.INSPECT)
def quality_check(no: str) -> ResponseReturnValue:
    """Record the quality check; a failed one sends the car back."""
    form = QualityCheckForm()
    return _check(
        no,
        form,
        lambda order, at: quality.quality_check(
            order,
            form.answers(),
            drive=form.drive(),
            fault=form.fault(),
            remarks=form.remarks.data or "",
            by=me(),
            at=at,
        ),
        quality_form=form,
    )


@bp.post("/orders/<no>/repair/final-check")
@requires(Permission.FINAL_CHECK)
def final_check(no: str) -> ResponseReturnValue:
    """Record the advisor's final check."""
    form = FinalCheckForm()
    return _check(
        no,
        form,
        lambda order, at: quality.final_check(
            order,
            form.answers(),
            wash=form.wash.data,
            fault=form.fault(),
            remarks=form.remarks.data or "",
            by=me(),
            at=at,
        ),
        final_form=form,
    )


@bp.post("/orders/<no>/repair/send-back")
@requires(Permission.FINAL_CHECK)
def send_back(no: str) -> ResponseReturnValue:
    """A fault on a car that was ready: internal rework, then all checks anew."""
    form = SendBackForm()
    return _check(
        no,
        form,
        lambda order, at: rework.send_back(order, form.described(), by=me(), at=at),
        back_form=form,
    )


@bp.post("/orders/<no>/repair/send-to-check")
@requires(Permission.REQUEST_ADDITION)
def send_to_check(no: str) -> ResponseReturnValue:
    """Nothing is left to do: on to the quality check."""
    order = _get_order(no)
    work.send_to_check(order, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("repair.show", no=no))


@bp.post("/orders/<no>/repair/additions/<int:addition_id>/price")
@requires(Permission.QUOTE)
def price_addition(no: str, addition_id: int) -> ResponseReturnValue:
    """Price a request from the catalogue; the customer's answer is taken on the quotation."""
    order = _get_order(no)
    chosen = request.form.getlist("operations", type=int)
    addition = additions.get_addition(order, addition_id)
    additions.price(addition, catalogue.list_operations(chosen), by=me(), at=clock.now())
    db.commit()
    flash(gettext("Offered. Ask the customer now: price and time."))
    return redirect(url_for("quotation.show", no=no))


@bp.post("/orders/<no>/repair/additions/<int:addition_id>/dismiss")
@requires(Permission.QUOTE)
def dismiss_addition(no: str, addition_id: int) -> ResponseReturnValue:
    """Do not offer a request, and say why."""
    form = DismissForm()
    return _check(
        no,
        form,
        lambda order, at: additions.dismiss(
            additions.get_addition(order, addition_id), form.reason.data, by=me(), at=at
        ),
        dismiss_form=form,
        dismiss_id=addition_id,
    )


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
    return _pdf(pdf.inspection_record(_get_order(no), url_for("desk.order", no=no, _external=True)))


@bp.get("/orders/<no>/repair/certificate.pdf")
@requires(Permission.VIEW_ORDERS)
def certificate_pdf(no: str) -> ResponseReturnValue:
    """The completion certificate, where the guarantee class asks for one."""
    order = _get_order(no)
    return _pdf(pdf.certificate(order, url_for("desk.order", no=no, _external=True)))


def _get_order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)


def _pdf(data: bytes) -> Response:
    return Response(data, mimetype="application/pdf")


def _check(
    no: str, form: Any, do: Callable[[RepairOrder, datetime], Any], **forms: Any
) -> ResponseReturnValue:
    """Apply a form to the order; a refused one comes back on the record page, as it was typed."""
    order = _get_order(no)
    if hasattr(form, "offer"):
        form.offer(queries.list_jobs(order), str(get_locale()))
    if form.validate_on_submit():
        try:
            do(order, clock.now())
            db.commit()
            return redirect(url_for("repair.show", no=no))
        except WorkshopError as error:
            db.rollback()
            form.refuse(error)
    return _show(_get_order(no), form.status, refused=form, **forms)


def _show(
    order: RepairOrder,
    status: int = 200,
    *,
    quality_form: Any = None,
    final_form: Any = None,
    back_form: Any = None,
    dismiss_form: Any = None,
    dismiss_id: int = 0,
    refused: Any = None,
) -> ResponseReturnValue:
    jobs = queries.list_jobs(order)
    locale = str(get_locale())
    forms = {
        "quality_form": quality_form or QualityCheckForm(formdata=None),
        "final_form": final_form or FinalCheckForm(formdata=None),
        "back_form": back_form or SendBackForm(formdata=None),
    }
    for form in forms.values():
        form.offer(jobs, locale)
    return web.page(
        "repair/show.html",
        status,
        order=order,
        jobs=[_job_record(job) for job in jobs],
        all_points=list(Point),
        missing=queries.missing(order),
        nothing_left=work.has_nothing_left(order),
        inspections=queries.list_inspections(order),
        additions=queries.list_additions(order),
        reworks=queries.list_reworks(order),
        alarm=rework.find_alarm(order),
        needs_road_test=queries.needs_road_test(order),
        quality_missing=quality.missing_to_check(order, Level.QUALITY_CHECK),
        quality_refusal=quality.find_refusal(order, Level.QUALITY_CHECK, me()),
        final_missing=quality.missing_to_check(order, Level.FINAL_CHECK),
        final_refusal=quality.find_refusal(order, Level.FINAL_CHECK, me()),
        operations=catalogue.search_operations("", limit=300),
        certificate_lines=pdf.list_certified(order),
        authorised=quotation.find_signed(order),
        dismiss_form=dismiss_form or DismissForm(formdata=None),
        dismiss_id=dismiss_id,
        refused=refused,
        **forms,
    )


def _job_record(job: Any) -> dict[str, Any]:
    return {
        "job": job,
        "technician": scheduling.technician_of(job),
        "sessions": queries.list_sessions(job),
        "clocked": queries.clocked_minutes(job, clock.now()),
        "points": {each.point: each for each in queries.list_points(job)},
        "self_check": queries.find_self_check(job),
        "notes": queries.list_notes(job),
        "missing": work.missing_to_start(job) if job.state.value == "waiting" else [],
    }
