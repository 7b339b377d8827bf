"""Who takes the car, and why another person than the customer may take it."""

from __future__ import annotations

from datetime import datetime

from workshop.customers import rules as customer_rules
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.handover import service, snapshots
from workshop.steps.handover.rules import Collector, Proof
from workshop.steps.lounge import queries as lounge
from workshop.web import versions


def record_collector(
    order: RepairOrder,
    collector: Collector | None,
    *,
    name: str = "",
    phone: str = "",
    proof: Proof | None = None,
    code: str = "",
    note: str = "",
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Who takes the car. Another person shows the pick-up code, or the customer confirms it.

    Raises Invalid for a missing value, RuleBroken for a wrong code (domain.md step 9 rules),
    Conflict for a stale page.
    """
    service.begin_record(order, by)
    if collector is None:
        raise Invalid(N_("Say who collects the car."), field="collector")
    record = service.record_of(order)
    if collector is Collector.OTHER:
        _check_other(order, name, phone, proof, code, note)
    person, number = _person(order, collector, name, phone)
    shown = proof if collector is Collector.OTHER else None
    yours = snapshots.collector(collector, person, number, shown)
    versions.refuse_stale(seen, snapshots.collector_now(record), yours)
    record.collector, record.proof = collector, shown
    record.collector_name, record.collector_phone = person, number
    record.proof_note = note.strip() if record.proof is Proof.OWNER_CONFIRMED else ""
    record.collector_at = at
    audit.write(by, "handover.collector", record, at, collector=collector.value)


def _check_other(
    order: RepairOrder, name: str, phone: str, proof: Proof | None, code: str, note: str
) -> None:
    if not name.strip():
        raise Invalid(N_("Write down the name of who collects the car."), field="name")
    if phone.strip():
        customer_rules.normalise_phone(phone, field="phone")
    if proof is None:
        raise Invalid(
            N_("Another person needs the pick-up code, or the customer's confirmation."),
            field="proof",
        )
    if proof is Proof.CODE:
        _check_code(order, code)
    elif not note.strip():
        raise Invalid(N_("Write down how and when the customer confirmed it."), field="note")


def _check_code(order: RepairOrder, code: str) -> None:
    departure = lounge.find_departure(order)
    if departure is None:
        raise RuleBroken(
            N_("This order has no departure sheet, so it has no pick-up code."),
            field="code",
            code="no_code",
        )
    if code.strip() != departure.pick_up_code:
        raise RuleBroken(N_("This is not the pick-up code."), field="code", code="wrong_code")


def _person(order: RepairOrder, collector: Collector, name: str, phone: str) -> tuple[str, str]:
    if collector is Collector.OWNER:
        return order.customer.name, order.customer.phone
    if collector is Collector.BRINGER:
        return order.bringer_name, order.bringer_phone
    return name.strip(), customer_rules.normalise_phone(phone) if phone.strip() else ""
