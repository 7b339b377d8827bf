"""What an order still needs before the car is handed over and let out."""

from __future__ import annotations

from workshop.errors import N_, Missing
from workshop.orders import ticks
from workshop.orders.flow import Action, Stage, Step, permits
from workshop.orders.models import RepairOrder
from workshop.orders.ticks import Tick
from workshop.steps.handover import queries
from workshop.steps.lounge import queries as lounge
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import queries as repair
from workshop.steps.repair.concerns import gates as concern_gates
from workshop.steps.repair.inspecting import gates as inspecting
from workshop.steps.settlement import queries as settlement


def missing_to_deliver(order: RepairOrder) -> list[Missing]:
    """What the order still needs before the car may be handed over (domain.md step 9 rules)."""
    if order.stage is Stage.DECLINED:
        return [Missing(N_("The car is not released without a bill yet."), "released")]
    return [
        *missing_to_leave(order),
        *inspecting.missing_of_reds(order),
        *_missing_record(order),
        *concern_gates.missing(order),
    ]


def missing_to_leave(order: RepairOrder) -> list[Missing]:
    """Why the car may not leave at all: stage, final check, money, wash."""
    missing = []
    # What a car on its way here still needs is said by the bill and the wash.
    is_near = permits(order.stage, Action.PREPARE_HANDOVER)
    if not is_near:
        missing.append(Missing(N_("The order is “%(stage)s”."), "stage", {"stage": order.stage}))
    missing += repair_gates.missing_to_settle(order)
    if queries.has_bill(order) and not settlement.is_settled(order):
        missing.append(Missing(N_("The bill is not paid, and no credit is approved."), "payment"))
    if order.ready_at is None and is_near:
        missing.append(Missing(N_("The car still waits for its wash."), "wash"))
    return missing


def missing_to_pass_gate(order: RepairOrder) -> list[Missing]:
    """What a car without a gate pass still needs at the gate, in words without sums."""
    if order.stage is Stage.CANCELLED:
        return []
    return missing_to_leave(order) or [
        Missing(N_("The car is not handed over yet."), "handed_over")
    ]


def _missing_record(order: RepairOrder) -> list[Missing]:
    record = queries.find_handover(order)
    missing = []
    if record is None or record.walked_at is None:
        missing.append(Missing(N_("The second walk-round is not done."), "walkround"))
    checks = queries.list_checks(order)
    missing += [
        Missing(N_("Still to be ticked: %(point)s."), f"item_{item.code}", {"point": item})
        for item in queries.list_items(order)
        if item.code not in checks
    ]
    if repair.has_work(order) and (record is None or record.next_told_at is None):
        missing.append(Missing(N_("The next service is not told."), "next_service"))
    if record is None or record.collector_at is None:
        missing.append(Missing(N_("It is not recorded who collects the car."), "collector"))
    if record is None or record.followup_asked_at is None:
        missing.append(Missing(N_("The follow-up wish is not asked."), "followup"))
    return missing + _missing_loaner(order)


def _missing_loaner(order: RepairOrder) -> list[Missing]:
    departure = lounge.find_departure(order)
    if departure is None or not departure.loaner_plate or departure.loaner_returned_at is not None:
        return []
    words = N_("The courtesy car %(plate)s is not back.")
    return [Missing(words, "loaner", {"plate": departure.loaner_plate})]


def missing(order: RepairOrder) -> list[Missing]:
    """What the step still needs; nothing before it begins and once the car is handed over."""
    if order.stage.step is not Step.HANDOVER:
        return []
    return missing_to_deliver(order)


def tick(order: RepairOrder) -> Tick:
    """How far the step is: done when the car is in its driver's hands."""
    return ticks.OPEN if order.delivered_at is None else ticks.DONE
