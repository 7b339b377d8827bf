"""Core deposits and defective pieces as lists that may be taken along."""

from __future__ import annotations

from workshop import web
from workshop.db import session
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Unit, amount, money, within
from workshop.orders import columns
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.parts.cores import queries
from workshop.steps.parts.cores.queries import Row
from workshop.stock.cores import queries as sent
from workshop.stock.quarantine import service as quarantine
from workshop.stock.quarantine.models import Quarantine


def list_out(asked: Asked) -> list[Row]:
    """The deposits of customers that the page lists."""
    return queries.list_out(asked.branch.id, web.half_width(asked.text) or "")


def _order_no(row: Quarantine) -> str | None:
    return session.get_one(RepairOrder, row.order_id).no if row.order_id else None


def _name(user_id: int) -> str:
    return session.get_one(User, user_id).display_name


_PART = (
    Column(N_("Part no."), lambda row: row.part.no),
    Column(N_("Part"), lambda row: row.part),
    Column(N_("Unit"), lambda row: Unit(row.part.unit)),
)
_CAR = columns.car(lambda row: row.order)

SHEETS = (
    ListSheet(
        "cores-out",
        N_("Customers: old parts still out"),
        "parts.cores",
        (
            *_CAR,
            Column(N_("Customer"), lambda row: row.order.customer.name),
            *within(lambda row: row.line, _PART),
            amount(N_("Still out"), lambda row: row.deposit.out),
            money(N_("We owe for it"), lambda row: row.deposit.out_fen),
            Column(N_("Back by"), lambda row: row.due_on),
        ),
        list_out,
    ),
    ListSheet(
        "cores-held",
        N_("Suppliers: deposits they hold"),
        "parts.cores",
        (
            Column(N_("Supplier"), lambda row: row.supplier.name),
            *_PART,
            amount(N_("To send back"), lambda row: row.milli),
            money(N_("They owe for it"), lambda row: row.fen),
        ),
        lambda asked: sent.list_held(asked.branch.id),
    ),
    ListSheet(
        "cores-sent",
        N_("Sent back to suppliers"),
        "parts.cores",
        (
            Column(N_("Return note"), lambda row: row.document),
            Column(N_("Supplier"), lambda row: row.supplier.name),
            Column(N_("Time"), lambda row: row.sent_at),
            Column(N_("By"), lambda row: _name(row.sent_by_id)),
            *_PART,
            amount(N_("Quantity"), lambda row: row.quantity_milli),
            money(N_("They owe for it"), lambda row: row.due_fen),
            money(N_("Credited amount"), lambda row: row.credited_fen),
            Column(N_("Credit note"), lambda row: row.credit_no),
        ),
        lambda asked: sent.list_shipments(asked.branch.id, None),
    ),
    ListSheet(
        "cores-back",
        N_("Came back lately"),
        "parts.cores",
        (
            Column(N_("Time"), lambda row: row.at),
            Column(N_("By"), lambda row: row.by.display_name),
            *_CAR,
            *within(lambda row: row.line, _PART),
            amount(N_("Quantity"), lambda row: row.quantity_milli),
            Column(N_("What became of it"), lambda row: row.outcome),
            Column(N_("Note"), lambda row: row.note),
        ),
        lambda asked: queries.list_done(asked.branch.id, None),
    ),
    ListSheet(
        "defective-parts",
        N_("Defective parts"),
        "parts.quarantined",
        (
            *_PART,
            amount(N_("Quantity"), lambda row: row.quantity_milli),
            Column(N_("Order no."), _order_no),
            Column(N_("Put aside at"), lambda row: row.put_at),
            Column(N_("By"), lambda row: row.put_by.display_name),
            Column(N_("Note"), lambda row: row.note),
            Column(N_("Supplier"), lambda row: row.supplier and row.supplier.name),
            Column(N_("Claim no."), lambda row: row.claim_no),
            Column(N_("What became of it"), lambda row: row.outcome),
            Column(N_("Ended at"), lambda row: row.ended_at),
            Column(N_("Outcome in words"), lambda row: row.end_note),
        ),
        lambda asked: [
            *quarantine.list_open(asked.branch.id),
            *quarantine.list_over(asked.branch.id, None),
        ],
    ),
)
