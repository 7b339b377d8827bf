"""The quotations by what happens next, as lists that may be taken along."""

from __future__ import annotations

from workshop.errors import N_
from workshop.listing import Column, ListSheet, money
from workshop.orders import columns
from workshop.steps.quotation.lists import Lists, Row


def _number(row: Row) -> str | None:
    return f"{row.quotation.no}-{row.quotation.version_no}" if row.quotation else None


_ROW = (
    *columns.car(lambda row: row.order),
    *columns.customer(lambda row: row.order),
    Column(N_("Quotation"), _number),
    Column(N_("State"), lambda row: row.quotation and row.quotation.state),
    Column(N_("Additional work"), lambda row: row.quotation and not row.quotation.is_main),
    Column(N_("Urgency"), lambda row: row.quotation and row.quotation.urgency),
    Column(N_("Concern"), lambda row: row.order.concern),
    money(N_("Price"), lambda row: row.fen),
    columns.advisor(lambda row: row.order),
)
_WAITS = (
    Column(N_("Waiting since"), lambda row: row.since),
    Column(N_("Minutes waited"), lambda row: row.minutes),
)

SHEETS = (
    ListSheet(
        "to-quote",
        N_("Waiting for a quotation"),
        "quotation.index",
        (*_ROW, *_WAITS),
        lambda asked: Lists(asked.branch.id, asked.at).to_quote(),
    ),
    ListSheet(
        "to-decide",
        N_("Waiting for the customer's decision"),
        "quotation.index",
        (*_ROW, *_WAITS),
        lambda asked: Lists(asked.branch.id, asked.at).to_decide(),
    ),
    ListSheet(
        "approved",
        N_("Approved today"),
        "quotation.index",
        (
            *_ROW,
            Column(N_("Signed"), lambda row: row.since),
            Column(N_("Signed by"), lambda row: row.quotation.signer_name),
        ),
        lambda asked: Lists(asked.branch.id, asked.at).approved_today(),
    ),
)
