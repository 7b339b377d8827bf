from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.databases import Database
from tests.factories import make_order, make_user, make_vehicle
from tests.steps.handover.factories import TODAY, prepare, tell_next_service
from tests.steps.settlement.factories import (
    make_cashier,
    make_checked,
    make_settled,
    make_settlement,
    pay,
)
from workshop.catalogue.models import Package, PackageItem
from workshop.customers.models import Channel, OdometerReading
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders import guarantees, history
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder, Urgency
from workshop.staff.permissions import RoleName
from workshop.steps.handover import collecting, delivery, gates, queries, service, worklist
from workshop.steps.handover import gates as handover_gates
from workshop.steps.handover.rules import Collector, HandoverItem, Proof
from workshop.steps.lounge.enums import CostBearer, Transport
from workshop.steps.lounge.models import Departure
from workshop.steps.quotation import queries as quotation
from workshop.steps.reception.models import Valuable, Walkaround
from workshop.steps.settlement import paying


def _codes(order: RepairOrder) -> list[str]:
    return [each.code for each in handover_gates.missing_to_deliver(order)]


def _leave_sheet(order: RepairOrder, at: datetime, loaner: str | None = None) -> Departure:
    departure = Departure(
        order_id=order.id,
        left_at=at,
        transport=Transport.TAXI,
        cost_bearer=CostBearer.CUSTOMER,
        reachable_phone="13800000001",
        report_channel=Channel.PHONE,
        pick_up_name="李四",
        pick_up_phone="13900000002",
        pick_up_code="042917",
        loaner_plate=loaner,
        noted_at=at,
        by_id=order.advisor_id,
    )
    session.add(departure)
    session.flush()
    return departure


def test_a_finished_wash_makes_the_car_ready(database: Database, at: datetime) -> None:
    # given
    washer = make_user(RoleName.WASHER)
    order = make_checked(Stage.WASH)
    # when
    service.finish_wash(order, by=washer, at=at)
    # then
    assert (order.stage, order.ready_at) == (Stage.READY, at)
    with pytest.raises(RuleBroken):
        service.finish_wash(order, by=washer, at=at)


def test_a_wash_while_the_bill_is_open_leaves_the_stage(database: Database, at: datetime) -> None:
    # given
    washer = make_user(RoleName.WASHER)
    bill = make_settlement(make_checked(Stage.WASH))
    order = bill.order
    assert order in worklist.list_to_wash(order.branch)
    # when
    service.finish_wash(order, by=washer, at=at)
    # then
    assert (order.stage, order.ready_at) == (Stage.SETTLEMENT, at)
    assert order not in worklist.list_to_wash(order.branch)
    with pytest.raises(RuleBroken, match="washed already"):
        service.finish_wash(order, by=washer, at=at)
    # and once it is paid it is ready at once
    pay(bill)
    assert order.stage.value == "ready"


def test_a_settled_car_is_ready_when_it_is_washed(database: Database, at: datetime) -> None:
    order = make_settled(Stage.WASH)
    assert order.stage is Stage.SETTLED
    assert "wash" in _codes(order)
    service.finish_wash(order, by=make_user(RoleName.WASHER), at=at)
    assert order.stage.value == "ready"


def test_nothing_is_handed_over_before_everything_is_there(
    database: Database, at: datetime
) -> None:
    order = make_checked()
    make_settlement(order)
    assert _codes(order)[:2] == ["payment", "walkround"]
    with pytest.raises(RuleBroken, match="not paid"):
        delivery.deliver(order, signer_name="王", by=order.advisor, at=at)


def test_an_approved_credit_is_as_good_as_a_payment(database: Database, at: datetime) -> None:
    bill = make_settlement()
    credit = paying.ask_credit(bill, date(2026, 12, 23), "月结", by=make_cashier(), at=at)
    assert "payment" in _codes(bill.order)
    paying.decide_credit(credit, True, by=make_user(RoleName.SERVICE_MANAGER), at=at)
    assert "payment" not in _codes(bill.order)


