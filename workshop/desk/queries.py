"""What the advisor's home and the order page show, read from every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, union

from workshop import kept, steps
from workshop.characters import to_half_width
from workshop.customers import service as customers
from workshop.customers.models import Vehicle
from workshop.db import is_sqlite, session
from workshop.desk.rules import Facts, act_of, may_be_number, need_of
from workshop.errors import Missing
from workshop.orders import expected, keys
from workshop.orders.flow import Step
from workshop.orders.models import RepairOrder
from workshop.orders.rows import Need
from workshop.orders.rules import Expected
from workshop.orders.service import PREFIX
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.handover import worklist as handovers
from workshop.steps.lounge import due_reports
from workshop.steps.quotation.models import STILL_OPEN, Quotation, QuotationKind, QuotationState
from workshop.steps.repair import overview as floor
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.watch import service as watch
from workshop.stock import queries as stock

# A part of a number finds it among so many orders; its beginning, or all of it, among all.
_LATE = 5_000
_FEW = 40
# Sorts behind every sign that a text may go on with.
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Row:
    """One order of the home list."""

    order: RepairOrder
    need: Need
    action: str
    url: str
    report_due_at: datetime | None
    # Asked for by a technician, and not in the plan.
    more_minutes: int
    expected: Expected

    @property
    def is_at_risk(self) -> bool:
        """Whether the promise may break."""
        return self.need is Need.PROMISE_AT_RISK

    @property
    def report_at(self) -> datetime | None:
        """When the customer is to hear of the car, if that is what the order needs."""
        return self.report_due_at if self.need is Need.REPORT_DUE else None


@dataclass(frozen=True)
class StepMissing:
    """What one step still needs."""

    step: Step
    missing: list[Missing]


def list_rows(branch: Branch, at: datetime, advisor: User | None = None) -> list[Row]:
    """Open orders of the branch, or of one advisor, by what needs doing next."""
    query = select(RepairOrder).where(RepairOrder.here(branch.id))
    if advisor is not None:
        query = query.where(RepairOrder.advisor_id == advisor.id)
    known = _Known.of(branch, at)
    orders = session.scalars(query).all()
    honest = expected.of_all(orders, at)
    rows = [
        _row(order, known.facts_of(order), at, known.slow.get(order.id, 0), honest[order.id])
        for order in orders
    ]
    ranks = {need: rank for rank, need in enumerate(Need)}
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return sorted(
        rows, key=lambda row: (ranks[row.need], row.order.promised_at or far, row.order.id)
    )


def find_next_act(order: RepairOrder, at: datetime) -> tuple[str, Step] | None:
    """The next act on one order, as the home list would offer it."""
    facts = _Known.of(order.branch, at).facts_of(order)
    return act_of(facts, need_of(facts, at, order.branch.delivery_minutes))


@dataclass(frozen=True)
class _Known:
    """By order: what waits for somebody, asked once for the whole list."""

    reports: dict[int, datetime]
    offered: set[int]
    found: set[int]
    slow: dict[int, int]
    short: set[int]
    told: set[int]
    late: set[int]

    @classmethod
    def of(cls, branch: Branch, at: datetime) -> _Known:
        """The same for all desks of the branch, and for a minute."""
        key = ("what waits", branch.id, at.replace(second=0, microsecond=0))
        return kept.until_written(key, lambda: cls._read(branch, at))

    @classmethod
    def _read(cls, branch: Branch, at: datetime) -> _Known:
        findings = floor.list_open_additions(branch.id)
        return cls(
            reports={due.order.id: due.due_at for due in due_reports.list_owed(branch, at)},
            offered=_orders_with_open_addition(),
            found={each.order_id for each in findings if each.quotation_id is None},
            slow=more_time.asked_by_order(branch),
            short={
                each.order_id for each in stock.list_waiting(branch.id) if not each.customer_told_at
            },
            told=handovers.list_told_ids(branch),
            late=watch.list_late_ids(branch),
        )

    def facts_of(self, order: RepairOrder) -> Facts:
        """What the rules must know of an order."""
        return Facts(
            stage=order.stage,
            promised_at=order.promised_at,
            ready_at=order.ready_at,
            is_released=order.released_at is not None,
            waits_for_addition=order.id in self.offered,
            has_finding=order.id in self.found,
            needs_time=order.id in self.slow,
            is_short=order.id in self.short,
            is_billed=order.facts.paid,
            is_told=order.id in self.told,
            report_due_at=self.reports.get(order.id),
            is_forecast_late=order.id in self.late,
        )


def _orders_with_open_addition() -> set[int]:
    query = select(Quotation.order_id).where(
        Quotation.state.in_(STILL_OPEN),
        Quotation.kind == QuotationKind.ADDITION,
        Quotation.state == QuotationState.OFFERED,
    )
    return set(session.scalars(query))


def _row(
    order: RepairOrder, facts: Facts, at: datetime, more_minutes: int, honest: Expected
) -> Row:
    need = need_of(facts, at, order.branch.delivery_minutes)
    act = act_of(facts, need)
    assert act is not None  # Every open stage has one.
    words, step = act
    url = f"/orders/{order.no}/{step.value}"
    return Row(order, need, words, url, facts.report_due_at, more_minutes, honest)


def list_missing(order: RepairOrder) -> list[StepMissing]:
    """What the current step and those after it still need, in the gates' own words."""
    current = order.stage.step
    if current is None:
        return []
    ahead = list(steps.faces().items())[list(Step).index(current) :]
    found = [StepMissing(step, face.missing(order)) for step, face in ahead if face.missing]
    return [each for each in found if each.missing]


