"""Orders on their way to the handover."""

from __future__ import annotations

from datetime import date, timedelta

from tests.factories import AT
from workshop.customers.models import Channel
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.handover import collecting, queries, service
from workshop.steps.handover.rules import Collector
from workshop.steps.repair import queries as repair
from workshop.steps.repair.concerns import queries as concerns
from workshop.steps.repair.concerns import service as answering
from workshop.steps.repair.concerns.rules import Outcome

TODAY = date(2026, 11, 23)


def prepare(order: RepairOrder, *, by: User | None = None) -> RepairOrder:
    """Do everything that the handover asks for, except the handover itself."""
    person = by or order.advisor
    service.record_walkround(order, False, "", by=person, at=AT)
    for item in [each.code for each in queries.list_items(order)]:
        service.tick(order, item, by=person, at=AT)
    if repair.has_work(order):
        tell_next_service(order, by=person)
    answer_concerns(order, by=person)
    collecting.record_collector(order, Collector.OWNER, by=person, at=AT)
    service.record_followup(order, AT + timedelta(hours=48), Channel.WECHAT, "", by=person, at=AT)
    return order


def answer_concerns(order: RepairOrder, *, by: User | None = None) -> None:
    """Each concern ended in a finding."""
    for each in concerns.list_open(order):
        answering.answer(order, each, Outcome.FINDING, note="已检查", by=by or order.advisor, at=AT)


def tell_next_service(order: RepairOrder, *, by: User | None = None) -> None:
    """The car is due again in half a year or after 10 000 km."""
    service.record_next_service(
        order,
        52_010,
        date(2027, 5, 23),
        62_010,
        "新制动片磨合 200 公里",
        today=TODAY,
        by=by or order.advisor,
        at=AT,
    )
