from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.databases import Database
from tests.factories import make_job, make_user
from tests.steps.settlement.factories import (
    give_half_back,
    make_cashier,
    make_checked,
    make_settled,
    make_settlement,
    pay,
)
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import JobKind, JobState, Urgency
from workshop.staff.permissions import RoleName
from workshop.steps.repair.models import AdditionalWork
from workshop.steps.settlement import gates as settlement_gates
from workshop.steps.settlement import queries, service
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import SettlementState


def test_the_list_itemises_labour_and_parts_apart_and_moves_the_order(
    database: Database, at: datetime
) -> None:
    # given
    order = make_checked(Stage.WASH)
    # when
    bill = make_settlement(order)
    # then
    assert order.stage is Stage.SETTLEMENT
    assert (bill.labour_fen, bill.parts_fen, bill.total_fen) == (24_000, 38_000, 62_000)
    assert bill.customer_fen == bill.authorised_fen == 62_000
    assert bill.no == "ST20261123-0001"
    lines = queries.list_lines(bill)
    assert bill.tax_fen == sum(line.tax_fen for line in lines) == 2_761 + 4_372


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"final_check": False}, "final_check"),
        ({"job_state": JobState.RUNNING}, "jobs"),
        ({"issued": False}, "parts_issued"),
        ({"stage": Stage.REPAIR}, "stage"),
    ],
)
def test_the_list_waits_for_its_facts(
    database: Database, values: dict[str, object], code: str
) -> None:
    order = make_checked(**values)  # type: ignore[arg-type]
    assert code in [each.code for each in settlement_gates.missing_to_make(order)]
    with pytest.raises(RuleBroken):
        make_settlement(order)


