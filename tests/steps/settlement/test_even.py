"""An order with money may owe until all of it is even; the database itself says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tests.databases import Database
from tests.factories import make_order, make_user
from tests.steps.settlement.factories import make_checked, make_settled, make_settlement
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.staff.permissions import RoleName
from workshop.steps.settlement import even, paying, queries
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.rules import Tender


def _marked() -> set[int]:
    session.flush()
    return set(session.scalars(select(RepairOrder.id).where(RepairOrder.may_owe.is_(True))))


def test_an_order_may_owe_from_its_first_money_until_it_is_even(
    database: Database, at: datetime
) -> None:
    # given
    manager = make_user(RoleName.SERVICE_MANAGER)
    deposit, without = make_order(), make_order()
    paying.take_payment(deposit, Tender.CASH, 20_000, client_id="d", by=manager, at=at)
    unpaid, paid = make_checked(), make_settled()
    make_settlement(unpaid)
    assert _marked() == {deposit.id, unpaid.id, paid.id}
    # when
    assert even.forget_even() == 1
    # then
    assert _marked() == {deposit.id, unpaid.id}
    assert without.id not in _marked()


def test_what_is_corrected_later_may_owe_again(database: Database, at: datetime) -> None:
    manager = make_user(RoleName.SERVICE_MANAGER)
    paid = make_settled()
    even.forget_even()
    assert _marked() == set()
    # when
    settlement.reverse_settlement(queries.get_live(paid), "开错", by=manager, at=at)
    # then
    assert _marked() == {paid.id}
    assert even.forget_even() == 0
