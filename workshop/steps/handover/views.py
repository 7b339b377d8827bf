"""Pages of the handover: who waits for it, and one order's checklist up to the gate pass."""

from __future__ import annotations

from collections.abc import Callable

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, money, web
from workshop.customers.models import Channel
from workshop.errors import N_, Invalid
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.handover import collecting, delivery, page, pdf, queries, service, worklist
from workshop.steps.handover.blueprint import bp
from workshop.steps.handover.forms import (
    CollectorForm,
    DeliverForm,
    DiagnosisForm,
    FollowupForm,
    NextForm,
    NoticeForm,
    WalkForm,
)
from workshop.steps.handover.rules import Collector, Proof


@bp.get("/handover")
@requires(Permission.DELIVER)
def index() -> ResponseReturnValue:
    """Cars that stand ready, those to let go without a bill, and those handed over today."""
    today = calendar.local_day(g.branch, clock.now())
    waiting = worklist.list_waiting(g.branch)
    return web.page(
        "handover/index.html",
        now_ready=[each for each in waiting if each.can_leave],
        unpaid=[each for each in waiting if not each.can_leave],
        declined=worklist.list_declined(g.branch),
        delivered=worklist.list_delivered(g.branch, today),
        at=clock.now(),
    )


@bp.get("/orders/<no>/handover")
@requires(Permission.DELIVER, Permission.VIEW_ORDERS)
def show(no: str) -> ResponseReturnValue:
    """The handover of an order."""
    return page.render(_order(no))


def _order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)


def _back(no: str, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("handover.show", no=no, _anchor=anchor))


def _send(no: str, form: web.PartForm, act: Callable[[RepairOrder], object]) -> ResponseReturnValue:
    """Do what a form asks for; a refused one comes back as it was typed."""
    order = _order(no)
    if form.carry_out(lambda: act(order)):
        return _back(no, form.key)
    return page.render(_order(no), form)


@bp.post("/orders/<no>/handover/release")
@requires(Permission.DELIVER)
def release(no: str) -> ResponseReturnValue:
    """Let a declined order's car go without a bill."""
    service.release_declined(_order(no), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("handover.show", no=no))


@bp.post("/orders/<no>/handover/diagnosis")
@requires(Permission.QUOTE)
def charge_diagnosis(no: str) -> ResponseReturnValue:
    """The customer who declined the work signs for the diagnosis; the bill comes next."""
    form = DiagnosisForm.posted()

    def act() -> None:
        service.charge_diagnosis(
            _order(no),
            money.fen_from_text(form.price.data or "", "price"),
            signer_name=form.signature_typed.data or "",
            signature=web.signature_png(form.signature.data),
            authority=form.authority.data or "",
            by=me(),
            at=clock.now(),
        )

    if form.carry_out(act):
        return redirect(url_for("settlement.show", no=no))
    return page.render(_order(no), form)


@bp.post("/orders/<no>/handover/notice")
@requires(Permission.DELIVER)
def notice(no: str) -> ResponseReturnValue:
    """The customer was told that the car is ready, or not reached."""
    form = NoticeForm.posted()
    return _send(
        no,
        form,
        lambda order: service.tell_ready(
            order,
            _need_channel(form.channel.data),
            reached=request.form.get("reached") != "no",
            note=form.note.data or "",
            by=me(),
            at=clock.now(),
        ),
    )


def _need_channel(value: str | None) -> Channel:
    channel = web.member(Channel, value)
    if channel is None:
        raise Invalid(N_("Choose how the customer was told."), field="channel")
    return channel


@bp.post("/orders/<no>/handover/tick")
@requires(Permission.DELIVER)
def tick(no: str) -> ResponseReturnValue:
    """Tick one line of the checklist."""
    item = request.form.get("item", "")
    service.tick(_order(no), item, by=me(), at=clock.now())
    db.commit()
    return _back(no, f"item-{item}")