def test_one_settlement_is_live_in_the_service_and_in_the_database(
    database: Database, at: datetime
) -> None:
    bill = make_settlement()
    with pytest.raises(RuleBroken, match="made already"):
        make_settlement(bill.order)
    session.add(
        Settlement(
            branch_id=bill.branch_id,
            order_id=bill.order_id,
            no="ST-second",
            version_no=2,
            authorised_fen=0,
            made_at=at,
            made_by_id=bill.made_by_id,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_part_that_was_returned_is_not_billed(database: Database) -> None:
    order = make_checked()
    give_half_back(order)
    bill = make_settlement(order)
    assert (bill.parts_fen, bill.customer_fen, bill.authorised_fen) == (19_000, 43_000, 62_000)


def test_warranty_and_rework_cost_the_customer_nothing_and_are_kept(database: Database) -> None:
    # given
    order = make_checked(labour=((24_000, Payer.CUSTOMER), (10_000, Payer.WARRANTY)))
    make_job(order, kind=JobKind.REWORK, state=JobState.DONE, position=9)
    # when
    bill = make_settlement(order)
    # then
    sums = queries.add_up(queries.list_lines(bill))
    assert bill.customer_fen == 62_000
    assert sums.by_payer["warranty"] == 10_000
    assert "internal" in sums.by_payer


def test_a_discount_needs_the_right_a_reason_and_an_open_bill(
    database: Database, at: datetime
) -> None:
    # given
    bill, manager = make_settlement(), make_user(RoleName.SERVICE_MANAGER)
    give = service.set_discount
    # then
    with pytest.raises(NotAllowed):
        give(bill, 2_000, "老客户", by=make_cashier(), at=at)
    with pytest.raises(Invalid):
        give(bill, 2_000, " ", by=manager, at=at)
    with pytest.raises(Conflict):
        give(bill, 2_000, "老客户", seen="an older state", by=manager, at=at)
    # when
    give(bill, 2_000, "老客户", by=manager, at=at)
    # then
    assert bill.customer_fen == 60_000 == sum(x.total_fen for x in queries.list_lines(bill))
    assert bill.discount_fen == 2_000
    # and given again it replaces the first
    session.flush()
    give(bill, 1_000, "老客户", by=manager, at=at)
    assert bill.customer_fen == 61_000
    pay(bill)
    with pytest.raises(RuleBroken, match="locked"):
        give(bill, 0, "", by=manager, at=at)


def test_a_total_above_the_authorised_is_refused_by_the_database_too(database: Database) -> None:
    bill = make_settlement()
    bill.customer_fen = bill.authorised_fen + 1
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_order_that_is_ready_may_be_handed_over_once_it_is_paid(database: Database) -> None:
    assert make_settled(Stage.READY).stage is Stage.READY
    order = make_settled(Stage.WASH)
    assert order.stage is Stage.SETTLED
    assert order.settled_at is not None
    assert order.ready_at is None


def test_a_locked_bill_refuses_every_change(database: Database) -> None:
    order = make_settled()
    bill = queries.get_live(order)
    bill_id = bill.id
    session.commit()
    for words in (
        f"UPDATE settlement_line SET total_fen = 0, agreed_fen = 0 WHERE settlement_id = {bill_id}",
        f"DELETE FROM settlement_line WHERE settlement_id = {bill_id}",
        f"UPDATE settlement SET customer_fen = 0 WHERE id = {bill_id}",
        f"UPDATE settlement SET state = 'open' WHERE id = {bill_id}",
        f"DELETE FROM settlement WHERE id = {bill_id}",
        "UPDATE payment SET amount_fen = 1",
        "DELETE FROM payment",
    ):
        with pytest.raises(DatabaseError, match=r"settled:|append-only:"):
            session.execute(sa.text(words))
        session.rollback()


def test_a_red_letter_reverses_and_the_next_version_counts_the_money(
    database: Database, at: datetime
) -> None:
    # given
    order = make_settled()
    bill, manager = queries.get_live(order), make_user(RoleName.SERVICE_MANAGER)
    # when
    red = service.reverse_settlement(bill, "折扣漏记", by=manager, at=at)
    # then
    assert (bill.state, red.state) == (SettlementState.REVERSED, SettlementState.REVERSED)
    assert red.customer_fen == -bill.customer_fen
    assert red.tax_fen == -bill.tax_fen
    assert order.stage is Stage.SETTLEMENT
    assert order.settled_at is None
    # when
    second = make_settlement(order, by=manager)
    # then
    assert [bill.no, red.no, second.no] == [f"ST20261123-000{n}" for n in (1, 2, 3)]
    assert [bill.version_no, red.version_no, second.version_no] == [1, 2, 3]
    assert queries.balance_fen(second) == 0
    service.close_settlement(second, by=manager, at=at)
    assert order.stage is Stage.READY


def test_only_the_manager_reverses_what_is_locked_and_only_with_a_reason(
    database: Database, at: datetime
) -> None:
    bill = queries.get_live(make_settled())
    with pytest.raises(NotAllowed):
        service.reverse_settlement(bill, "错", by=make_cashier(), at=at)
    with pytest.raises(Invalid):
        service.reverse_settlement(bill, "", by=make_user(RoleName.SERVICE_MANAGER), at=at)
    open_bill = make_settlement()
    service.reverse_settlement(open_bill, "错", by=make_cashier(), at=at)
    assert queries.find_live(open_bill.order) is None


def test_a_bill_that_others_pay_is_closed_without_a_payment(
    database: Database, at: datetime
) -> None:
    order = make_checked(labour=((10_000, Payer.WARRANTY),), parts_fen=())
    bill = make_settlement(order)
    assert bill.customer_fen == 0
    service.close_settlement(bill, by=make_cashier(), at=at)
    assert queries.is_settled(order)
    unpaid = make_settlement()
    with pytest.raises(RuleBroken, match=r"¥620\.00"):
        service.close_settlement(unpaid, by=make_cashier(), at=at)


def test_no_bill_is_made_while_a_finding_waits_for_its_price(
    database: Database, at: datetime
) -> None:
    order = make_checked()
    finding = AdditionalWork(
        order=order,
        job_id=make_job(order, state=JobState.DONE).id,
        finding="后减震器漏油",
        urgency=Urgency.YELLOW,
        requested_at=at,
        by=order.advisor,
    )
    session.add(finding)
    session.flush()
    assert "addition" in [each.code for each in settlement_gates.missing_to_make(order)]
    finding.dismissed_at = at
    assert "addition" not in [each.code for each in settlement_gates.missing_to_make(order)]
