"""What somebody of the running demo does with an order, by the stage in which it waits."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

from workshop import steps
from workshop.demo import story
from workshop.demo.repairing import final_answers, quality_answers
from workshop.demo.timeline import Enough, Plan
from workshop.demo.visit import Visit
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.steps.handover import service as handover
from workshop.steps.parts import picking
from workshop.steps.parts import queries as parts_queries
from workshop.steps.parts import service as parts
from workshop.steps.parts.models import PickList
from workshop.steps.parts.rules import BEFORE_ISSUE
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Drive
from workshop.steps.scheduling import queries as scheduling_queries
from workshop.steps.settlement import queries as settlement_queries

Deed = Callable[[Visit, RepairOrder, datetime], None]

# Who the stage waits for acts after so many shop minutes.
DEEDS: dict[Stage, tuple[int, Deed]] = {}

# Parts are picked so long before the work begins, and missing ones come so long after.
_PICKED_BEFORE = timedelta(minutes=40)
_DELIVERED_AFTER = timedelta(minutes=90)


def _waits(stage: Stage, minutes: int) -> Callable[[Deed], Deed]:
    """Say that this is done so long after an order came into the stage."""

    def note(deed: Deed) -> Deed:
        DEEDS[stage] = minutes, deed
        return deed

    return note


def list_stages() -> list[Stage]:
    """The stages in which somebody of the demo acts."""
    return [stage for stage in Stage if find(stage)]


def find(stage: Stage) -> tuple[int, Deed] | None:
    """After how many shop minutes in the stage what is done; a step may bring its own deed."""
    step = stage.step
    brought = steps.faces()[step].deed if step and stage not in DEEDS else None
    if brought is None:
        return DEEDS.get(stage)
    return brought.minutes, lambda _visit, order, at: brought.act(order, at)


def plan_for(order: RepairOrder) -> Plan:
    """What the car came for, as the wish says; whatever else was written down, a small service."""
    wishes = {words: (operations, package) for words, operations, package in story.WISHES}
    operations, package = wishes.get(order.concern, ((), "PK-MINOR"))
    return Plan(
        vehicle=order.vehicle,
        arrived_at=order.arrived_at,
        concern=order.concern,
        operations=operations,
        package=story.package_for(order.vehicle, package),
        km=order.mileage_km or (order.vehicle.mileage_km or 20_000) + 900,
        stays=order.stays is not False,
        advisor=order.advisor.username,
        until=Stage.QUOTED,
    )


@_waits(Stage.RECEPTION, 12)
def _inspect(visit: Visit, order: RepairOrder, _at: datetime) -> None:
    visit.inspect(order)


@_waits(Stage.INSPECTED, 6)
def _offer(visit: Visit, order: RepairOrder, _at: datetime) -> None:
    # The customer thinks about it; that is the next deed.
    with contextlib.suppress(Enough):
        visit.quote(order)


@_waits(Stage.QUOTED, 14)
def _answer(visit: Visit, order: RepairOrder, _at: datetime) -> None:
    offered = quotation_queries.find_current(order)
    if offered is None:
        raise Enough
    visit.answer(order, offered)
    visit.care(order)


@_waits(Stage.AUTHORISED, 5)
@_waits(Stage.REWORK, 4)
def _schedule(visit: Visit, order: RepairOrder, _at: datetime) -> None:
    if not scheduling_queries.list_unplanned(order):
        raise Enough
    visit.schedule(order)


@_waits(Stage.REPAIR, 3)
@_waits(Stage.PAUSED, 3)
def _supply(visit: Visit, order: RepairOrder, at: datetime) -> None:
    """Additional work gets its time and its parts while the car stands in the workshop."""
    if scheduling_queries.list_unplanned(order):
        visit.schedule(order)
    elif parts_queries.list_unreleased(order):
        parts.release(order, by=visit.advisor, at=at)
    else:
        _fill_next(visit, order, at)


@_waits(Stage.SCHEDULED, 3)
def _prepare_parts(visit: Visit, order: RepairOrder, at: datetime) -> None:
    """Release the order in time; then fill the basket, and issue it when it is full."""
    start = scheduling_queries.planned_start(order)
    if order.released_at is None:
        if start is None or start - at > _PICKED_BEFORE:
            raise Enough
        parts.release(order, by=visit.advisor, at=at)
        return
    _fill_next(visit, order, at)


def _fill_next(visit: Visit, order: RepairOrder, at: datetime) -> None:
    lists = [each for each in parts_queries.list_pick_lists(order) if each.state in BEFORE_ISSUE]
    if not lists:
        raise Enough
    _fill(visit, order, lists[0], at)


def _fill(visit: Visit, order: RepairOrder, pick_list: PickList, at: datetime) -> None:
    clerk = visit.shop.people["parts"]
    lines = parts_queries.list_lines(pick_list)
    short = [line for line in lines if line.short_milli]
    if short:
        if at - pick_list.released_at < _DELIVERED_AFTER:
            raise Enough
        part, wanted = short[0].part, short[0].short_milli
        parts.receive_goods(visit.shop.branch, part, wanted, "福星配件仓 送货单", by=clerk, at=at)
        return
    for line in lines:
        if line.to_pick_milli:
            picking.pick(line, by=clerk, at=at)
    technician = scheduling_queries.technician_of(scheduling_queries.list_jobs(order)[0])
    if technician is None:
        raise Enough
    picking.issue(pick_list, technician, by=clerk, at=at)


@_waits(Stage.QUALITY_CHECK, 9)
def _check(visit: Visit, order: RepairOrder, at: datetime) -> None:
    km = order.mileage_km or 0
    quality.quality_check(
        order,
        quality_answers(order),
        drive=Drive(km, km + 3, "杨高中路环线"),
        by=visit.shop.people["inspector"],
        at=at,
    )


@_waits(Stage.FINAL_CHECK, 6)
def _check_finally(_visit: Visit, order: RepairOrder, at: datetime) -> None:
    quality.final_check(
        order,
        final_answers(order),
        wash=True,
        by=order.advisor,
        at=at,
    )


@_waits(Stage.WASH, 10)
def _wash(visit: Visit, order: RepairOrder, at: datetime) -> None:
    handover.finish_wash(order, by=visit.shop.people["washer"], at=at)


@_waits(Stage.SETTLEMENT, 6)
def _settle(visit: Visit, order: RepairOrder, _at: datetime) -> None:
    bill = settlement_queries.find_live(order)
    if bill is None:
        visit.settle(order)
    else:
        visit.pay(order, bill)


@_waits(Stage.READY, 12)
def _let_go(visit: Visit, order: RepairOrder, at: datetime) -> None:
    if order.settled_at is None and quotation_queries.list_authorised_lines(order):
        _settle(visit, order, at)
    else:
        visit.hand_over(order)


@_waits(Stage.SETTLED, 5)
def _leave(visit: Visit, order: RepairOrder, at: datetime) -> None:
    if order.ready_at is None:
        _wash(visit, order, at)
    else:
        visit.hand_over(order)


@_waits(Stage.DECLINED, 10)
def _release(visit: Visit, order: RepairOrder, at: datetime) -> None:
    handover.release_declined(order, by=visit.advisor, at=at)
