"""What the handover has so far, what belongs to it, and which cars wait for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from workshop.catalogue import queries as catalogue
from workshop.catalogue.checklists import queries as checklists
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import Use
from workshop.catalogue.models import Package
from workshop.customers import mileage
from workshop.customers import rules as customer_rules
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound
from workshop.orders import history
from workshop.orders.models import DeferredWork, RepairOrder
from workshop.search import queries as search
from workshop.search.models import Kind
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.handover import rules
from workshop.steps.handover.models import (
    GatePass,
    Handover,
    HandoverCheck,
    ReadyNotice,
    Wash,
)
from workshop.steps.handover.rules import NextDue
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import LineKind
from workshop.steps.reception import queries as reception
from workshop.steps.repair import queries as repair
from workshop.steps.settlement import queries as settlement


def find_handover(order: RepairOrder) -> Handover | None:
    """The delivery record of the order, if it has begun."""
    return session.scalars(select(Handover).where(Handover.order_id == order.id)).one_or_none()


def mileage_out(order: RepairOrder, record: Handover | None) -> int:
    """What the odometer shows when the car leaves, as far as it is known: guarantees start here."""
    told = record.mileage_km if record else None
    return told or order.mileage_km or order.vehicle.mileage_km or 0


def list_checks(order: RepairOrder) -> dict[str, HandoverCheck]:
    """The ticks that stand, by line of the checklist."""
    query = select(HandoverCheck).where(
        HandoverCheck.order_id == order.id, HandoverCheck.taken_back_at.is_(None)
    )
    return {check.item: check for check in session.scalars(query)}


def list_notices(order: RepairOrder) -> list[ReadyNotice]:
    """When the customer was told that the car is ready, the last first."""
    query = select(ReadyNotice).where(ReadyNotice.order_id == order.id)
    return list(session.scalars(query.order_by(ReadyNotice.id.desc())))


def find_wash(order: RepairOrder) -> Wash | None:
    """The last finished wash of the order."""
    query = select(Wash).where(Wash.order_id == order.id).order_by(Wash.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def find_gate_pass(order: RepairOrder) -> GatePass | None:
    """The gate pass of the order."""
    return session.scalars(select(GatePass).where(GatePass.order_id == order.id)).one_or_none()


def get_gate_pass(order: RepairOrder) -> GatePass:
    """The gate pass of the order; raises NotFound."""
    gate_pass = find_gate_pass(order)
    if gate_pass is None:
        raise NotFound(N_("This car has no gate pass."))
    return gate_pass


def find_order_of_pass(branch: Branch, no: str) -> RepairOrder | None:
    """The order to which a gate pass of the branch belongs."""
    query = select(GatePass).where(GatePass.branch_id == branch.id, GatePass.no == no)
    gate_pass = session.scalars(query).one_or_none()
    return gate_pass.order if gate_pass else None


def find_order_of_plate(branch: Branch, plate: str) -> RepairOrder | None:
    """The newest order of the branch for the car with this plate; cancelled ones too.

    A car without a plate is found by its VIN, or by the end of it as the screen calls it.
    """
    if not plate:
        return None
    query = (
        select(RepairOrder)
        .join(Vehicle, Vehicle.id == RepairOrder.vehicle_id)
        .where(RepairOrder.branch_id == branch.id, _is_called(plate))
        .order_by(RepairOrder.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def _is_called(code: str) -> sa.ColumnElement[bool]:
    tail = code.removeprefix("VIN").removeprefix("…")
    if len(tail) < customer_rules.TOLD_OF_VIN:
        return Vehicle.plate == code
    return sa.or_(
        Vehicle.plate == code,
        sa.and_(
            Vehicle.plate.is_(None),
            Vehicle.id.in_(search.ending(Kind.VIN, Vehicle.vin, Vehicle.id, tail)),
        ),
    )


def has_bill(order: RepairOrder) -> bool:
    """Whether anything is to be billed: work, or after a declined quotation the diagnosis."""
    return quotation.has_bill(order)


def list_deferred(order: RepairOrder) -> list[DeferredWork]:
    """The car's open deferred work, urgent for safety first."""
    return history.list_deferred(order.vehicle)


