"""What the parts counter has to do next, in the order in which it is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workshop.db import session
from workshop.orders.flow import PERMITS, Action, Stage, permits
from workshop.orders.models import RepairOrder
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import queries, rules, timing
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import BEFORE_ISSUE, LIVE, PickState
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.scheduling import queries as scheduling
from workshop.stock import queries as stock
from workshop.stock.models import Backorder


@dataclass
class Row:
    """A pick list with what its line of the page says."""

    pick_list: PickList
    lines: list[PickLine]
    needed_by: datetime | None

    @property
    def order(self) -> RepairOrder:
        return self.pick_list.order

    @property
    def is_editable(self) -> bool:
        """Whether lines can still go into the basket and out of it."""
        may_issue = permits(self.order.stage, Action.ISSUE_PARTS)
        return self.pick_list.state.is_before_issue and may_issue

    @property
    def is_cancelled(self) -> bool:
        """Whether the order was cancelled, so that everything goes back."""
        return self.order.stage is Stage.CANCELLED

    @property
    def picked_count(self) -> int:
        """Lines that lie in the basket whole, or are handed out already."""
        return sum(1 for line in self.lines if line.picked_milli == line.needed_milli)

    @property
    def short_count(self) -> int:
        return sum(1 for line in self.lines if line.short_milli)

    @property
    def to_pick_count(self) -> int:
        return sum(1 for line in self.lines if line.to_pick_milli)

    @property
    def in_basket_count(self) -> int:
        return sum(1 for line in self.lines if line.in_basket_milli)

    @property
    def bins(self) -> list[str]:
        """The bins to walk to, in their order."""
        return sorted({bin_of(line) for line in self.lines if line.to_pick_milli} - {""})

    @cached_property
    def technician(self) -> Technician | None:
        return timing.find_technician(self.pick_list)

    def deadline(self, at: datetime) -> rules.Deadline | None:
        """When the basket is needed, and how long that is from `at`."""
        if self.needed_by is None:
            return None
        return rules.Deadline(self.needed_by, rules.minutes_until(self.needed_by, at))


def bin_of(line: PickLine) -> str:
    """Where the part of a line lies."""
    level = stock.find_level(line.pick_list.branch_id, line.part_id)
    return level.bin if level else ""


@dataclass
class ToRelease:
    """An order, or its additions, whose parts nobody has released yet."""

    order: RepairOrder
    is_addition: bool
    lines: list[QuotationLine]
    planned_start: datetime | None

    def deadline(self, at: datetime) -> rules.Deadline | None:
        """When the work is planned to begin; the minutes run to when its basket would be needed."""
        if self.planned_start is None:
            return None
        needed_by = rules.needed_by(self.planned_start)
        return rules.Deadline(self.planned_start, rules.minutes_until(needed_by, at))


@dataclass
class Shortage:
    """What is on order, for whom, and whether it comes in time."""

    backorder: Backorder
    order: RepairOrder
    planned_start: datetime | None

    @property
    def is_too_late(self) -> bool:
        """Whether it comes after the work was planned to begin, or nobody knows when."""
        expected = self.backorder.expected_at
        return expected is None or (
            self.planned_start is not None and expected > self.planned_start
        )

    def may_be_told_by(self, user: User) -> bool:
        """Whether the customer does not know of it yet and this reader is one who tells."""
        return self.backorder.customer_told_at is None and user.may(Permission.QUOTE)

    def may_be_replanned_by(self, user: User) -> bool:
        """Whether another plan helps and this reader may ask for it."""
        return self.replan is not None and user.may(Permission.SCHEDULE)

    @cached_property
    def replan(self) -> dict[str, str] | None:
        """What to ask the planner when it comes too late, as the query of its address."""
        waits = (job for job in scheduling.list_jobs(self.order) if scheduling.find_live(job))
        job = next(waits, None)
        if job is None or not self.is_too_late or self.backorder.expected_at is None:
            return None
        until = self.backorder.expected_at.astimezone(ZoneInfo(self.order.branch.zone))
        return {
            "reason": "part_late",
            "job_id": str(job.id),
            "until": until.strftime("%Y-%m-%dT%H:%M"),
        }


@dataclass
class Work:
    """The whole page of the parts counter."""

    to_release: list[ToRelease]
    to_pick: list[Row]
    picked: list[Row]
    short: list[Shortage]
    unused: list[PickLine]
    issued: list[Row]
    to_clear: list[Row]


def load(branch_id: int) -> Work:
    """All that the counter has to do, each part in the order of its urgency."""
    rows = [make_row(each) for each in queries.list_in_states(branch_id, LIVE)]
    rows.sort(key=lambda row: (row.needed_by is None, row.needed_by, row.pick_list.id))
    open_rows = [
        row
        for row in rows
        if row.pick_list.state in BEFORE_ISSUE and row.order.stage is not Stage.CANCELLED
    ]
    issued = [row for row in rows if row.pick_list.state is PickState.ISSUED]
    return Work(
        to_release=_list_to_release(branch_id),
        to_pick=[row for row in open_rows if row.to_pick_count],
        picked=[row for row in open_rows if row.in_basket_count and not row.to_pick_count],
        short=_list_short(branch_id),
        unused=_list_unused(branch_id, rows),
        issued=issued,
        to_clear=[
            row
            for row in rows
            if row.pick_list.state in BEFORE_ISSUE and row.order.stage is Stage.CANCELLED
        ],
    )


def _list_unused(branch_id: int, rows: Iterable[Row]) -> list[PickLine]:
    cancelled = [line for row in rows for line in row.lines if queries.is_to_return(line)]
    return list(dict.fromkeys([*cancelled, *queries.list_unused(branch_id)]))


def make_row(pick_list: PickList) -> Row:
    """A pick list with its lines and the time it is needed by, as planned now."""
    return Row(pick_list, queries.list_lines(pick_list), timing.needed_by(pick_list))


def _list_to_release(branch_id: int) -> list[ToRelease]:
    query = select(RepairOrder).where(RepairOrder.here(branch_id, PERMITS[Action.RELEASE_PARTS]))
    found = []
    for order in session.scalars(query.order_by(RepairOrder.id)):
        lines = queries.list_unreleased(order)
        if order.released_at is None:
            found.append(ToRelease(order, False, lines, scheduling.planned_start(order)))
        elif lines:
            found.append(ToRelease(order, True, lines, timing.planned_start(order, lines, True)))
    return sorted(found, key=lambda row: (row.planned_start is None, row.planned_start or 0))


def _list_short(branch_id: int) -> list[Shortage]:
    return [shortage(each) for each in stock.list_waiting(branch_id)]


def shortage(backorder: Backorder) -> Shortage:
    """A shortage with the order that waits and the start of its work."""
    order = session.get_one(RepairOrder, backorder.order_id)
    return Shortage(backorder, order, scheduling.planned_start(order))
