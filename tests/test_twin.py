"""The twin branch that other tests lean on: a full copy, and the guards are awake again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from tests import twin
from tests.databases import Database
from tests.steps.settlement.factories import make_settled
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.steps.settlement.models import Payment


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_twin_is_a_copy_that_can_be_told_apart(database: Database) -> None:
    # given
    order = make_settled()
    # when
    other = twin.fill(order.branch_id)
    # then
    copied = session.scalars(select(RepairOrder).where(RepairOrder.branch_id == other)).one()
    assert copied.no == order.no.replace("-", "-2-")
    assert copied.vehicle.plate.startswith(twin.PROVINCE)
    assert copied.customer.name == order.customer.name + twin.MARK
    paid = session.scalars(select(Payment.amount_fen).order_by(Payment.amount_fen)).all()
    assert paid == [62_000, 62_000 * 7]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_guards_are_awake_after_the_filling(database: Database) -> None:
    order = make_settled()
    twin.fill(order.branch_id)
    with pytest.raises(sa.exc.DBAPIError):
        session.execute(sa.text("UPDATE payment SET amount_fen = 1"))
    session.rollback()
