"""The demo's advisors tell their customers how far the car is, before somebody has to ask."""

from __future__ import annotations

from datetime import datetime, timedelta

from workshop.customers.models import Channel
from workshop.demo.timeline import Enough
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.steps.lounge import due_reports
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.enums import Occasion

# So many minutes a word may be overdue before the busy advisor finds the time.
_PATIENCE = timedelta(minutes=8)
# A few are still to be told when somebody looks at the shop for the first time.
_STILL_DUE = 3

SAID = {
    Occasion.HOURLY: "正在按计划进行，预计交车时间不变。",
    Occasion.START: "技师已经开工，预计交车时间不变。",
    Occasion.ADDITION: "检查时发现需要增修的项目，已说明价格和时间。",
    Occasion.DELAY: "比预计的晚一些，已说明原因和新的交车时间。",
    Occasion.DONE: "车辆已完工，可以取车。",
}


def list_overdue(branch: Branch, at: datetime) -> list[int]:
    """The orders whose customers wait for a word by now."""
    due = due_reports.list_owed(branch, at - _PATIENCE)
    return [each.order.id for each in due]


def tell(order: RepairOrder, at: datetime) -> None:
    """The advisor of the order says what there is to say."""
    due = due_reports.find(order)
    if due is None or due.due_at > at:
        raise Enough
    channel = Channel.IN_PERSON if order.stays else Channel.PHONE
    lounge.record_report(order, due.occasion, SAID[due.occasion], channel, by=order.advisor, at=at)


def tell_most(branch: Branch, at: datetime) -> None:
    """The advisors have told all but the last few."""
    for each in due_reports.list_owed(branch, at)[:-_STILL_DUE]:
        tell(each.order, at)
