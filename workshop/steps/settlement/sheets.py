"""Bills and money as lists that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, money
from workshop.orders import columns
from workshop.shop import calendar
from workshop.steps.settlement import balances, claims, worklist
from workshop.steps.settlement.models import Payment, Settlement

_MOST_DAYS = 3700


def day_of(asked: Asked) -> date:
    """The day whose close is asked for, today at the latest."""
    today = calendar.local_day(asked.branch, asked.at)
    return min(asked.day("day") or today, today)


def _days(asked: Asked) -> Iterator[date]:
    """The day that the page shows; more days up to `last`, where that is named."""
    first = day_of(asked)
    last = asked.day("last") or first
    return (
        first + timedelta(days=each) for each in range(min((last - first).days + 1, _MOST_DAYS))
    )


def _payments(asked: Asked) -> Iterator[Payment]:
    for day in _days(asked):
        yield from worklist.list_day_payments(asked.branch, day)


def _settled(asked: Asked) -> Iterator[Settlement]:
    for day in _days(asked):
        yield from worklist.list_settled(asked.branch, day)


def _takings(asked: Asked) -> list[worklist.TenderSum]:
    return worklist.add_up_takings(list(_payments(asked))).by_tender


_BILL = (
    Column(N_("Number"), lambda row: row.no),
    *columns.car(lambda row: row.order),
    *columns.customer(lambda row: row.order),
    Column(N_("Kind"), lambda row: row.kind),
    Column(N_("State"), lambda row: row.state),
    money(N_("Labour"), lambda row: row.labour_fen),
    money(N_("Parts"), lambda row: row.parts_fen),
    money(N_("Other"), lambda row: row.other_fen),
    money(N_("Discount"), lambda row: row.discount_fen),
    money(N_("Total"), lambda row: row.total_fen),
    money(N_("Tax"), lambda row: row.tax_fen),
    money(N_("For the customer"), lambda row: row.customer_fen),
    Column(N_("Made"), lambda row: row.made_at),
    Column(N_("Settled"), lambda row: row.settled_at),
    Column(N_("Invoice"), lambda row: row.invoice_kind),
    Column(N_("Invoice no."), lambda row: row.invoice_no),
    columns.advisor(lambda row: row.order),
)
_OPEN = (
    Column(N_("Why"), lambda row: row.why),
    Column(N_("Bill"), lambda row: row.bill and row.bill.no),
    Column(N_("Bill made"), lambda row: row.bill and row.bill.made_at),
)

SHEETS = (
    ListSheet(
        "to-pay",
        N_("To pay"),
        "settlement.index",
        (
            *columns.car(lambda row: row.bill.order),
            *columns.customer(lambda row: row.bill.order),
            Column(N_("Bill"), lambda row: row.bill.no),
            money(N_("Amount"), lambda row: row.bill.customer_fen),
            money(N_("Still open"), lambda row: row.balance_fen),
            Column(N_("Credit asked for"), lambda row: row.credit is not None),
        ),
        lambda asked: worklist.list_to_pay(asked.branch),
    ),
    ListSheet(
        "to-settle",
        N_("To settle"),
        "settlement.index",
        (
            *columns.car(lambda row: row.order),
            *columns.customer(lambda row: row.order),
            Column(N_("Stage"), lambda row: row.order.stage),
            money(N_("Authorised"), lambda row: row.authorised_fen),
            Column(N_("Can be settled now"), lambda row: not row.missing),
        ),
        lambda asked: worklist.list_to_make(asked.branch),
    ),
    ListSheet(
        "bills-today",
        N_("Settled today"),
        "settlement.index",
        _BILL,
        lambda asked: worklist.list_settled(
            asked.branch, calendar.local_day(asked.branch, asked.at)
        ),
    ),
    ListSheet("bills", N_("Settled bills"), "settlement.day", _BILL, _settled),
    ListSheet(
        "payments",
        N_("Payments"),
        "settlement.day",
        (
            Column(N_("Time"), lambda row: row.at),
            *columns.car(lambda row: row.order),
            Column(N_("Customer"), lambda row: row.order.customer.name),
            Column(N_("From"), lambda row: row.account),
            Column(N_("Paid by"), lambda row: row.tender),
            money(N_("Amount"), lambda row: row.amount_fen),
            Column(N_("Deposit"), lambda row: row.is_deposit),
            Column(N_("Refund"), lambda row: row.is_refund),
            Column(N_("Note"), lambda row: row.reference),
            Column(N_("Reason"), lambda row: row.reason),
            Column(N_("By"), lambda row: row.by.display_name),
        ),
        _payments,
    ),
    ListSheet(
        "takings",
        N_("Takings by tender"),
        "settlement.day",
        (
            Column(N_("Paid by"), lambda row: row.tender),
            Column(N_("Entries"), lambda row: row.count),
            money(N_("Money received"), lambda row: row.in_fen),
            money(N_("Given back"), lambda row: row.out_fen),
            money(N_("Net"), lambda row: row.net_fen),
        ),
        _takings,
    ),
    ListSheet(
        "open-money",
        N_("Open money"),
        "settlement.owed",
        (
            Column(N_("From"), lambda row: row.account),
            *columns.car(lambda row: row.order),
            *columns.customer(lambda row: row.order),
            *_OPEN,
            Column(N_("Stage"), lambda row: row.order.stage),
            Column(N_("To be paid by"), lambda row: row.due_on),
            money(N_("To come in (below zero: to give back)"), lambda row: row.balance_fen),
        ),
        lambda asked: [
            *balances.load(asked.branch).to_give,
            *balances.load(asked.branch).to_come,
        ],
    ),
    ListSheet(
        "claims",
        N_("Warranty claims"),
        "settlement.claims",
        (
            *columns.car(lambda row: row.order),
            *_OPEN,
            money(N_("Still open"), lambda row: row.owed_fen),
        ),
        lambda asked: balances.list_claims(asked.branch),
    ),
    ListSheet(
        "claims-ahead",
        N_("Warranty work without a bill"),
        "settlement.claims",
        (
            *columns.car(lambda row: row.order),
            Column(N_("Quotation"), lambda row: row.quotation.no),
            Column(N_("State"), lambda row: row.quotation.state),
            money(N_("For the maker"), lambda row: row.fen),
        ),
        lambda asked: claims.list_ahead(asked.branch),
    ),
)
