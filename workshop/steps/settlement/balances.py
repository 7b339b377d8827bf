"""What we are owed and what we owe: every balance that is not nought, whatever the order's stage.

Made from the bills that count and the money received, never from stages, so that the deposit of a
cancelled order and what a taken-back bill was paid with stay in the list until they are given back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.flow import OPEN
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.steps.parts.cores import queries as cores
from workshop.steps.settlement import rules
from workshop.steps.settlement.models import CreditRequest, Payment, Settlement, SettlementLine
from workshop.steps.settlement.rules import Account, SettlementKind, SettlementState

_CLAIMED = (Account.INSURER, Account.MANUFACTURER)


class Why(LabelledEnum):
    """Where a balance comes from."""

    CREDIT = "credit", N_("Credit")
    CLAIM = "claim", N_("Claim")
    UNPAID = "unpaid", N_("Bill to pay")
    DEPOSIT = "deposit", N_("Deposit, the bill is to come")
    OVERPAID = "overpaid", N_("Paid too much")
    NO_BILL = "no_bill", N_("No bill counts: to give back or to bill again")


@dataclass(frozen=True)
class Balance:
    """What one account still owes of an order, in fen; below zero we owe it."""

    order: RepairOrder
    account: Account
    balance_fen: int
    bill: Settlement | None
    due_on: date | None

    @property
    def why(self) -> Why:
        """Where it comes from."""
        if self.bill is None:
            return Why.DEPOSIT if self.order.stage in OPEN else Why.NO_BILL
        if self.balance_fen < 0:
            return Why.OVERPAID
        if self.account is not Account.CUSTOMER:
            return Why.CLAIM
        return Why.CREDIT if self.bill.is_credited else Why.UNPAID

    @property
    def owed_fen(self) -> int:
        """How much it is, whoever owes it."""
        return abs(self.balance_fen)

    @property
    def is_claim(self) -> bool:
        """Whether somebody else than the customer pays it."""
        return self.account is not Account.CUSTOMER

    def is_overdue(self, today: date) -> bool:
        """Whether the agreed day of payment is over."""
        return self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Balances:
    """Both sides, in fen."""

    to_come: list[Balance]
    to_give: list[Balance]

    @property
    def to_come_fen(self) -> int:
        return sum(each.owed_fen for each in self.to_come)

    @property
    def to_give_fen(self) -> int:
        return sum(each.owed_fen for each in self.to_give)


def load(branch: Branch) -> Balances:
    """Every balance of the branch that is not nought; the earliest due first."""
    marked = select(RepairOrder.id).where(
        RepairOrder.branch_id == branch.id, RepairOrder.may_owe.is_(True)
    )
    rows = sorted(list_open(marked), key=lambda row: (row.due_on or date.max, row.order.id))
    to_come = [row for row in rows if row.balance_fen > 0]
    return Balances(to_come, [row for row in rows if row.balance_fen < 0])


def list_claims(branch: Branch) -> list[Balance]:
    """What the makers still owe for warranty work, the oldest order first."""
    found = load(branch).to_come
    return [each for each in found if each.account is Account.MANUFACTURER]


def list_open(orders: sa.Select[int]) -> list[Balance]:
    """Every balance of these orders that is not nought."""
    moved = sa.union_all(_billed(orders), _claimed(orders), _received(orders)).subquery()
    total = sa.func.sum(moved.c.fen)
    back = cores.back_of(orders)
    query = (
        select(moved.c.order_id, moved.c.account, total)
        .group_by(moved.c.order_id, moved.c.account)
        .having(sa.or_(total != 0, moved.c.order_id.in_(back)))
    )
    found = [(order_id, Account(name), int(fen)) for order_id, name, fen in session.execute(query)]
    bills = _live_bills([order_id for order_id, _account, _fen in found])
    dues = _due_days([bill.id for bill in bills.values()])
    rows = []
    for order_id, account, fen in found:
        bill = bills.get(order_id)
        is_credit = bill is not None and account is Account.CUSTOMER
        # Old parts that are back lower what the customer owes of the bill.
        fen -= back.get(order_id, 0) if is_credit else 0
        if fen == 0:
            continue
        due_on = dues.get(bill.id) if bill is not None and is_credit else None
        order = session.get_one(RepairOrder, order_id)
        rows.append(Balance(order, account, fen, bill, due_on))
    return rows


def is_live() -> sa.ColumnElement[bool]:
    """Whether a bill counts: it is one, and was not reversed."""
    return sa.and_(
        Settlement.kind == SettlementKind.NORMAL, Settlement.state != SettlementState.REVERSED
    )


def _billed(orders: sa.Select[int]) -> sa.Select[int, str, int]:
    name = sa.literal(Account.CUSTOMER.value).label("account")
    query = select(
        Settlement.order_id.label("order_id"), name, Settlement.customer_fen.label("fen")
    )
    return query.where(Settlement.order_id.in_(orders), is_live())


def _claimed(orders: sa.Select[int]) -> sa.Select[int, str, int]:
    accounts = {payer: rules.account_of(payer.value) for payer in Payer}
    claims = {payer: account for payer, account in accounts.items() if account in _CLAIMED}
    whens = [(SettlementLine.payer == payer, account.value) for payer, account in claims.items()]
    return (
        select(
            Settlement.order_id.label("order_id"),
            sa.case(*whens).label("account"),
            SettlementLine.total_fen.label("fen"),
        )
        .join(Settlement, Settlement.id == SettlementLine.settlement_id)
        .where(Settlement.order_id.in_(orders), is_live(), SettlementLine.payer.in_(claims))
    )


def _received(orders: sa.Select[int]) -> sa.Select[int, str, int]:
    return select(
        Payment.order_id.label("order_id"),
        sa.cast(Payment.account, sa.String).label("account"),
        (-Payment.amount_fen).label("fen"),
    ).where(Payment.order_id.in_(orders))


def _live_bills(order_ids: list[int]) -> dict[int, Settlement]:
    query = select(Settlement).where(Settlement.order_id.in_(order_ids), is_live())
    return {bill.order_id: bill for bill in session.scalars(query)}


def _due_days(bill_ids: list[int]) -> dict[int, date]:
    query = select(CreditRequest).where(
        CreditRequest.settlement_id.in_(bill_ids), CreditRequest.approved.is_(True)
    )
    return {credit.settlement_id: credit.due_on for credit in session.scalars(query)}
