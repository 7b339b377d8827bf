"""A number that was written down before: most often the same slip typed twice."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.orders.models import RepairOrder
from workshop.steps.settlement.models import Payment, Settlement

USED = "used_before"


def refuse_reference(order: RepairOrder, reference: str) -> None:
    """Raise RuleBroken when money came in under this slip or transaction number already."""
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
    _refuse(
        N_(
            "“%(number)s” stands at a payment of %(no)s already. "
            "Look there, or say that it is meant."
        ),
        plain,
        session.scalars(query).first() if plain else None,
        "reference",
    )


def refuse_invoice(settlement: Settlement, number: str) -> None:
    """Raise RuleBroken when another order of the branch has an invoice of this number."""
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
    _refuse(
        N_("Invoice “%(number)s” stands at %(no)s already. Look there, or say that it is meant."),
        plain,
        session.scalars(query).first() if plain else None,
        "invoice_no",
    )


def _refuse(message: str, number: str, no: str | None, field: str) -> None:
    if no is not None:
        raise RuleBroken(message, field=field, code=USED, number=number, no=no)
