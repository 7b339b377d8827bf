"""An order's page in scheduling: its jobs, its promise, its folders, the proposals it got."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms, queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.dispatch import plan_page, proposals
from workshop.steps.scheduling.folder import pdf
from workshop.steps.scheduling.folder import service as folders
from workshop.steps.scheduling.models import ProposalState


@bp.get("/orders/<no>/scheduling")
@requires(Permission.VIEW_ORDERS, Permission.SCHEDULE)
def show(no: str) -> ResponseReturnValue:
    """The order's jobs with their times, alarms and folders, and its promise.

    An address may fill in the new promise that a plan calls for (?promise=…&reason=…&back=…).
    """
    order = orders.get_order(no, me().branch_id)
    wanted = request.args.get("promise")
    if not wanted:
        return plan_page.show(order)
    form = plan_page.promise_form(forms.parse_time(wanted))
    form.reason.data = request.args.get("reason", "")
    return plan_page.show(order, form=form, is_asked=True)


@bp.post("/orders/<no>/scheduling/promise")
@requires(Permission.CHANGE_TIME)
def change_promise(no: str) -> ResponseReturnValue:
    """Revise the promise: with a reason, and the customer told."""
    order = orders.get_order(no, me().branch_id)
    form = forms.PromiseForm()
    if form.carry_out(
        lambda: orders.change_promise(
            order,
            form.promised_at,
            reason=form.reason.data or "",
            told_how=form.told_how.data or "",
            by=me(),
            at=clock.now(),
        )
    ):
        flash(gettext("The promised time is changed."), "good")
        back = request.form.get("back")
        return redirect(web.own_path(back) if back else url_for("scheduling.show", no=no))
    return plan_page.show(orders.get_order(no, me().branch_id), form.status, form=form)


@bp.post("/orders/<no>/scheduling/jobs/<int:job_id>/folder")
@requires(Permission.SCHEDULE, Permission.WORK)
def advance_folder(no: str, job_id: int) -> ResponseReturnValue:
    """The job folder takes its next step (rack, take, return), and whoever took it stays there."""
    job = queries.get_job(orders.get_order(no, me().branch_id), job_id)
    folder = folders.advance(job, request.form.get("step", ""), by=me(), at=clock.now())
    label = folder.state.label
    db.commit()
    flash(gettext(label), "good")
    return redirect(web.own_path(request.form.get("back") or url_for("scheduling.show", no=no)))


@bp.get("/orders/<no>/scheduling/jobcard.pdf")
@requires(Permission.VIEW_ORDERS, Permission.SCHEDULE, Permission.WORK)
def job_card(no: str) -> ResponseReturnValue:
    """The job card for the folder, as PDF."""
    order = orders.get_order(no, me().branch_id)
    address = web.full_address("scheduling.show", no=no)
    return web.paper(pdf.job_card(order, address, at=clock.now()), f"{order.no}-jobcard")


@bp.post("/orders/<no>/scheduling/proposals/<int:proposal_id>/confirm")
@requires(Permission.CHANGE_TIME)
def confirm(no: str, proposal_id: int) -> ResponseReturnValue:
    """The advisor takes the proposed time."""
    proposal = queries.get_proposal(orders.get_order(no, me().branch_id), proposal_id)
    form, now = forms.ConsentFields(), clock.now()
    if form.carry_out(
        lambda: proposals.confirm(proposal, consent=form.consent(now), by=me(), at=now)
    ):
        flash(gettext("The proposed time is confirmed."), "good")
        return redirect(url_for("scheduling.show", no=no))
    return _answer_page(no, proposal_id, consent_form=form)


@bp.post("/orders/<no>/scheduling/proposals/<int:proposal_id>/refuse")
@requires(Permission.CHANGE_TIME)
def refuse(no: str, proposal_id: int) -> ResponseReturnValue:
    """The advisor leaves the time as it is, and says why."""
    proposal = queries.get_proposal(orders.get_order(no, me().branch_id), proposal_id)
    form = forms.RefuseForm()
    if form.carry_out(
        lambda: proposals.refuse(proposal, form.answer.data or "", by=me(), at=clock.now())
    ):
        flash(gettext("The proposal is refused."), "good")
        return redirect(url_for("scheduling.show", no=no))
    return _answer_page(no, proposal_id, refuse_form=form)


def _answer_page(no: str, proposal_id: int, **answer: web.Form) -> ResponseReturnValue:
    """The page with the refused answer to a proposal; one that is no longer there says why."""
    order = orders.get_order(no, me().branch_id)
    (form,) = answer.values()
    is_open = queries.get_proposal(order, proposal_id).state is ProposalState.OPEN
    if form.refusal is not None and not is_open:
        raise form.refusal
    return plan_page.show(order, form.status, answered=proposal_id, **answer)
