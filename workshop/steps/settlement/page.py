"""What the settlement page of an order shows: the bill, the money, and the forms beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from workshop import clock, money, web
from workshop.catalogue.models import Payer
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Ruling
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import CHARGES, LineKind
from workshop.steps.settlement import gates, paying, queries, rules, snapshots
from workshop.steps.settlement.forms import (
    CreditForm,
    DecisionForm,
    DiscountForm,
    InvoiceForm,
    PaymentForm,
    RefundForm,
    ReverseForm,
    new_client_id,
    plain_amount,
)
from workshop.steps.settlement.models import Settlement, SettlementLine
from workshop.steps.settlement.rules import Account, Tender
from workshop.stock.pricing import rules as markup
from workshop.web import versions

_USUAL_CREDIT = timedelta(days=30)
_CLAIMED = (Account.INSURER, Account.MANUFACTURER)
TABLES = (
    ("labour", (LineKind.LABOUR,)),
    ("parts", (LineKind.PART,)),
    ("other", CHARGES),
    ("cores", (LineKind.CORE,)),
)


def render(order: RepairOrder, refused: web.PartForm | None = None) -> ResponseReturnValue:
    """The page, with the refused form as it was typed."""
    bill = queries.find_live(order)
    forms = _forms(order, bill)
    if refused is not None:
        forms[refused.key] = refused
    _offer_tenders(forms, order, bill)
    offered = quotation.totals(quotation.list_authorised_lines(order))
    documents = queries.list_settlements(order)
    return web.page(
        "settlement/show.html",
        refused.status if refused is not None else 200,
        order=order,
        bill=bill,
        forms=forms,
        refused=refused,
        missing=gates.missing_to_make(order) if bill is None else [],
        offered=offered,
        is_authorised=quotation.has_bill(order),
        older=documents if len(documents) > 1 or bill is None else [],
        payments=queries.list_payments(order),
        received_fen=queries.received_fen(order),
        taken_back={web.whole(each) for each in request.form.getlist("line")},
        by_tender=queries.received_by_tender(order),
        **(_bill_context(bill) if bill is not None else {}),
        **_allowed(order, bill),
    )


def _allowed(order: RepairOrder, bill: Settlement | None) -> dict[str, Any]:
    """What the reader may do with the bill and the money now."""
    may, balance = me().may, queries.balance_fen(bill) if bill else 0
    credit = queries.find_credit(bill) if bill else None
    settles, is_open = may(Permission.SETTLE), bill is not None and bill.is_open
    ruling = gates.judge_credit(credit, me()) if credit is not None else Ruling()
    exceptions = separation.list_for(credit) if credit is not None else []
    has_money = bool(queries.received_by_tender(order))
    return {
        "can_pay": bool(_tenders(order, bill)) and _is_payable(bill),
        "can_pay_deposit": order.delivered_at is None,
        "can_close": settles and balance == 0,
        "can_ask_credit": settles and balance > 0,
        "can_decide_credit": may(Permission.APPROVE_CREDIT) and ruling.is_allowed,
        "credit_ruling": ruling,
        "exceptions": exceptions,
        "gives_back": balance < 0,
        "can_give_back": settles and has_money and (bill is None or is_open or balance < 0),
        "can_invoice": settles and bill is not None,
        "can_reverse": is_open or may(Permission.OVERRIDE),
        "can_hand_over": not is_open and may(Permission.DELIVER),
    }


def _is_payable(bill: Settlement | None) -> bool:
    """Whether somebody still owes something; without a bill it is a deposit."""
    if bill is None:
        return True
    claims = [queries.balance_fen(bill, account) for account in _CLAIMED]
    return queries.balance_fen(bill) > 0 or any(claims)


def _bill_context(bill: Settlement) -> dict[str, Any]:
    lines = queries.list_lines(bill)
    sums = queries.add_up(lines)
    return {
        "tables": tables(lines),
        "sums": sums,
        "mine": queries.add_up(line for line in lines if line.is_customers),
        "by_payer": [
            (payer, sums.by_payer[payer.value]) for payer in Payer if payer.value in sums.by_payer
        ],
        "balance_fen": queries.balance_fen(bill),
        "core_back_fen": queries.core_back_fen(bill.order),
        "balance_look": _balance_look(bill),
        "claims": _claims(bill, sums),
        "capitals": money.in_capitals(bill.customer_fen),
        "credit": queries.find_credit(bill),
        "margins": _margins(lines) if me().may(Permission.SEE_COST) else {},
    }


def _margins(lines: list[SettlementLine]) -> dict[int, int]:
    """By line: what its part brings beyond its last cost, in fen; for who may see costs."""
    ids = [line.quotation_line_id for line in lines if line.quotation_line_id is not None]
    found = {}
    costs = quotation.list_costs(ids)
    for line in lines:
        cost_fen = costs.get(line.quotation_line_id or 0)
        margin = markup.line_margin_fen(line.total_fen, cost_fen, line.quantity_milli)
        if margin is not None:
            found[line.id] = margin
    return found


def _balance_look(bill: Settlement) -> str:
    if not bill.is_open:
        return "card-good"
    return "card-accent" if queries.balance_fen(bill) else "card-warn"


def tables(lines: list[SettlementLine]) -> list[tuple[str, list[SettlementLine]]]:
    """The lines by what they charge: labour, parts, other, deposits; empty ones are left out."""
    found = [(name, [line for line in lines if line.kind in kinds]) for name, kinds in TABLES]
    return [(name, some) for name, some in found if some]


def _claims(bill: Settlement, sums: rules.Sums) -> list[tuple[Account, int, int]]:
    """What insurer and manufacturer have to pay, and what of it is open."""
    return [
        (account, sums.by_account[account], queries.balance_fen(bill, account))
        for account in _CLAIMED
        if sums.by_account.get(account)
    ]


def _forms(order: RepairOrder, bill: Settlement | None) -> dict[str, web.PartForm]:
    due_on = calendar.local_day(order.branch, clock.now()) + _USUAL_CREDIT
    forms: list[web.PartForm] = [
        _payment_form(order, bill),
        RefundForm.blank(client_id=new_client_id(), amount=_to_give_back(bill)),
        CreditForm.blank(due_on=due_on),
        DecisionForm.blank(),
        ReverseForm.blank(),
        _discount_form(bill),
        _invoice_form(bill),
    ]
    return {form.key: form for form in forms}


def _payment_form(order: RepairOrder, bill: Settlement | None) -> PaymentForm:
    """What is open; for who takes no money of customers, the claim."""
    offered = _tenders(order, bill)
    usual = Tender.WECHAT if Tender.WECHAT in offered or not offered else offered[0]
    open_fen = max(queries.balance_fen(bill, usual.account), 0) if bill else 0
    amount = plain_amount(open_fen) if open_fen else ""
    return PaymentForm.blank(client_id=new_client_id(), tender=usual.value, amount=amount)


def _to_give_back(bill: Settlement | None) -> str:
    surplus = -queries.balance_fen(bill) if bill else 0
    return plain_amount(surplus) if surplus > 0 else ""


def _discount_form(bill: Settlement | None) -> DiscountForm:
    if bill is None:
        return DiscountForm.blank()
    given = plain_amount(bill.discount_fen) if bill.discount_fen else ""
    seen = versions.mark(snapshots.discount_now(bill))
    return DiscountForm.blank(seen=seen, discount=given, reason=bill.discount_reason)


def _invoice_form(bill: Settlement | None) -> InvoiceForm:
    if bill is None:
        return InvoiceForm.blank()
    seen = versions.mark(snapshots.invoice_now(bill))
    if bill.invoice_kind is None:
        return InvoiceForm.blank(seen=seen)
    kind = bill.invoice_kind.value
    return InvoiceForm.blank(seen=seen, invoice_kind=kind, invoice_no=bill.invoice_no)


def _tenders(order: RepairOrder, bill: Settlement | None) -> list[Tender]:
    """By which the reader may take money now: the customer's, and those of open claims."""
    if order.stage is Stage.CANCELLED:
        return []
    claims = [tender for tender in Tender if tender.account is not Account.CUSTOMER]
    due = [t for t in claims if bill is not None and queries.balance_fen(bill, t.account) > 0]
    return [
        tender
        for tender in (*rules.CUSTOMER_TENDERS, *due)
        if any(me().may(each) for each in paying.may_take(tender))
    ]


def _offer_tenders(
    forms: dict[str, web.PartForm], order: RepairOrder, bill: Settlement | None
) -> None:
    """Name the tenders that make sense now; the sums of a refund stand beside its tender."""
    forms["pay"].tender.choices = web.choices(_tenders(order, bill))
    forms["refund"].tender.choices = web.choices(queries.received_by_tender(order))
