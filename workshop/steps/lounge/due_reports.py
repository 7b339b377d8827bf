"""When a customer must hear from us next, and why (domain.md step 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from workshop.db import session
from workshop.orders.flow import PERMITS, Action, Stage
from workshop.orders.models import RepairOrder, StageChange
from workshop.shop.models import Branch
from workshop.steps.lounge import queries, rules
from workshop.steps.lounge.enums import Occasion
from workshop.steps.lounge.models import Departure, ProgressReport
from workshop.steps.lounge.rules import Watch
from workshop.steps.quotation.models import Quotation, QuotationKind, QuotationState

_WORK_OPEN = PERMITS[Action.SCHEDULE] | PERMITS[Action.QUALITY_CHECK]


@dataclass(frozen=True)
class DueReport:
    """A report that a customer is owed since `due_at`, or will be by then."""

    order: RepairOrder
    due_at: datetime
    occasion: Occasion

    def is_due(self, at: datetime) -> bool:
        """Whether the customer should have heard by now."""
        return self.due_at <= at

    def overdue_minutes(self, at: datetime) -> int:
        """Whole minutes since it was due; negative while there is time."""
        return int((at - self.due_at).total_seconds() // 60)


def next_due_at(order: RepairOrder) -> datetime | None:
    """When the customer must hear from us next; None when there is nothing more to say."""
    due = find(order)
    return due.due_at if due else None


def find(order: RepairOrder) -> DueReport | None:
    """The next report that the customer of this order is owed, and why."""
    return next(iter(_dues([order])), None)


def list_owed(branch: Branch, at: datetime) -> list[DueReport]:
    """The reports that are owed at `at`, the longest owed first."""
    return [due for due in _dues(queries.list_in_house(branch)) if due.is_due(at)]


def list_all(branch: Branch) -> list[DueReport]:
    """The next report of every customer in house, whether owed or still to come."""
    return _dues(queries.list_in_house(branch))


def _dues(orders: Sequence[RepairOrder]) -> list[DueReport]:
    """The next due report of each order that has one, the earliest first; in one query."""
    watched = [
        order for order in orders if order.stage in queries.WATCHED and order.stays is not None
    ]
    facts = _Facts.of([order.id for order in watched])
    found = []
    for order in watched:
        due = rules.next_due(_watch(order, facts))
        if due is not None:
            found.append(DueReport(order, due.at, due.occasion))
    return sorted(found, key=lambda each: (each.due_at, each.order.id))


@dataclass
class _Facts:
    """By order: the last report, the agreed report time, the first start, the last addition."""

    told: dict[int, datetime] = field(default_factory=dict)
    agreed: dict[int, datetime] = field(default_factory=dict)
    started: dict[int, datetime] = field(default_factory=dict)
    added: dict[int, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: Sequence[int]) -> _Facts:
        facts = cls()
        by_name = {each.name: getattr(facts, each.name) for each in fields(cls)}
        for name, order_id, at in session.execute(_facts(), {"ids": ids}):
            by_name[name][order_id] = at
        return facts


@cache
def _facts() -> CompoundSelect[Any]:
    """The facts by their names, each with an order and its time, in one statement."""
    report, change = ProgressReport, StageChange
    ids: BindParameter[Any] = bindparam("ids", expanding=True)

    def named(name: str, order_id: Any, at: Any) -> Select[Any]:
        return select(literal(name), order_id, at).where(order_id.in_(ids))

    return union_all(
        named("told", report.order_id, func.max(report.at)).group_by(report.order_id),
        named("agreed", Departure.order_id, Departure.report_at).where(
            Departure.report_at.is_not(None)
        ),
        named("started", change.order_id, func.min(change.at))
        .where(change.to_stage == Stage.REPAIR)
        .group_by(change.order_id),
        named("added", Quotation.order_id, func.max(Quotation.offered_at))
        .where(
            Quotation.kind == QuotationKind.ADDITION,
            Quotation.state == QuotationState.OFFERED,
            Quotation.offered_at.is_not(None),
        )
        .group_by(Quotation.order_id),
    )


def _watch(order: RepairOrder, facts: _Facts) -> Watch:
    work_open = order.stage in _WORK_OPEN
    tell_delay_at = None
    if work_open and order.promised_at is not None:
        tell_delay_at = order.branch.must_end_by(order.promised_at)
    return Watch(
        stays=bool(order.stays),
        since=order.authorised_at or order.arrived_at,
        every_minutes=order.branch.report_every_minutes,
        told_at=facts.told.get(order.id),
        agreed_at=facts.agreed.get(order.id),
        started_at=facts.started.get(order.id),
        addition_at=facts.added.get(order.id),
        tell_delay_at=tell_delay_at,
        ready_at=None if work_open else order.ready_at,
    )