def list_safety_notices(order: RepairOrder) -> list[DeferredWork]:
    """Deferred work that is urgent for safety: the customer signs that they were told."""
    return [each for each in list_deferred(order) if each.urgency.is_red]


def list_items(order: RepairOrder) -> list[ChecklistItem]:
    """The lines of the checklist that apply to the order: once ticked, as they were ticked.

    After the handover these are the lines that were asked then, whatever the list has become.
    """
    if order.delivered_at is not None:
        ticked = [each.asked for each in list_checks(order).values() if each.asked is not None]
        return sorted(ticked, key=lambda item: (item.position, item.id))
    facts = rules.Facts(**{name: find(order) for name, find in _FACTS.items()})
    items = {each.code: each for each in checklists.list_items(Use.HANDOVER)}
    for code, each in list_checks(order).items():
        if code in items and each.asked is not None:
            items[code] = each.asked
    return [items[code] for code in rules.codes_for(facts, items)]


def is_asked(order: RepairOrder, item: ChecklistItem) -> bool:
    """Whether this line of the checklist applies to the order."""
    name = rules.FACT_OF.get(item.code)
    return name is None or _FACTS[name](order)


def get_item(code: str) -> ChecklistItem:
    """The line of the checklist of this code; raises Invalid for what is not on it."""
    found = checklists.find_item(Use.HANDOVER, code)
    if found is None:
        raise Invalid(N_("There is no such line on the checklist."), field="item")
    return found


def _has_papers(order: RepairOrder) -> bool:
    walkaround = reception.find_walkaround(order)
    return walkaround is not None and bool(walkaround.papers)


def _has_valuables(order: RepairOrder) -> bool:
    return any(each.kept_by_us for each in reception.list_valuables(order))


def has_parts(order: RepairOrder) -> bool:
    """Whether parts went into the car, so that there are old ones."""
    bill = settlement.find_live(order)
    if bill is None:
        return bool(quotation.list_part_lines(order))
    return any(line.kind is LineKind.PART for line in settlement.list_lines(bill))


_FACTS: dict[str, Callable[[RepairOrder], bool]] = {
    "has_work": repair.has_work,
    "has_bill": has_bill,
    "has_parts": has_parts,
    "has_deferred": lambda order: bool(list_deferred(order)),
    "has_papers": _has_papers,
    "has_valuables": _has_valuables,
}


def find_serviced(order: RepairOrder) -> Package | None:
    """The service package that was authorised whole and is due again the soonest."""
    done = {line.operation_id for line in quotation.list_authorised_lines(order)}
    whole = [
        each for each in _list_due(order) if {item.operation_id for item in each.items} <= done
    ]
    return min(whole, key=_interval_km, default=None)


def suggest_next_due(order: RepairOrder, on: date, km: int) -> NextDue | None:
    """When the next service is due after one on a day at a mileage.

    What the car has ahead of it stays when no service was done now. Without anything known it is
    the shop's soonest package; None when the shop has none.
    """
    package = find_serviced(order)
    known_on, known_km = order.vehicle.next_due_on, order.vehicle.next_due_km
    if package is None and known_on and known_km and known_on > on and known_km > km:
        return NextDue(known_on, known_km)
    package = package or min(_list_due(order), key=_interval_km, default=None)
    if package is None:
        return None
    km_a_day = rules.average_km_a_day(_readings(order))
    return rules.next_due(on, km, _interval_km(package), package.interval_months or 12, km_a_day)


def _list_due(order: RepairOrder) -> list[Package]:
    """The packages that are work for the car and due again by kilometres and months."""
    energy = order.vehicle.energy.value
    packages = [each for each in catalogue.list_packages() if each.items and each.suits(energy)]
    return [each for each in packages if each.interval_km and each.interval_months]


def _interval_km(package: Package) -> int:
    return package.interval_km or 0


def _readings(order: RepairOrder) -> list[tuple[date, int]]:
    readings = mileage.list_readings(order.vehicle)
    # What was read before an odometer was replaced belongs to another one.
    start = max((place for place, each in enumerate(readings) if each.replaced), default=0)
    return [(calendar.local_day(order.branch, each.at), each.km) for each in readings[start:]]
