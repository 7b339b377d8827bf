"""A number that was written down before: most often the same slip typed twice."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.orders.models import RepairOrder
from workshop.steps.settlement.models import Payment, Settlement

USED = "used_before"


def reason_for_reference(order: RepairOrder, reference: str, reason: str) -> str:
    """Why this slip or transaction number is written down again; empty when it is not used yet.

    One transfer may pay two cars, and a payment typed wrong is given back and typed again. Raises
    RuleBroken when money came in under the number already and nobody says why it does again.
    """
    db.lock("payment", order.branch_id)
    plain = reference.strip()
    query = (
        select(RepairOrder.no)
        .join(Payment, Payment.order_id == RepairOrder.id)
        .where(
            Payment.branch_id == order.branch_id,
            sa.func.upper(Payment.reference) == plain.upper(),
            Payment.amount_fen > 0,
        )
        .order_by(Payment.id.desc())
    )
    no = session.scalars(query).first() if plain else None
    message = N_("“%(number)s” stands at a payment of %(no)s already. Look there, or say why.")
    return _reason(message, plain, no, reason, "reference")


def reason_for_invoice(settlement: Settlement, number: str, reason: str) -> str:
    """Why the invoice is for several orders; empty when no other order has it.

    A company may get one invoice for two cars. Raises RuleBroken when another order of the branch
    has an invoice of this number and nobody says why.
    """
    db.lock("invoice", settlement.branch_id)
    plain = number.strip()
    query = (
        select(RepairOrder.no)
        .join(Settlement, Settlement.order_id == RepairOrder.id)
        .where(
            RepairOrder.branch_id == settlement.order.branch_id,
            sa.func.upper(Settlement.invoice_no) == plain.upper(),
            Settlement.order_id != settlement.order_id,
        )
        .order_by(Settlement.id.desc())
    )
    no = session.scalars(query).first() if plain else None
    message = N_("Invoice “%(number)s” stands at %(no)s already. Look there, or say why.")
    return _reason(message, plain, no, reason, "invoice_no")


def _reason(message: str, number: str, no: str | None, reason: str, field: str) -> str:
    if no is None:
        return ""
    if not reason.strip():
        raise RuleBroken(message, field=field, code=USED, number=number, no=no)
    return reason.strip()[:200]
