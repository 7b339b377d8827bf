"""What must never be false is refused by the database itself, whoever writes into it.

Raw SQL goes past every service here, on both databases. What the database must refuse, guard by
guard and to the minute, is tried in tests/guards; here it is tried on documents as the services
leave them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import CheckConstraint
from sqlalchemy.exc import DBAPIError

from tests.allocation.factories import make_allocation
from tests.databases import Database
from tests.factories import AT, make_bay, make_order, make_part, make_technician, make_user
from tests.gates.back import make_open_case
from tests.guards.rows import refuses
from tests.shop.factories import hour
from tests.steps.booking import factories as bookings
from tests.steps.followup.factories import QUESTIONS, make_follow_up
from tests.steps.handover.factories import prepare
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as repairs
from tests.steps.settlement.factories import (
    DAY,
    make_cashier,
    make_checked,
    make_settled,
    make_settlement,
)
from workshop import db
from workshop.customers.models import Channel
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.staff.permissions import RoleName
from workshop.steps.followup import service as followup
from workshop.steps.handover import delivery
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.settlement import paying

# ---- Facts ----

Prepare = Callable[[], str]


def two_live_bills() -> str:
    order = make_settled()
    columns = _columns("settlement", "id", "no", "version_no")
    return (
        f"INSERT INTO settlement (no, version_no, {columns}) "
        f"SELECT 'ST-2', 2, {columns} FROM settlement WHERE order_id = {order.id}"
    )


def _columns(table: str, *without: str) -> str:
    names = db.Model.metadata.tables[table].columns.keys()
    return ", ".join(name for name in names if name not in without)


def a_bill_above_what_was_authorised() -> str:
    make_settlement()
    return "UPDATE settlement SET customer_fen = authorised_fen + 1"


def a_discount_that_nobody_gave() -> str:
    make_settlement()
    return "UPDATE settlement SET discount_fen = 1"


def a_settled_bill_with_another_total() -> str:
    make_settled()
    return "UPDATE settlement SET total_fen = 1"


def a_settled_bill_opened_again() -> str:
    make_settled()
    return "UPDATE settlement SET state = 'open'"


def a_settled_bill_deleted() -> str:
    make_settled()
    return "DELETE FROM settlement"


def a_line_of_a_settled_bill() -> str:
    make_settled()
    return "UPDATE settlement_line SET total_fen = 1, agreed_fen = 1"


def _pay_again(change: str) -> str:
    make_settled()
    columns = _columns("payment", "id", "client_id", "amount_fen", "reason")
    return (
        f"INSERT INTO payment (client_id, amount_fen, reason, {columns}) "
        f"SELECT {change}, {columns} FROM payment"
    )


def the_same_payment_twice() -> str:
    return _pay_again("client_id, amount_fen, reason")


def a_payment_of_nothing() -> str:
    return _pay_again("'again', 0, ''")


def a_refund_without_a_reason() -> str:
    return _pay_again("'again', -100, ''")


def a_credit_approved_by_who_asked() -> str:
    paying.ask_credit(make_settlement(), DAY, "月结客户", by=make_cashier(), at=AT)
    return (
        "UPDATE credit_request SET approved = TRUE, decided_at = asked_at, "
        "decided_by_id = asked_by_id"
    )


def a_signed_line_changed() -> str:
    quotations.make_signed()
    return "UPDATE quotation_line SET total_fen = 1"


def a_line_added_to_a_signed_quotation() -> str:
    quotations.make_signed()
    columns = _columns("quotation_line", "id")
    return f"INSERT INTO quotation_line ({columns}) SELECT {columns} FROM quotation_line"


def a_signed_quotation_promising_another_time() -> str:
    quotations.make_signed()
    return "UPDATE quotation SET offered_promise_at = NULL"


def a_quotation_signed_at_no_time() -> str:
    quotations.make_offer()
    return "UPDATE quotation SET state = 'signed'"


def a_technician_at_two_cars() -> str:
    technician = make_technician()
    make_allocation(technician, make_bay(), hour(14))
    make_allocation(make_technician(), make_bay(), hour(15))
    # An hour ends at 15:00, and its buffer a quarter later.
    return f"UPDATE allocation SET technician_id = {technician.id}"


def a_bay_with_two_cars() -> str:
    bay = make_bay()
    make_allocation(make_technician(), bay, hour(14))
    make_allocation(make_technician(), make_bay(), hour(15))
    return f"UPDATE allocation SET bay_id = {bay.id}"


def a_clock_that_runs_twice() -> str:
    repairs.make_running()
    columns = _columns("work_session", "id")
    return f"INSERT INTO work_session ({columns}) SELECT {columns} FROM work_session"


def stock_below_zero() -> str:
    make_part(on_hand=1)
    return "UPDATE stock_level SET on_hand_milli = -1"


def more_reserved_than_is_there() -> str:
    make_part(on_hand=1)
    return "UPDATE stock_level SET reserved_milli = on_hand_milli + 1"


def a_slot_given_twice() -> str:
    _, (advisor,) = bookings.make_shop()
    bookings.make_appointment(advisor, "14:00")
    bookings.make_appointment(advisor, "14:15")
    return "UPDATE appointment SET slot_at = (SELECT min(slot_at) FROM appointment)"


def a_number_given_twice() -> str:
    make_order()
    make_order()
    return "UPDATE repair_order SET no = (SELECT min(no) FROM repair_order)"


def a_delivery_of_a_car_that_was_never_ready() -> str:
    make_order(Stage.REPAIR)
    return "UPDATE repair_order SET delivered_at = arrived_at"


def a_second_gate_pass() -> str:
    order = prepare(make_settled())
    delivery.deliver(order, signer_name="王", by=order.advisor, at=AT)
    columns = _columns("gate_pass", "id", "no")
    return f"INSERT INTO gate_pass (no, {columns}) SELECT 'GP-2', {columns} FROM gate_pass"


def a_car_let_out_by_nobody() -> str:
    order = prepare(make_settled())
    delivery.deliver(order, signer_name="王", by=order.advisor, at=AT)
    return "UPDATE gate_pass SET left_at = issued_at"


def a_case_closed_without_the_second_call() -> str:
    make_open_case(make_user(RoleName.CUSTOMER_RELATIONS))
    return 'UPDATE "case" SET closed_at = opened_at'


def an_answer_of_six_out_of_five() -> str:
    followup.record_answers(
        make_follow_up(),
        dict.fromkeys(QUESTIONS, 5),
        is_fixed=True,
        recommendation=9,
        words="",
        channel=Channel.PHONE,
        owner=make_user(RoleName.CUSTOMER_RELATIONS),
        day=DAY,
        by=make_user(RoleName.CUSTOMER_RELATIONS),
        at=AT,
    )
    return "UPDATE follow_up_answer SET score = 6"


def a_check_of_no_job_by_its_technician() -> str:
    make_checked()
    return "UPDATE inspection SET level = 'self_check'"


def a_stage_that_does_not_exist() -> str:
    make_order()
    return "UPDATE repair_order SET stage = 'nearly_done'"


FACTS = (
    two_live_bills,
    a_bill_above_what_was_authorised,
    a_discount_that_nobody_gave,
    a_settled_bill_with_another_total,
    a_settled_bill_opened_again,
    a_settled_bill_deleted,
    a_line_of_a_settled_bill,
    the_same_payment_twice,
    a_payment_of_nothing,
    a_refund_without_a_reason,
    a_credit_approved_by_who_asked,
    a_signed_line_changed,
    a_line_added_to_a_signed_quotation,
    a_signed_quotation_promising_another_time,
    a_quotation_signed_at_no_time,
    a_technician_at_two_cars,
    a_bay_with_two_cars,
    a_clock_that_runs_twice,
    stock_below_zero,
    more_reserved_than_is_there,
    a_slot_given_twice,
    a_number_given_twice,
    a_delivery_of_a_car_that_was_never_ready,
    a_second_gate_pass,
    a_car_let_out_by_nobody,
    a_case_closed_without_the_second_call,
    an_answer_of_six_out_of_five,
    a_check_of_no_job_by_its_technician,
    a_stage_that_does_not_exist,
)


@pytest.mark.parametrize("prepare_", FACTS, ids=lambda each: each.__name__)
def test_the_database_takes_no(database: Database, prepare_: Prepare) -> None:
    # What refuses it is a guard, and no slip of the pen in the statement.
    refuses(prepare_(), r"constraint|overlap:|signed:|settled:|two-people:")


def test_of_a_signed_line_only_the_job_may_become_another(database: Database) -> None:
    quotations.make_signed()
    session.commit()
    for column in QuotationLine.__table__.columns:
        statement = sa.text(f"UPDATE quotation_line SET {column.name} = {column.name}")
        if column.name == "job_id":
            session.execute(statement)
            continue
        with pytest.raises(DBAPIError, match="signed"):
            session.execute(statement)
        session.rollback()


# ---- All that the models ask for is really there ----


def test_every_check_of_the_models_is_in_the_database(database: Database) -> None:
    looked = sa.inspect(db.db.engine)
    for table in db.Model.metadata.sorted_tables:
        wanted = {
            str(each.name)
            for each in table.constraints
            if isinstance(each, CheckConstraint) and each.name is not None
        }
        kept = {str(each["name"]) for each in looked.get_check_constraints(table.name)}
        assert wanted <= kept, f"{table.name} misses {wanted - kept}"


def test_every_unique_index_of_the_models_is_in_the_database(database: Database) -> None:
    looked = sa.inspect(db.db.engine)
    option = f"{db.db.engine.dialect.name}_where"
    for table in db.Model.metadata.sorted_tables:
        kept = {each["name"]: each for each in looked.get_indexes(table.name)}
        for index in table.indexes:
            found = kept[str(index.name)]
            assert bool(found["unique"]) == index.unique, index.name
            is_partial = index.dialect_options[db.db.engine.dialect.name].get("where") is not None
            assert (option in found.get("dialect_options", {})) == is_partial, index.name
