"""Money in and out: deposits, payments in several tenders, refunds, and credit."""

from __future__ import annotations

from datetime import date, datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.orders import service as orders
from workshop.orders.flow import OPEN
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.shop.separation import service as separation
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.settlement import gates, queries, rules, service, used
from workshop.steps.settlement.models import CreditRequest, Payment, Settlement
from workshop.steps.settlement.rules import Account, SettlementState, Tender


def take_payment(
    order: RepairOrder,
    tender: Tender,
    amount_fen: int,
    *,
    client_id: str,
    reference: str = "",
    repeat_reason: str = "",
    by: User,
    at: datetime,
) -> Payment:
    """Take money for the order's bill; before there is one, it is a deposit.

    The customer's last fen settles the order. A form that is sent twice (`client_id`) pays once.
    Raises RuleBroken when more than the balance is paid, and for a `reference` that was written
    down before without the reason of it; Invalid for a wrong amount.
    """
    staff.require_one_of(by, may_take(tender))
    orders.lock(order)
    known = _find_known(client_id, order)
    if known is not None:
        return known
    again = used.reason_for_reference(order, reference, repeat_reason)
    settlement = queries.find_live(order)
    if settlement is None:
        _check_deposit(order, tender, amount_fen)
    else:
        rules.check_payment(amount_fen, queries.balance_fen(settlement, tender.account))
    payment = _add(
        order, settlement, tender, amount_fen, client_id, by, at, reference=reference, again=again
    )
    if settlement is not None and tender.account is Account.CUSTOMER:
        _settle_when_paid(settlement, by, at)
    return payment


def may_take(tender: Tender) -> tuple[Permission, ...]:
    """The rights of which one is enough to note money by this tender: claims are warranty's too."""
    if tender.account is Account.MANUFACTURER:
        return Permission.SETTLE, Permission.WARRANTY
    return (Permission.SETTLE,)


def _find_known(client_id: str, order: RepairOrder) -> Payment | None:
    if not client_id.strip():
        raise Invalid(N_("This page is too old to be sent. Load it again."), code="client_id")
    known = queries.find_payment(client_id)
    if known is not None and known.order_id != order.id:
        raise Invalid(N_("This page is too old to be sent. Load it again."), code="client_id")
    return known


def _check_deposit(order: RepairOrder, tender: Tender, amount_fen: int) -> None:
    if order.stage not in OPEN:
        raise RuleBroken(N_("This order takes no deposit any more."), code="closed")
    if tender.account is not Account.CUSTOMER:
        raise Invalid(
            N_("A claim is paid once the settlement list is made."), field="tender", code="deposit"
        )
    if amount_fen <= 0:
        raise Invalid(N_("A payment is more than nothing."), field="amount")


def _settle_when_paid(settlement: Settlement, by: User, at: datetime) -> None:
    if queries.balance_fen(settlement) == 0 and settlement.state is not SettlementState.PAID:
        credit = queries.find_credit(settlement)
        if credit is not None and credit.approved is None:
            # Paid after all: nobody has to decide any more.
            credit.approved, credit.decided_at = False, at
        service.settle(settlement, SettlementState.PAID, by=by, at=at)


def refund(
    order: RepairOrder,
    tender: Tender,
    amount_fen: int,
    reason: str,
    *,
    client_id: str,
    by: User,
    at: datetime,
) -> Payment:
    """Give money back by the tender it came by: a negative entry, never a deletion.

    A locked bill must be reversed first; only what old parts brought back goes without. Raises
    RuleBroken when less was received, Invalid without a reason.
    """
    staff.require_one_of(by, may_take(tender))
    orders.lock(order)
    known = _find_known(client_id, order)
    if known is not None:
        return known
    if not reason.strip():
        raise Invalid(N_("Say why money is given back."), field="reason")
    settlement = queries.find_live(order)
    if (
        settlement is not None
        and not settlement.is_open
        and not _is_surplus(settlement, amount_fen)
    ):
        raise RuleBroken(
            N_("The settlement list %(no)s is locked. Reverse it before money is given back."),
            code="locked",
            way=Way("settlement.show", N_("Open the bill"), {"no": order.no}),
            no=settlement.no,
        )
    rules.check_refund(amount_fen, queries.received_by_tender(order).get(tender, 0))
    return _add(order, settlement, tender, -amount_fen, client_id, by, at, reason=reason.strip())


