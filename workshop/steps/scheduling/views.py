"""The job control board, and an order's page in scheduling."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.errors import WorkshopError
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import (
    board,
    calendar_views,
    details,
    folders,
    forms,
    pdf,
    place_views,
    queries,
)
from workshop.steps.scheduling.blueprint import bp

# The other pages of the step hang on the same blueprint.
__all__ = ["bp", "calendar_views", "place_views"]


@bp.get("/scheduling")
@requires(Permission.SCHEDULE)
def index() -> ResponseReturnValue:
    """The board of a day (?day=), by technician or by bay (?by=bay)."""
    at, branch = clock.now(), g.branch
    today = calendar.local_day(branch, at)
    day = forms.parse_day(request.args.get("day"), today)
    by_bay = request.args.get("by") == "bay"
    shown = board.make_board(branch, day, by_bay=by_bay, at=at)
    return web.page(
        "scheduling/index.html",
        board=shown,
        by_bay=by_bay,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        at=at,
        undo=place_views.find_undo(),
    )


@bp.get("/orders/<no>/scheduling")
@requires(Permission.VIEW_ORDERS, Permission.SCHEDULE)
def show(no: str) -> ResponseReturnValue:
    """The order's jobs with their times, alarms and folders, and its promise."""
    return show_page(orders.get_order(no, me().branch_id))


@bp.post("/orders/<no>/scheduling/promise")
@requires(Permission.CHANGE_TIME)
def change_promise(no: str) -> ResponseReturnValue:
    """Revise the promise: with a reason, and the customer told."""
    order = orders.get_order(no, me().branch_id)
    form = forms.PromiseForm()
    if form.validate_on_submit():
        try:
            orders.change_promise(
                order,
                form.promised_at,
                reason=form.reason.data or "",
                told_how=form.told_how.data or "",
                by=me(),
                at=clock.now(),
            )
            db.commit()
            flash(gettext("The promised time is changed."), "good")
            return redirect(url_for("scheduling.show", no=no))
        except WorkshopError as error:
            db.rollback()
            form.refuse(error)
    return show_page(orders.get_order(no, me().branch_id), form)


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/folder")
@requires(Permission.SCHEDULE, Permission.WORK)
def advance_folder(no: str, job_id: int) -> ResponseReturnValue:
    """The job folder takes its next step: rack, take, return."""
    job = queries.get_job(orders.get_order(no, me().branch_id), job_id)
    folder = folders.advance(job, request.form.get("step", ""), by=me(), at=clock.now())
    label = folder.state.label
    db.commit()
    flash(gettext(label), "good")
    return redirect(url_for("scheduling.show", no=no))


@bp.get("/orders/<no>/scheduling/jobcard.pdf")
@requires(Permission.VIEW_ORDERS, Permission.SCHEDULE, Permission.WORK)
def job_card(no: str) -> ResponseReturnValue:
    """The job card for the folder, as PDF."""
    order = orders.get_order(no, me().branch_id)
    address = url_for("scheduling.show", no=no, _external=True)
    data = pdf.job_card(order, address, at=clock.now())
    headers = {"Content-Disposition": f'inline; filename="{order.no}-jobcard.pdf"'}
    return Response(data, mimetype="application/pdf", headers=headers)


def show_page(order: RepairOrder, form: forms.PromiseForm | None = None) -> ResponseReturnValue:
    """The order's page; a refused promise form comes back in it."""
    at = clock.now()
    form = form or forms.PromiseForm(formdata=None)
    if form.day.data is None and order.promised_at is not None and not form.is_submitted():
        local = web.local(order.promised_at)
        form.day.data, form.time.data = local.date(), local.time().replace(tzinfo=None)
    return web.page(
        "scheduling/show.html",
        form.status,
        order=order,
        form=form,
        plan=details.make_plan(order, at=at),
        refuse_form=forms.RefuseForm(formdata=None),
        consent_form=forms.ConsentFields(formdata=None),
        at=at,
    )
