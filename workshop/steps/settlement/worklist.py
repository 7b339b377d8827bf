"""What the cashier looks at: what to settle and to pay, the day's close, what is still owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import Missing
from workshop.orders.flow import PERMITS, Action
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts.cores import queries as cores
from workshop.steps.quotation import queries as quotation
from workshop.steps.settlement import gates
from workshop.steps.settlement.models import (
    CreditRequest,
    Payment,
    Settlement,
)
from workshop.steps.settlement.rules import Account, SettlementKind, SettlementState, Tender


@dataclass(frozen=True)
class ToPay:
    """An open bill; below zero the customer gets something back."""

    bill: Settlement
    balance_fen: int
    credit: CreditRequest | None

    @property
    def gives_back(self) -> bool:
        """Whether the customer has paid too much."""
        return self.balance_fen < 0

    @property
    def is_even(self) -> bool:
        """Whether nothing is open."""
        return self.balance_fen == 0

    def waits_for(self, user: User) -> bool:
        """Whether this person may decide on the credit that is asked for."""
        is_asked = self.credit is not None and self.credit.asked_by_id != user.id
        return is_asked and user.may(Permission.APPROVE_CREDIT)


@dataclass(frozen=True)
class ToMake:
    """An order whose settlement list is not made yet, and what it waits for."""

    order: RepairOrder
    authorised_fen: int
    missing: list[Missing]


@dataclass(frozen=True)
class TenderSum:
    """What one tender brought on a day, in fen; `out_fen` was given back."""

    tender: Tender
    count: int
    in_fen: int
    out_fen: int

    @property
    def net_fen(self) -> int:
        return self.in_fen - self.out_fen


@dataclass(frozen=True)
class Takings:
    """What a day brought, by tender and in all, in fen; `out_fen` was given back."""

    by_tender: list[TenderSum]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.by_tender)

    @property
    def in_fen(self) -> int:
        return sum(each.in_fen for each in self.by_tender)

    @property
    def out_fen(self) -> int:
        return sum(each.out_fen for each in self.by_tender)

    @property
    def net_fen(self) -> int:
        return self.in_fen - self.out_fen


def list_to_pay(branch: Branch) -> list[ToPay]:
    """Open bills: customers who wait here first, then by promise."""
    query = select(Settlement).where(
        Settlement.branch_id == branch.id,
        Settlement.kind == SettlementKind.NORMAL,
        Settlement.state == SettlementState.OPEN,
    )
    bills = list(session.scalars(query))
    received = _received([bill.order_id for bill in bills])
    waiting = _waiting_credits([bill.id for bill in bills])
    back = cores.back_fen([bill.order_id for bill in bills])
    rows = [
        ToPay(
            bill,
            bill.customer_fen
            - back.get(bill.order_id, 0)
            - received.get((bill.order_id, Account.CUSTOMER), 0),
            waiting.get(bill.id),
        )
        for bill in bills
    ]
    return sorted(rows, key=lambda row: row.bill.order.turn)


def _received(order_ids: Sequence[int]) -> dict[tuple[int, Account], int]:
    query = (
        select(Payment.order_id, Payment.account, sa.func.sum(Payment.amount_fen))
        .where(Payment.order_id.in_(order_ids))
        .group_by(Payment.order_id, Payment.account)
    )
    return {(order_id, account): int(fen) for order_id, account, fen in session.execute(query)}


def _waiting_credits(bill_ids: Sequence[int]) -> dict[int, CreditRequest]:
    query = select(CreditRequest).where(
        CreditRequest.settlement_id.in_(bill_ids), CreditRequest.approved.is_(None)
    )
    return {credit.settlement_id: credit for credit in session.scalars(query)}


def list_to_make(branch: Branch) -> list[ToMake]:
    """Finally checked orders without a bill, those that can be settled now first."""
    live = select(Settlement.id).where(
        Settlement.order_id == RepairOrder.id,
        Settlement.kind == SettlementKind.NORMAL,
        Settlement.state != SettlementState.REVERSED,
    )
    here = select(RepairOrder.id).where(RepairOrder.here(branch.id, PERMITS[Action.SETTLE]))
    # After the delivery only what was taken back is made again.
    gone = (
        select(RepairOrder.id)
        .join(Settlement, Settlement.order_id == RepairOrder.id)
        .where(
            Settlement.branch_id == branch.id,
            Settlement.state == SettlementState.REVERSED,
            RepairOrder.stage.in_(PERMITS[Action.CORRECT_BILL]),
        )
    )
    query = select(RepairOrder).where(RepairOrder.id.in_(sa.union(here, gone)), ~live.exists())
    found = sorted(session.scalars(query), key=lambda order: order.turn)
    rows = [
        ToMake(order, quotation.authorised_fen(order), gates.missing_to_make(order))
        for order in found
        if quotation.has_bill(order)
    ]
    return sorted(rows, key=lambda row: bool(row.missing))


def list_settled(branch: Branch, day: date) -> list[Settlement]:
    """Bills that were settled on a local day, the last first; reversed ones too."""
    starts_at, ends_at = calendar.day_span(branch, day)
    query = select(Settlement).where(
        Settlement.branch_id == branch.id,
        Settlement.settled_at >= starts_at,
        Settlement.settled_at < ends_at,
    )
    return list(session.scalars(query.order_by(Settlement.settled_at.desc(), Settlement.id.desc())))


def list_day_payments(branch: Branch, day: date) -> list[Payment]:
    """All entries of a local day, in the order in which they were made."""
    starts_at, ends_at = calendar.day_span(branch, day)
    query = select(Payment).where(
        Payment.branch_id == branch.id, Payment.at >= starts_at, Payment.at < ends_at
    )
    return list(session.scalars(query.order_by(Payment.at, Payment.id)))


def add_up_takings(payments: Sequence[Payment]) -> Takings:
    """What each tender brought; tenders without an entry are left out."""
    rows = []
    for tender in Tender:
        amounts = [each.amount_fen for each in payments if each.tender is tender]
        if amounts:
            received = sum(fen for fen in amounts if fen > 0)
            returned = -sum(fen for fen in amounts if fen < 0)
            rows.append(TenderSum(tender, len(amounts), received, returned))
    return Takings(rows)