def test_the_delivery_writes_guarantee_next_service_and_gate_pass(
    database: Database, at: datetime
) -> None:
    # given
    order = prepare(make_settled())
    keep = Valuable(
        order_id=order.id, title="墨镜", kept_by_us=True, noted_at=at, noted_by_id=order.advisor_id
    )
    session.add(keep)
    deferred = history.add_deferred(
        order,
        title="更换制动盘",
        urgency=Urgency.RED,
        reason="",
        price_fen=1,
        operation_id=None,
        at=at,
    )
    assert _codes(order) == ["item_deferred", "item_valuables"]
    for item in (HandoverItem.DEFERRED, HandoverItem.VALUABLES):
        service.tick(order, item, by=order.advisor, at=at)
    # when
    gate_pass = delivery.deliver(order, signer_name="王小明", by=order.advisor, at=at)
    # then
    assert gate_pass.no == "GP20261123-0001"
    assert (order.stage, order.delivered_at) == (Stage.DELIVERED, at)
    in_force = guarantees.list_in_force(order.vehicle, TODAY, 52_010)
    assert [each.title for each in in_force] == ["更换前制动片"]
    assert (in_force[0].start_km, in_force[0].end_km) == (52_010, 54_010)
    assert in_force[0].ends_on == date(2026, 12, 3)
    assert order.vehicle.mileage_km == 52_010
    assert (order.vehicle.next_due_on, order.vehicle.next_due_km) == (date(2027, 5, 23), 62_010)
    assert keep.returned_at == deferred.told_at == at
    # and it is frozen
    with pytest.raises(RuleBroken, match="handed over already"):
        service.tick(order, HandoverItem.KEYS, by=order.advisor, at=at)
    with pytest.raises(RuleBroken, match="handed over already"):
        delivery.deliver(order, signer_name="王", by=order.advisor, at=at)


def test_each_line_has_its_own_time_and_a_slip_is_taken_back(
    database: Database, at: datetime
) -> None:
    # given
    order = make_settled()
    advisor, later = order.advisor, at + timedelta(minutes=3)
    service.tick(order, "clean", by=advisor, at=at)
    # when
    assert service.tick(order, "clean", by=advisor, at=later).checked_at == at
    service.take_back(order, "clean", by=advisor, at=later)
    # then
    assert "clean" not in queries.list_checks(order)
    service.tick(order, "clean", by=advisor, at=later)
    assert queries.list_checks(order)["clean"].checked_at == later
    with pytest.raises(RuleBroken, match="does not apply"):
        service.tick(order, HandoverItem.VALUABLES, by=advisor, at=at)


def test_new_damage_needs_words(database: Database, at: datetime) -> None:
    order = make_settled()
    for answer in (None, True):
        with pytest.raises(Invalid):
            service.record_walkround(order, answer, " ", by=order.advisor, at=at)
    service.record_walkround(order, True, "右门新划痕，免费补漆", by=order.advisor, at=at)
    record = queries.find_handover(order)
    assert record is not None
    assert record.new_damage is True


def test_another_person_needs_the_code_or_the_customers_word(
    database: Database, at: datetime
) -> None:
    # given
    order = make_settled()

    def take(
        proof: Proof | None = None, code: str = "", note: str = "", name: str = "李四"
    ) -> None:
        collecting.record_collector(
            order,
            Collector.OTHER,
            name=name,
            proof=proof,
            code=code,
            note=note,
            by=order.advisor,
            at=at,
        )

    # then
    with pytest.raises(Invalid) as refused:
        take(name="")
    assert refused.value.field == "name"
    with pytest.raises(Invalid) as refused:
        take()
    assert refused.value.field == "proof"
    with pytest.raises(RuleBroken, match="no departure sheet"):
        take(Proof.CODE, "042917")
    _leave_sheet(order, at)
    with pytest.raises(RuleBroken, match="not the pick-up code"):
        take(Proof.CODE, "000000")
    with pytest.raises(Invalid):
        take(Proof.OWNER_CONFIRMED)
    # when
    take(Proof.CODE, " 042917 ")
    # then
    record = queries.find_handover(order)
    assert record is not None
    assert (record.collector_name, record.proof) == ("李四", Proof.CODE)
    take(Proof.OWNER_CONFIRMED, note="14:02 电话 138…")
    assert record.proof_note == "14:02 电话 138…"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("mileage_km", (51_999, date(2027, 5, 23), 62_010)),
        ("mileage_km", (None, date(2027, 5, 23), 62_010)),
        ("due_on", (52_010, TODAY, 62_010)),
        ("due_on", (52_010, None, 62_010)),
        ("due_km", (52_010, date(2027, 5, 23), 52_010)),
    ],
)
def test_the_next_service_lies_ahead_and_the_mileage_never_falls(
    database: Database,
    at: datetime,
    field: str,
    values: tuple[int | None, date | None, int | None],
) -> None:
    order = make_settled()
    with pytest.raises(Invalid) as refused:
        service.record_next_service(order, *values, "", today=TODAY, by=order.advisor, at=at)
    assert refused.value.field == field
    tell_next_service(order)
    assert "next_service" not in _codes(order)