@dataclass(frozen=True)
class Hit:
    """One line of the search: a car, with its newest order."""

    vehicle: Vehicle
    order: RepairOrder | None

    def order_for(self, user: User) -> RepairOrder | None:
        """The order, for who may open it; others are led to the car."""
        return self.order if user.may(Permission.VIEW_ORDERS) else None


def search(text: str, branch: Branch) -> list[Hit]:
    """Cars by any part of plate, phone, VIN, name or initials; orders by number, by key tag."""
    wanted = to_half_width(text).strip()
    # One letter or digit means nothing; one Chinese character is a surname.
    if len(wanted) < 2 and wanted.isascii():
        return []
    tagged = keys.find_by_tag(branch.id, wanted.upper())
    numbered = _list_by_number(wanted.upper(), branch)
    orders = dict.fromkeys([tagged, *numbered] if tagged is not None else numbered)
    hits = [Hit(order.vehicle, order) for order in orders]
    seen = {hit.vehicle.id for hit in hits}
    found = [each for each in customers.search_vehicles(wanted, limit=12) if each.id not in seen]
    newest = find_newest([each.id for each in found], branch)
    return [*hits, *(Hit(vehicle, newest.get(vehicle.id)) for vehicle in found)][:12]


def _list_by_number(wanted: str, branch: Branch) -> list[RepairOrder]:
    """The newest orders whose number begins with the words, or of late has them anywhere."""
    if not may_be_number(wanted):
        return []
    late = select(func.max(RepairOrder.id) - _LATE).scalar_subquery()
    of_late = select(RepairOrder.id).where(
        RepairOrder.id > late, RepairOrder.no.contains(wanted, autoescape=True)
    )
    begins = wanted if wanted.startswith(PREFIX) else PREFIX + wanted
    begun = select(RepairOrder.id).where(_begins_with(RepairOrder.no, begins))
    few = [each.order_by(RepairOrder.no.desc()).limit(_FEW).subquery() for each in (of_late, begun)]
    query = (
        select(RepairOrder)
        .where(
            RepairOrder.branch_id == branch.id,
            RepairOrder.id.in_(union(*(select(each.c.id) for each in few))),
        )
        .order_by(RepairOrder.id.desc())
        .limit(8)
    )
    return list(session.scalars(query))


def _begins_with(column: Any, words: str) -> ColumnElement[bool]:
    """The column's text begins with the words, as they are written.

    SQLite has an index for a range; PostgreSQL, whose order is that of a language, has one of its
    own for LIKE.
    """
    if is_sqlite():
        return and_(column >= words, column < words + _LAST)
    escaped = words.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return and_(column.like(f"{escaped}%", escape="/"))


def find_newest(vehicle_ids: Sequence[int], branch: Branch) -> dict[int, RepairOrder]:
    """By car: its newest order at this branch."""
    newest = (
        select(func.max(RepairOrder.id))
        .where(RepairOrder.vehicle_id.in_(vehicle_ids), RepairOrder.branch_id == branch.id)
        .group_by(RepairOrder.vehicle_id)
    )
    query = select(RepairOrder).where(RepairOrder.id.in_(newest))
    return {order.vehicle_id: order for order in session.scalars(query)}
