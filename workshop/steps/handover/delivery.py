"""The delivery itself and the gate: what is written when the customer drives off."""

from __future__ import annotations

from datetime import datetime

from workshop import db
from workshop.customers import rules as customer_rules
from workshop.customers import service as customers
from workshop.db import session
from workshop.errors import N_, Invalid, Missing, NotFound, RuleBroken
from workshop.orders import guarantees
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import AttachmentKind, JobState, RepairOrder
from workshop.orders.signed import names as signed
from workshop.shop import calendar, numbers
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.handover import gates, queries, service
from workshop.steps.handover.models import GatePass, Handover
from workshop.steps.parts import queries as parts
from workshop.steps.quotation import queries as quotation
from workshop.steps.reception import queries as reception

PREFIX = "GP"


def deliver(
    order: RepairOrder, *, signer_name: str, signature: bytes | None = None, by: User, at: datetime
) -> GatePass:
    """Hand the car over: guarantees begin, the next service is noted, the gate pass is issued.

    Raises RuleBroken while something is missing, Invalid without the name of who signed.
    """
    service.require_deliverable(order, by)
    if not signer_name.strip():
        raise Invalid(N_("Whoever takes the car signs with their name."), field="signature_typed")
    record = queries.find_handover(order)
    assert record is not None  # The gate has asked for it.
    if signature is not None:
        kept = orders.add_attachment(order, signature, AttachmentKind.SIGNATURE, at=at, by=by)
        record.signature_id = kept.id
    record.signer_name = signer_name.strip()
    record.delivered_at, record.delivered_by_id = at, by.id
    _note_next_service(order, record, by, at)
    _begin_guarantees(order, record, at)
    _give_back(order, at)
    order.delivered_at = at
    signed.keep(order, at)
    order.move_to(Stage.DELIVERED, by, at)
    audit.write(by, "handover.deliver", record, at)
    return _issue_pass(order, by, at)


def _note_next_service(order: RepairOrder, record: Handover, by: User, at: datetime) -> None:
    vehicle = order.vehicle
    if record.mileage_km is not None:
        customers.record_mileage(vehicle, record.mileage_km, by=by, at=at, order_id=order.id)
    if record.next_due_on is not None:
        vehicle.next_due_on, vehicle.next_due_km = record.next_due_on, record.next_due_km


def _begin_guarantees(order: RepairOrder, record: Handover, at: datetime) -> None:
    """Each operation that was carried out has its own guarantee from today (R1–R5)."""
    start_km = queries.mileage_out(order, record)
    starts_on = calendar.local_day(order.branch, at)
    for line in quotation.list_authorised_lines(order):
        job = parts.job_of(line)
        is_done = job is None or job.state is JobState.DONE
        if line.guarantee is not None and is_done:
            guarantees.add(order, line.title_zh, line.guarantee, starts_on, start_km)


def _give_back(order: RepairOrder, at: datetime) -> None:
    for valuable in reception.list_valuables(order):
        if valuable.kept_by_us and valuable.returned_at is None:
            valuable.returned_at = at
    for deferred in queries.list_deferred(order):
        deferred.told_at = at


def _issue_pass(order: RepairOrder, by: User, at: datetime) -> GatePass:
    gate_pass = GatePass(
        branch_id=order.branch_id,
        no=numbers.next_number(order.branch_id, PREFIX, calendar.local_day(order.branch, at)),
        order_id=order.id,
        issued_at=at,
        issued_by_id=by.id,
    )
    session.add(gate_pass)
    session.flush()
    audit.write(by, "handover.gate_pass", gate_pass, at, no=gate_pass.no)
    return gate_pass


def find_at_gate(branch: Branch, wanted: str) -> RepairOrder:
    """The newest order of a plate, or the one of a gate pass; raises NotFound."""
    text = wanted.strip().upper()
    order = queries.find_order_of_pass(branch, text) or queries.find_order_of_plate(
        branch, customer_rules.normalise_plate(text)
    )
    if order is None:
        raise NotFound(N_("No car or gate pass “%(wanted)s” is known here."), wanted=wanted.strip())
    return order


def let_out(order: RepairOrder, *, by: User, at: datetime) -> GatePass:
    """Stamp the gate pass: the car has left the premises.

    Raises RuleBroken without a pass, naming why there is none, and for a pass used before.
    """
    staff.require_permission(by, Permission.CHECK_GATE)
    gate_pass = queries.find_gate_pass(order)
    if gate_pass is None:
        words = N_("This car may not leave: it has no gate pass.")
        why = [Missing(words, "no_gate_pass"), *gates.missing_to_pass_gate(order)]
        raise RuleBroken(words, code="no_gate_pass", missing=why)
    # Of two guards with one car, the second reads what the first has written.
    db.lock("gate_pass", gate_pass.id)
    session.flush()
    session.refresh(gate_pass)
    if gate_pass.left_at is not None:
        raise RuleBroken(
            N_("Gate pass %(no)s was used already at %(left_at)s."),
            code="pass_used",
            no=gate_pass.no,
            left_at=gate_pass.left_at,
        )
    gate_pass.left_at, gate_pass.left_by_id = at, by.id
    audit.write(by, "handover.let_out", gate_pass, at, no=gate_pass.no)
    return gate_pass