def test_the_follow_up_is_24_to_72_hours_ahead_or_refused_with_a_reason(
    database: Database, at: datetime
) -> None:
    order = make_settled()
    ask = service.record_followup
    for hours in (23, 73):
        with pytest.raises(Invalid):
            ask(order, at + timedelta(hours=hours), Channel.PHONE, "", by=order.advisor, at=at)
    with pytest.raises(Invalid):
        ask(order, None, Channel.PHONE, "", by=order.advisor, at=at)
    ask(order, None, None, "不想接电话", by=order.advisor, at=at)
    assert "followup" not in _codes(order)


def test_a_loaner_car_that_is_out_holds_the_delivery(database: Database, at: datetime) -> None:
    order = prepare(make_settled())
    departure = _leave_sheet(order, at, "粤B00001")
    assert _codes(order) == ["loaner"]
    departure.loaner_returned_at = at
    assert _codes(order) == []


def test_a_declined_car_leaves_without_a_bill(database: Database, at: datetime) -> None:
    # given
    order = make_order(Stage.DECLINED, vehicle=make_vehicle(mileage_km=20_000))
    assert _codes(order) == ["released"]
    # when
    service.release_declined(order, by=order.advisor, at=at)
    # then
    assert "payment" not in _codes(order)
    assert HandoverItem.BILL not in [each.code for each in queries.list_items(order)]
    prepare(order)
    delivery.deliver(order, signer_name="王小明", by=order.advisor, at=at)
    assert order.stage is Stage.DELIVERED
    with pytest.raises(RuleBroken):
        service.release_declined(make_settled(), by=order.advisor, at=at)


def test_the_gate_stamps_a_pass_once_and_refuses_without_one(
    database: Database, at: datetime
) -> None:
    # given
    order, guard = prepare(make_settled()), make_user(RoleName.GREETER)
    with pytest.raises(RuleBroken, match="no gate pass") as refused:
        delivery.let_out(order, by=guard, at=at)
    assert [each.code for each in refused.value.missing] == ["no_gate_pass", "handed_over"]
    gate_pass = delivery.deliver(order, signer_name="王", by=order.advisor, at=at)
    # when
    found = delivery.find_at_gate(order.branch, gate_pass.no.lower())
    delivery.let_out(found, by=guard, at=at)
    # then
    assert gate_pass.left_at == at
    with pytest.raises(RuleBroken, match="used already"):
        delivery.let_out(order, by=guard, at=at)
    with pytest.raises(NotAllowed):
        delivery.let_out(order, by=order.advisor, at=at)


def test_the_gate_names_an_unpaid_bill_without_its_sum(database: Database) -> None:
    order = make_settlement().order
    reasons = [str(each) for each in gates.missing_to_pass_gate(order)]
    assert reasons == ["The bill is not paid, and no credit is approved."]


def test_the_suggestion_comes_from_the_package_and_the_cars_use(
    database: Database, at: datetime
) -> None:
    # given
    order = make_checked()
    operation_id = quotation.list_authorised_lines(order)[0].operation_id
    package = Package(
        code="P10", name_zh="保养", name_en="Service", interval_km=10_000, interval_months=6
    )
    session.add(package)
    session.flush()
    session.add(PackageItem(package_id=package.id, operation_id=operation_id, position=1))
    for days, km in ((100, 42_000), (0, 52_000)):
        session.add(
            OdometerReading(
                vehicle_id=order.vehicle_id, mileage_km=km, at=at - timedelta(days=days)
            )
        )
    session.flush()
    session.expire_all()
    # then 100 km a day reach 10 000 km before half a year is over
    due = queries.suggest_next_due(order, TODAY, 52_000)
    assert queries.find_serviced(order) is package
    assert due is not None
    assert (due.due_on, due.due_km) == (date(2027, 3, 3), 62_000)


def test_only_an_advisor_hands_over(database: Database, at: datetime) -> None:
    order = make_settled()
    with pytest.raises(NotAllowed):
        service.tick(order, HandoverItem.KEYS, by=make_cashier(), at=at)


def test_papers_that_were_received_are_given_back(database: Database) -> None:
    order = make_settled()
    assert HandoverItem.PAPERS not in [each.code for each in queries.list_items(order)]
    session.add(Walkaround(order_id=order.id, papers=["vehicle_licence"]))
    session.flush()
    assert HandoverItem.PAPERS in [each.code for each in queries.list_items(order)]


def test_a_car_that_came_yesterday_is_handed_over_today(database: Database, at: datetime) -> None:
    order = make_order(
        Stage.DELIVERED, arrived_at=at - timedelta(days=1), ready_at=at, delivered_at=at
    )
    assert worklist.list_delivered(order.branch, TODAY) == [order]
    assert worklist.list_delivered(order.branch, TODAY - timedelta(days=1)) == []
