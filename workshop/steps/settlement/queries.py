"""What is billed, received and still open, and what the bill waits for."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from workshop import db, together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import RepairOrder
from workshop.steps.parts.cores import queries as cores
from workshop.steps.parts.cores.models import CoreReturn
from workshop.steps.parts.models import PickLine
from workshop.steps.settlement import rules
from workshop.steps.settlement.models import (
    CreditRequest,
    Payment,
    Settlement,
    SettlementLine,
)
from workshop.steps.settlement.rules import (
    Account,
    SettlementKind,
    SettlementState,
    Tender,
)


def find_live(order: RepairOrder) -> Settlement | None:
    """The settlement of the order that counts."""
    column, kinds = Settlement.order_id, {Settlement}
    found = together.list_of(order.id, "live settlement", _live, column, kinds)
    return found[0] if found else None


def _live() -> sa.Select[Settlement]:
    query = select(Settlement).where(
        Settlement.kind == SettlementKind.NORMAL,
        Settlement.state != SettlementState.REVERSED,
    )
    return query.options(lazyload(Settlement.order))  # The order is at hand.


def get_live(order: RepairOrder) -> Settlement:
    """The settlement of the order that counts; raises NotFound."""
    settlement = find_live(order)
    if settlement is None:
        raise NotFound(N_("There is no settlement list for this order yet."))
    return settlement


def get_settlement(order: RepairOrder, settlement_id: int) -> Settlement:
    """A document of the order, reversed and red ones too; raises NotFound."""
    settlement = session.get(Settlement, settlement_id)
    if settlement is None or settlement.order_id != order.id:
        raise NotFound(N_("There is no such settlement list."))
    return settlement


def list_settlements(order: RepairOrder) -> list[Settlement]:
    """All documents of the order, the newest first."""
    query = select(Settlement).where(Settlement.order_id == order.id)
    return list(session.scalars(query.order_by(Settlement.version_no.desc())))


def list_lines(settlement: Settlement) -> list[SettlementLine]:
    """The lines in the order of the authorisation."""
    query = select(SettlementLine).where(SettlementLine.settlement_id == settlement.id)
    return list(session.scalars(query.order_by(SettlementLine.position)))


def add_up(lines: Iterable[SettlementLine]) -> rules.Sums:
    """What lines add up to, in fen."""
    return rules.add_up(
        rules.Amount(
            line.payer.value,
            line.kind.value,
            line.agreed_fen,
            line.discount_fen,
            line.total_fen,
            line.tax_fen,
        )
        for line in lines
    )


def list_payments(order: RepairOrder) -> list[Payment]:
    """All money of the order, the oldest entry first."""
    query = select(Payment).where(Payment.order_id == order.id).order_by(Payment.id)
    return list(session.scalars(query))


def find_payment(client_id: str) -> Payment | None:
    """The payment that a form with this id has made."""
    return session.scalars(select(Payment).where(Payment.client_id == client_id)).one_or_none()


def received_fen(order: RepairOrder, account: Account = Account.CUSTOMER) -> int:
    """What the order has received from an account, refunds taken off, in fen."""
    return _sum(Payment.order_id == order.id, Payment.account == account)


def received_by_tender(order: RepairOrder) -> dict[Tender, int]:
    """What the order has received by each tender, refunds taken off; tenders without are left out.

    A refund goes back the way the money came.
    """
    query = (
        select(Payment.tender, sa.func.sum(Payment.amount_fen))
        .where(Payment.order_id == order.id)
        .group_by(Payment.tender)
    )
    found = {tender: int(fen) for tender, fen in session.execute(query)}
    return {tender: found[tender] for tender in Tender if found.get(tender)}


def _sum(*conditions: sa.ColumnElement[bool]) -> int:
    query = select(sa.func.coalesce(sa.func.sum(Payment.amount_fen), 0)).where(*conditions)
    return int(session.scalar(query) or 0)


def due_fen(settlement: Settlement, account: Account) -> int:
    """What an account has to pay of the settlement, in fen; old parts that are back lower it."""
    if account is Account.CUSTOMER:
        return settlement.customer_fen - core_back_fen(settlement.order)
    return add_up(list_lines(settlement)).by_account.get(account, 0)


def core_back_fen(order: RepairOrder) -> int:
    """What of the core deposits goes back to the customer, in fen."""
    key = ("cores back", order.id)
    known = {CoreReturn, PickLine}
    return db.remember(key, known, lambda: cores.back_fen([order.id]).get(order.id, 0))


def balance_fen(settlement: Settlement, account: Account = Account.CUSTOMER) -> int:
    """What an account still owes, in fen; below zero it has to get something back."""
    return due_fen(settlement, account) - received_fen(settlement.order, account)


def is_settled(order: RepairOrder) -> bool:
    """Whether the customer has paid in full, or may pay later (domain.md step 9 rules)."""
    settlement = find_live(order)
    return settlement is not None and settlement.state in (
        SettlementState.PAID,
        SettlementState.CREDITED,
    )


def find_credit(settlement: Settlement) -> CreditRequest | None:
    """The last credit request of the settlement."""
    query = select(CreditRequest).where(CreditRequest.settlement_id == settlement.id)
    return session.scalars(query.order_by(CreditRequest.id.desc()).limit(1)).one_or_none()


def get_credit(order: RepairOrder, credit_id: int) -> CreditRequest:
    """A credit request of the order; raises NotFound."""
    credit = session.get(CreditRequest, credit_id)
    if credit is None or credit.settlement.order_id != order.id:
        raise NotFound(N_("There is no such credit request."))
    return credit
