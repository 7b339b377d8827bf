"""Deposits of customers: for which parts, how many old ones are back, how many still out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from workshop import money, together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.steps.parts import queries as parts
from workshop.steps.parts.cores import rules
from workshop.steps.parts.cores.models import CoreReturn
from workshop.steps.parts.cores.rules import Deposit, Outcome
from workshop.steps.quotation.models import (
    Decision,
    LineKind,
    Quotation,
    QuotationLine,
    QuotationState,
)
from workshop.storage.conditions import few


@dataclass(frozen=True)
class Row:
    """A deposit line of an order with what became of it, and until when the old part is due."""

    order: RepairOrder
    line: QuotationLine
    deposit: Deposit
    due_on: date | None


def get_line(branch_id: int, line_id: int) -> QuotationLine:
    """A deposit line of an order of this branch; raises NotFound."""
    line = session.get(QuotationLine, line_id)
    if line is None or not line.is_core or _order_of(line).branch_id != branch_id:
        raise NotFound(N_("There is no such core deposit."))
    return line


def _order_of(line: QuotationLine) -> RepairOrder:
    return session.get_one(Quotation, line.quotation_id).order


def get_return(branch_id: int, return_id: int) -> CoreReturn:
    """What became of an old part, in this branch; raises NotFound."""
    found = session.get(CoreReturn, return_id)
    if found is None or found.branch_id != branch_id:
        raise NotFound(N_("There is no such entry."))
    return found


def issued_milli(line: QuotationLine) -> int:
    """How many of the parts that the deposit stands for are in the car, in thousandths."""
    of_deposit = together.list_of(
        line.id, "parts of a deposit", _parts_of_deposits, QuotationLine.id
    )
    issued = sum(parts.issued_milli(each.id) for each in of_deposit)
    return min(issued, line.quantity_milli)


def _parts_of_deposits() -> sa.Select[QuotationLine]:
    part = aliased(QuotationLine)
    return select(part).join(
        QuotationLine,
        sa.and_(
            part.quotation_id == QuotationLine.quotation_id,
            part.kind == LineKind.PART,
            part.part_id == QuotationLine.part_id,
            sa.or_(
                part.parent_line_id == QuotationLine.parent_line_id,
                part.id == QuotationLine.parent_line_id,
            ),
        ),
    )


def deposit_of(line: QuotationLine) -> Deposit:
    """A deposit line and what became of it."""
    done: dict[Outcome, int] = defaultdict(int)
    for each in list_returns(line):
        done[each.outcome] += each.quantity_milli
    return Deposit(line.unit_fen, issued_milli(line), done[Outcome.BACK], done[Outcome.KEPT])


def list_returns(line: QuotationLine) -> list[CoreReturn]:
    """The entries of a deposit line that count, oldest first."""
    return together.list_of(
        line.id,
        "core returns",
        lambda: select(CoreReturn).where(CoreReturn.withdrawn_at.is_(None)).order_by(CoreReturn.id),
        CoreReturn.quotation_line_id,
    )


def back_fen(order_ids: Collection[int]) -> dict[int, int]:
    """By order: what of the deposits customers get back because their old parts are here."""
    query = (
        select(QuotationLine, CoreReturn.order_id)
        .join(CoreReturn, CoreReturn.quotation_line_id == QuotationLine.id)
        .where(CoreReturn.order_id.in_(order_ids), CoreReturn.withdrawn_at.is_(None))
        .distinct()
    )
    found: dict[int, int] = defaultdict(int)
    for line, order_id in session.execute(query):
        found[order_id] += deposit_of(line).back_fen
    return found


def back_of(orders: sa.Select[int]) -> dict[int, int]:
    """The same for those of these orders whose old parts came back."""
    query = (
        select(CoreReturn.order_id, CoreReturn.quantity_milli, QuotationLine.unit_fen)
        .join(QuotationLine, QuotationLine.id == CoreReturn.quotation_line_id)
        .where(
            CoreReturn.order_id.in_(orders),
            CoreReturn.outcome == Outcome.BACK,
            CoreReturn.withdrawn_at.is_(None),
        )
    )
    found: dict[int, int] = defaultdict(int)
    for order_id, milli, unit_fen in session.execute(query):
        found[order_id] += money.parts_fen(unit_fen, milli)
    return found


def list_out(branch_id: int, text: str = "") -> list[Row]:
    """Deposits whose old parts are still out, those due first; found by order number or part."""
    done = (
        select(sa.func.coalesce(sa.func.sum(CoreReturn.quantity_milli), 0))
        .where(CoreReturn.quotation_line_id == QuotationLine.id, CoreReturn.withdrawn_at.is_(None))
        .correlate(QuotationLine)
        .scalar_subquery()
    )
    query = (
        select(QuotationLine, RepairOrder)
        .join(Quotation, Quotation.id == QuotationLine.quotation_id)
        .join(RepairOrder, RepairOrder.id == Quotation.order_id)
        .where(
            RepairOrder.branch_id == branch_id,
            Quotation.state == QuotationState.SIGNED,
            few(
                QuotationLine.id,
                QuotationLine.kind == LineKind.CORE,
                QuotationLine.decision == Decision.ACCEPTED,
            ),
            done < QuotationLine.quantity_milli,
        )
    )
    rows = [make_row(order, line) for line, order in session.execute(query)]
    shown = [row for row in rows if row.deposit.out and _is_named(row, text.lower())]
    return sorted(shown, key=lambda row: (row.due_on or date.max, row.line.id))


def _is_named(row: Row, text: str) -> bool:
    part = row.line.part
    called = row.order.vehicle.called
    # A plate is typed with its dot or without.
    names = [row.order.no, called, called.replace("·", ""), part.no if part else ""]
    return any(text in each.lower() for each in names)


def make_row(order: RepairOrder, line: QuotationLine) -> Row:
    """A deposit line as lists show it."""
    at = order.settled_at
    billed_on = calendar.local_day(order.branch, at) if at else None
    return Row(order, line, deposit_of(line), rules.due_on(billed_on, order.branch.core_days))


def list_done(branch_id: int, limit: int | None = 30) -> list[CoreReturn]:
    """What came back or was kept lately, newest first."""
    query = select(CoreReturn).where(
        CoreReturn.branch_id == branch_id, CoreReturn.withdrawn_at.is_(None)
    )
    return list(session.scalars(query.order_by(CoreReturn.id.desc()).limit(limit)))