def _is_surplus(settlement: Settlement, amount_fen: int) -> bool:
    """Whether the customer has paid so much more than is due: their old parts came back."""
    return 0 < amount_fen <= -queries.balance_fen(settlement)


def _add(
    order: RepairOrder,
    settlement: Settlement | None,
    tender: Tender,
    amount_fen: int,
    client_id: str,
    by: User,
    at: datetime,
    *,
    reference: str = "",
    reason: str = "",
    again: str = "",
) -> Payment:
    payment = Payment(
        branch_id=order.branch_id,
        order_id=order.id,
        settlement_id=settlement.id if settlement else None,
        account=tender.account,
        tender=tender,
        amount_fen=amount_fen,
        reference=reference.strip(),
        reason=reason,
        repeat_reason=again,
        client_id=client_id.strip(),
        at=at,
        by_id=by.id,
    )
    session.add(payment)
    session.flush()
    told: dict[str, object] = {"tender": tender.value, "fen": amount_fen}
    told |= {"reason": reason} if reason else {}
    told |= {"repeat_reason": again, "reference": payment.reference} if again else {}
    audit.write(by, "settlement.payment", payment, at, **told)
    return payment


def ask_credit(
    settlement: Settlement, due_on: date, reason: str, *, by: User, at: datetime
) -> CreditRequest:
    """Ask that the customer may pay the balance until a day; somebody else decides.

    Raises RuleBroken when nothing is open or a request waits already, Invalid for a past day or
    without a reason.
    """
    staff.require_permission(by, Permission.SETTLE)
    orders.lock(settlement.order)
    db.reread(settlement)
    balance = queries.balance_fen(settlement)
    if not settlement.is_open or balance <= 0:
        raise RuleBroken(N_("Nothing of this bill is open."), code="nothing_open")
    waiting = queries.find_credit(settlement)
    if waiting is not None and waiting.approved is None:
        raise RuleBroken(N_("A credit request waits for its decision."), code="credit_open")
    if due_on < calendar.local_day(settlement.order.branch, at):
        raise Invalid(N_("The day of payment lies in the past."), field="due_on")
    if not reason.strip():
        raise Invalid(N_("Say why the customer may pay later."), field="credit_reason")
    credit = CreditRequest(
        settlement_id=settlement.id,
        amount_fen=balance,
        due_on=due_on,
        reason=reason.strip(),
        asked_at=at,
        asked_by_id=by.id,
    )
    session.add(credit)
    audit.write(by, "settlement.ask_credit", credit, at, fen=balance)
    return credit


def decide_credit(
    credit: CreditRequest,
    approve: bool,
    *,
    remark: str = "",
    exception: str = "",
    by: User,
    at: datetime,
) -> None:
    """Approve the credit, which settles the order, or refuse it.

    Raises NotAllowed without the right, and for the person who asked, unless the branch cannot
    keep the two apart: then `exception` says why (Invalid without).
    """
    staff.require_permission(by, Permission.APPROVE_CREDIT)
    settlement = credit.settlement
    ruling = gates.judge_credit(credit, by)
    separation.require(ruling, exception)
    orders.lock(settlement.order)
    db.reread(credit)
    if credit.approved is not None or not settlement.is_open:
        raise RuleBroken(N_("This credit is decided already."), code="decided")
    # First the exception: the database asks for it when one person decides alone.
    separation.note(ruling, credit, settlement.order.branch, exception, by=by, at=at)
    # Part of it may have been paid while the request waited; once decided, it is frozen.
    credit.amount_fen = queries.balance_fen(settlement)
    credit.approved, credit.remark = approve, remark.strip()
    credit.decided_at, credit.decided_by_id = at, by.id
    told = separation.told(ruling, exception)
    audit.write(by, "settlement.decide_credit", credit, at, approved=approve, **told)
    if approve:
        service.settle(settlement, SettlementState.CREDITED, by=by, at=at)