@bp.post("/orders/<no>/handover/take-back")
@requires(Permission.DELIVER)
def take_back(no: str) -> ResponseReturnValue:
    """Take a tick back."""
    item = request.form.get("item", "")
    service.take_back(_order(no), item, by=me(), at=clock.now())
    db.commit()
    return _back(no, f"item-{item}")


@bp.post("/orders/<no>/handover/walk")
@requires(Permission.DELIVER)
def walk(no: str) -> ResponseReturnValue:
    """Record the second walk-round."""
    form = WalkForm.posted()
    return _send(
        no,
        form,
        lambda order: service.record_walkround(
            order,
            form.answer,
            form.damage_note.data or "",
            seen=form.seen.data,
            by=me(),
            at=clock.now(),
        ),
    )


@bp.post("/orders/<no>/handover/next")
@requires(Permission.DELIVER)
def next_service(no: str) -> ResponseReturnValue:
    """Record when the car is due again."""
    form = NextForm.posted()
    at = clock.now()
    return _send(
        no,
        form,
        lambda order: service.record_next_service(
            order,
            form.mileage_km.data,
            form.due_on.data,
            form.due_km.data,
            form.reminders.data or "",
            today=calendar.local_day(order.branch, at),
            seen=form.seen.data,
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/handover/collector")
@requires(Permission.DELIVER)
def collector(no: str) -> ResponseReturnValue:
    """Record who takes the car."""
    form = CollectorForm.posted()
    return _send(
        no,
        form,
        lambda order: collecting.record_collector(
            order,
            web.member(Collector, form.collector.data),
            name=form.name.data or "",
            phone=form.phone.data or "",
            proof=web.member(Proof, form.proof.data),
            code=form.code.data or "",
            note=form.note.data or "",
            seen=form.seen.data,
            by=me(),
            at=clock.now(),
        ),
    )


@bp.post("/orders/<no>/handover/followup")
@requires(Permission.DELIVER)
def followup(no: str) -> ResponseReturnValue:
    """Record when the customer wants to be asked."""
    form = FollowupForm.posted()
    return _send(
        no,
        form,
        lambda order: service.record_followup(
            order,
            form.wished_at,
            web.member(Channel, form.channel.data),
            form.refused.data or "",
            seen=form.seen.data,
            by=me(),
            at=clock.now(),
        ),
    )


@bp.post("/orders/<no>/handover/deliver")
@requires(Permission.DELIVER)
def deliver(no: str) -> ResponseReturnValue:
    """Hand the car over and issue the gate pass."""
    form = DeliverForm.posted()
    return _send(
        no,
        form,
        lambda order: delivery.deliver(
            order,
            signer_name=form.signature_typed.data or _collector_name(order),
            signature=web.signature_png(form.signature.data),
            by=me(),
            at=clock.now(),
        ),
    )


def _collector_name(order: RepairOrder) -> str:
    """Who has drawn a signature is the one that collects; without one a name must be typed."""
    record = queries.find_handover(order)
    drawn = bool(request.form.get("deliver-signature"))
    return record.collector_name if record is not None and drawn else ""


@bp.get("/orders/<no>/handover/sheet.pdf")
@requires(Permission.DELIVER, Permission.VIEW_ORDERS)
def sheet(no: str) -> ResponseReturnValue:
    """The handover sheet on paper."""
    return web.paper(pdf.handover_sheet(_order(no), order_url=_url(no)), f"{no}-handover")


@bp.get("/orders/<no>/handover/gate-pass.pdf")
@requires(Permission.DELIVER, Permission.CHECK_GATE)
def gate_pass(no: str) -> ResponseReturnValue:
    """The gate pass on paper."""
    found = queries.get_gate_pass(_order(no))
    return web.paper(pdf.gate_pass(found, order_url=_url(no)), found.no)


def _url(no: str) -> str:
    return web.full_address("desk.order", no=no)
