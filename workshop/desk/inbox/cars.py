"""What waits about the cars in the shop, by their stages and by what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from workshop.db import session
from workshop.desk.inbox.rules import Car, Item, Kind, kind_of
from workshop.desk.rules import Facts, act_of
from workshop.errors import N_
from workshop.orders.flow import PERMITS, Action
from workshop.orders.models import RepairOrder, StageChange, Urgency
from workshop.orders.rows import Need, Phase, Step
from workshop.shop.models import Branch
from workshop.steps.handover import worklist as handovers
from workshop.steps.lounge import due_reports
from workshop.steps.parts.models import PickList
from workshop.steps.parts.rules import BEFORE_ISSUE, PickState
from workshop.steps.quotation.models import Quotation, QuotationKind, QuotationState
from workshop.steps.repair.models import AdditionalWork
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.models import ProposalState, TimeChange
from workshop.steps.scheduling.watch import service as watch
from workshop.steps.scheduling.watch.models import AlarmKind, WatchAlarm
from workshop.stock import queries as stock
from workshop.stock.models import Backorder

_WORKING = (Phase.WORK, Phase.CHECK, Phase.FINISH)


@dataclass(frozen=True)
class Cars:
    """The cars in the shop, with what their lines show."""

    branch: Branch
    at: datetime
    orders: dict[int, RepairOrder]
    shown: dict[int, Car]

    @classmethod
    def read(cls, branch: Branch, at: datetime) -> Cars:
        """All of the branch, in one question."""
        query = select(RepairOrder).where(RepairOrder.here(branch.id))
        orders = {order.id: order for order in session.scalars(query)}
        return cls(branch, at, orders, {key: show(each) for key, each in orders.items()})

    def item(
        self,
        kind: Kind,
        order_id: int,
        since: datetime | None,
        act: str,
        step: Step,
        **more: Any,
    ) -> Iterator[Item]:
        """What waits about one car; nothing of a car that has left."""
        car = self.shown.get(order_id)
        if car is not None:
            url = more.pop("url", f"/orders/{car.no}/{step.value}")
            yield Item(kind, f"R{order_id}", since, act, url, car, **more)


def show(order: RepairOrder) -> Car:
    """As much of an order as a line shows."""
    vehicle = order.vehicle
    return Car(
        plate=vehicle.plate,
        called=vehicle.called,
        title=vehicle.title,
        customer=order.customer.name,
        no=order.no,
        stage=order.stage,
        stays=order.stays,
        promised_at=order.promised_at,
        repeat_repair=order.repeat_repair,
        advisor_id=order.advisor_id if order.advisor.active else None,
    )


def list_items(cars: Cars) -> Iterator[Item]:
    """Everything that waits about the cars in the shop."""
    yield from _stages(cars)
    yield from _promises(cars)
    yield from _floor(cars)
    yield from _offers(cars)
    yield from _parts(cars)
    for due in due_reports.list_owed(cars.branch, cars.at):
        yield from cars.item(
            Kind.REPORT_DUE, due.order.id, due.due_at, N_("Report the progress"), Step.LOUNGE
        )


def _stages(cars: Cars) -> Iterator[Item]:
    """What the stage of each car asks for, since the car is in it."""
    last = (
        select(StageChange.order_id, func.max(StageChange.at))
        .where(StageChange.order_id.in_(select(RepairOrder.id).where(_here(cars))))
        .group_by(StageChange.order_id)
    )
    moved = {row[0]: row[1] for row in session.execute(last)}
    told = handovers.list_told_ids(cars.branch)
    for order in cars.orders.values():
        since = order.ready_at or moved.get(order.id, order.arrived_at)
        if order.ready_at is None and order.stage in PERMITS[Action.FINISH_WASH]:
            yield from cars.item(
                Kind.WASH, order.id, since, N_("See the wash"), Step.HANDOVER, url="/washes"
            )
        facts = Facts(
            stage=order.stage,
            promised_at=order.promised_at,
            ready_at=order.ready_at,
            is_released=order.released_at is not None,
            is_billed=order.facts.paid,
            is_told=order.id in told,
        )
        need = facts.look.need or Need.IN_WORK
        kind, act = kind_of(order.stage, need), act_of(facts, need)
        if kind is not None and act is not None:
            yield from cars.item(kind, order.id, since, *act)


def _promises(cars: Cars) -> Iterator[Item]:
    """The forecast sees the promise broken, or less than the delivery buffer (N2) is left."""
    every = watch.list_open(cars.branch)
    alarms = {each.order_id: each for each in every if each.kind is AlarmKind.PROMISE}
    yield from _not_as_planned(cars, every)
    before = timedelta(minutes=cars.branch.delivery_minutes)
    for order in cars.orders.values():
        alarm = alarms.get(order.id)
        is_near = order.stage.phase in _WORKING and Facts(
            order.stage, order.promised_at, order.ready_at
        ).is_too_late_for(cars.at + before)
        if alarm is None and not is_near:
            continue
        since = alarm.raised_at if alarm else (order.promised_at or cars.at) - before
        seen_by = alarm.acknowledged_by_id if alarm is not None and alarm.is_seen else None
        yield from cars.item(
            Kind.PROMISE,
            order.id,
            since,
            N_("See the plan"),
            Step.SCHEDULING,
            owner_id=seen_by,
            due_at=order.promised_at,
        )


def _not_as_planned(cars: Cars, alarms: Iterable[WatchAlarm]) -> Iterator[Item]:
    """The worst other alarm of each car; the promise and a due report are told apart."""
    named: set[int] = set()
    for alarm in alarms:
        if alarm.kind in (AlarmKind.PROMISE, AlarmKind.REPORT_DUE) or alarm.order_id in named:
            continue
        named.add(alarm.order_id)
        yield from cars.item(
            Kind.NOT_AS_PLANNED,
            alarm.order_id,
            alarm.raised_at,
            N_("See the watch"),
            Step.SCHEDULING,
            url="/scheduling/watch",
            owner_id=alarm.acknowledged_by_id if alarm.is_seen else None,
            about=alarm.kind,
        )


def _floor(cars: Cars) -> Iterator[Item]:
    for asked in more_time.list_open(cars.branch):
        yield from cars.item(
            Kind.MORE_TIME,
            asked.job.order_id,
            asked.asked_at,
            N_("Decide on the time"),
            Step.REPAIR,
            words=asked.by.display_name,
        )
    found = select(AdditionalWork).where(
        AdditionalWork.order_id.in_(select(RepairOrder.id).where(_here(cars))),
        AdditionalWork.quotation_id.is_(None),
        AdditionalWork.dismissed_at.is_(None),
    )
    for each in session.scalars(found.order_by(AdditionalWork.id)):
        yield from cars.item(
            Kind.NOT_SAFE if each.urgency is Urgency.RED else Kind.TO_PRICE,
            each.order_id,
            each.requested_at,
            N_("Price it"),
            Step.REPAIR,
            words=each.finding,
        )
    proposed = (
        select(TimeChange.proposed_at, RepairOrder.id, TimeChange.reason)
        .join(TimeChange.job)
        .join(RepairOrder)
        .where(_here(cars), TimeChange.state == ProposalState.OPEN)
    )
    for proposed_at, order_id, reason in session.execute(proposed):
        yield from cars.item(
            Kind.PROPOSAL,
            order_id,
            proposed_at,
            N_("Decide on the time"),
            Step.SCHEDULING,
            words=reason,
        )


def _offers(cars: Cars) -> Iterator[Item]:
    """Additional work that the customer has not answered; the main one stands in the stage."""
    query = select(Quotation.order_id, Quotation.offered_at).where(
        Quotation.order_id.in_(select(RepairOrder.id).where(_here(cars))),
        Quotation.kind == QuotationKind.ADDITION,
        Quotation.state == QuotationState.OFFERED,
    )
    for order_id, offered_at in session.execute(query):
        yield from cars.item(
            Kind.DECISION, order_id, offered_at, N_("Ask the customer"), Step.QUOTATION
        )


def _parts(cars: Cars) -> Iterator[Item]:
    waiting = stock.list_waiting(cars.branch.id)
    for each in waiting:
        if not each.customer_told_at:
            yield from cars.item(
                Kind.SHORTAGE, each.order_id, each.noted_at, N_("Tell the customer"), Step.PARTS
            )
        if not each.purchase_no:
            yield from cars.item(
                Kind.TO_ORDER, each.order_id, each.noted_at, N_("See the parts"), Step.PARTS
            )
    short = {each.order_id for each in waiting}
    lists = select(PickList).where(
        PickList.branch_id == cars.branch.id, PickList.state.in_(BEFORE_ISSUE)
    )
    to_pick: set[int] = set()
    for basket in session.scalars(lists.order_by(PickList.id)).unique():
        to_pick.add(basket.order_id)
        yield from _basket(cars, basket, is_short=basket.order_id in short)
    came = (
        select(Backorder.order_id, func.max(Backorder.arrived_at))
        .where(
            Backorder.branch_id == cars.branch.id,
            Backorder.order_id.in_(to_pick),
            Backorder.arrived_at.is_not(None),
            Backorder.cancelled_at.is_(None),
        )
        .group_by(Backorder.order_id)
    )
    for order_id, arrived_at in session.execute(came):
        yield from cars.item(Kind.PARTS_CAME, order_id, arrived_at, N_("See the parts"), Step.PARTS)


def _basket(cars: Cars, basket: PickList, *, is_short: bool) -> Iterator[Item]:
    """What is not to be had cannot be picked."""
    if basket.state is PickState.PICKED:
        kind, act, since = Kind.TO_ISSUE, N_("Hand the parts out"), basket.picked_at
    elif is_short and basket.state is PickState.PARTLY_PICKED:
        return
    else:
        kind, act, since = Kind.TO_PICK, N_("Pick the parts"), basket.released_at
    yield from cars.item(kind, basket.order_id, since, act, Step.PARTS)


def _here(cars: Cars) -> Any:
    return RepairOrder.here(cars.branch.id)
