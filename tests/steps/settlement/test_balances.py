"""Lists of money are made from balances: whatever is owed stays until it is nought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch, make_order, make_user
from tests.steps.settlement.factories import make_checked, make_settled, make_settlement
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.orders import cancellation
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.settlement import balances, even, paying, queries
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.balances import Why
from workshop.steps.settlement.models import Payment, Settlement, SettlementLine
from workshop.steps.settlement.rules import Account, Tender


def _independent() -> dict[tuple[int, str], int]:
    """Row by row in Python: each bill that counts, less each payment."""
    found: dict[tuple[int, str], int] = {}
    for bill in session.query(Settlement):
        if bill.is_red or bill.state.value == "reversed":
            continue
        key = (bill.order_id, "customer")
        found[key] = found.get(key, 0) + bill.customer_fen
        for line in session.query(SettlementLine).filter_by(settlement_id=bill.id):
            name = {"insurance": "insurer", "warranty": "manufacturer"}.get(line.payer.value)
            if name:
                found[bill.order_id, name] = found.get((bill.order_id, name), 0) + line.total_fen
    for entry in session.query(Payment):
        key = (entry.order_id, entry.account.value)
        found[key] = found.get(key, 0) - entry.amount_fen
    return {key: fen for key, fen in found.items() if fen}


def _listed(at: datetime) -> dict[tuple[int, str], int]:
    # What is even was taken out of the list of those that may owe; each act puts it back.
    even.forget_even()
    found = balances.load(make_branch())
    rows = [*found.to_come, *found.to_give]
    return {(row.order.id, row.account.value): row.balance_fen for row in rows}


def test_every_balance_is_listed_until_it_is_nought(
    database: Database, at: datetime, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given a deposit of a cancelled order, and of one in work
    manager = make_user(RoleName.SERVICE_MANAGER)
    cancelled, in_work = make_order(), make_order()
    for order in (cancelled, in_work):
        paying.take_payment(order, Tender.CASH, 20_000, client_id=order.no, by=manager, at=at)
    cancellation.cancel_order(cancelled, "客户不修了", by=manager, at=at)
    # and a bill that was taken back after it was paid, one that is unpaid, and a claim
    taken_back = make_settled()
    settlement.reverse_settlement(queries.get_live(taken_back), "开错", by=manager, at=at)
    unpaid = make_checked()
    make_settlement(unpaid)
    claimed = make_checked(labour=((24_000, Payer.CUSTOMER), (30_000, Payer.WARRANTY)))
    make_settlement(claimed)
    # and one that is even
    make_settled()
    # then
    assert _listed(at) == _independent()
    found = balances.load(make_branch())
    whys = {(row.order.id, row.account): row.why for row in [*found.to_come, *found.to_give]}
    assert whys == {
        (cancelled.id, Account.CUSTOMER): Why.NO_BILL,
        (in_work.id, Account.CUSTOMER): Why.DEPOSIT,
        (taken_back.id, Account.CUSTOMER): whys[taken_back.id, Account.CUSTOMER],
        (unpaid.id, Account.CUSTOMER): Why.UNPAID,
        (claimed.id, Account.CUSTOMER): Why.UNPAID,
        (claimed.id, Account.MANUFACTURER): Why.CLAIM,
    }
    # when
    session.commit()
    manager.locale = "en"
    client = sign_in(manager)
    page = client.get("/settlement/owed").text
    assert cancelled.no in page
    # the page that it leads to gives back
    assert (
        f"/orders/{cancelled.no}/settlement/refund"
        in client.get(f"/orders/{cancelled.no}/settlement").text
    )
    paying.refund(cancelled, Tender.CASH, 20_000, "取消", client_id="r", by=manager, at=at)
    # then
    assert (cancelled.id, "customer") not in _listed(at)
    assert _listed(at) == _independent()
