"""Moments from the bill to the follow-up: settlement, handover, gate, cases."""

from __future__ import annotations

from datetime import date, timedelta

from tests.factories import AT, make_order, make_user, make_vehicle
from tests.gates.tries import Try, advisor, cashier, clerk, manager
from tests.steps.followup.factories import QUESTIONS, make_delivered, make_follow_up
from tests.steps.handover.factories import prepare
from tests.steps.lounge.factories import make_loaner, make_sheet
from tests.steps.settlement.factories import (
    make_cashier,
    make_checked,
    make_settled,
    make_settlement,
)
from workshop.cases import service as cases
from workshop.cases.models import Case
from workshop.customers.models import Channel
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import JobState, RepairOrder
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.followup import service as followup
from workshop.steps.handover import delivery
from workshop.steps.handover.models import Handover, HandoverCheck
from workshop.steps.lounge import departure
from workshop.steps.lounge.enums import Transport
from workshop.steps.parts import queries as parts
from workshop.steps.settlement import paying, service
from workshop.steps.settlement import queries as settlements

SIGNED = {"deliver-signature_typed": "王小明"}
ROLE = "Your role does not allow this."
UNPAID = "The bill is not paid, and no credit is approved."


def _pay(amount: str, client_id: str = "click") -> dict[str, str]:
    return {"pay-amount": amount, "pay-tender": "cash", "pay-client_id": client_id}


def _refund(amount: str) -> dict[str, str]:
    tender = {"refund-tender": "cash", "refund-reason": "退", "refund-client_id": "back"}
    return {"refund-amount": amount} | tender


def a_car_whose_work_is_not_done() -> list[Try]:
    order = make_checked(job_state=JobState.PAUSED)
    url = f"/orders/{order.no}/settlement/make"
    return [Try(cashier(), url, "Jobs not finished yet: 1.")]


def a_car_without_its_final_check() -> list[Try]:
    order = make_checked(final_check=False)
    url, unchecked = f"/orders/{order.no}", "The final check has not been passed."
    return [
        Try(cashier(), f"{url}/settlement/make", unchecked),
        Try(order.advisor, f"{url}/handover/deliver", unchecked, SIGNED),
    ]


def a_part_that_was_issued_and_not_used() -> list[Try]:
    order = make_checked()
    (line,) = parts.list_order_lines(order)
    line.unused_milli = 1000
    session.flush()
    words = "was issued and not used. Have it returned first."
    return [
        Try(cashier(), f"/orders/{order.no}/settlement/make", words),
        Try(
            clerk(),
            f"/parts/lines/{line.id}/return",
            "were issued to this order",
            {"quantity": "2"},
        ),
    ]


def a_checked_car_without_a_bill() -> list[Try]:
    order = prepare(make_checked())
    url = f"/orders/{order.no}"
    greeter = make_user(RoleName.GREETER)
    none = "There is no settlement list for this order yet."
    credit = {"credit-due_on": "2026-12-23", "credit-credit_reason": "月结"}
    price = {"diagnosis-price": "100"}
    return [
        Try(order.advisor, f"{url}/handover/deliver", UNPAID, SIGNED),
        Try(greeter, "/gate/leave", "it has no gate pass", {"wanted": order.vehicle.plate}),
        Try(make_user(RoleName.WASHER), f"{url}/wash", "is not possible while"),
        Try(
            cashier(), f"{url}/settlement/refund", "Only ¥0.00 was received this way.", _refund("1")
        ),
        Try(cashier(), f"{url}/settlement/close", none, status=404),
        Try(cashier(), f"{url}/settlement/credit", none, credit, 404),
        Try(
            order.advisor, f"{url}/handover/release", "Only a declined order leaves without a bill."
        ),
        Try(order.advisor, f"{url}/handover/diagnosis", "Only a declined order is charged", price),
    ]


def a_bill_that_is_not_paid() -> list[Try]:
    order = prepare(make_settlement().order)
    url = f"/orders/{order.no}"
    discount = {"discount-discount": "700", "discount-reason": "熟客", "discount-seen": "1"}
    greeter = make_user(RoleName.GREETER)
    return [
        Try(order.advisor, f"{url}/handover/deliver", UNPAID, SIGNED),
        Try(greeter, "/gate/leave", UNPAID, {"wanted": order.vehicle.plate}),
        Try(cashier(), f"{url}/settlement/make", "The settlement list is made already."),
        Try(cashier(), f"{url}/settlement/pay", "Only ¥620.00 is open.", _pay("620.01")),
        Try(cashier(), f"{url}/settlement/close", "¥620.00 is still to be paid."),
        Try(cashier(), f"{url}/settlement/refund", "Only ¥0.00 was received", _refund("1")),
        Try(cashier(), f"{url}/settlement/discount", ROLE, discount, 403),
    ]


def a_credit_that_nobody_approved() -> list[Try]:
    bill = make_settlement()
    asker = make_user(RoleName.SERVICE_MANAGER)
    day = calendar.local_day(bill.order.branch, AT) + timedelta(days=30)
    credit = paying.ask_credit(bill, day, "月结客户", by=asker, at=AT)
    session.flush()
    order = prepare(bill.order)
    url = f"/orders/{order.no}"
    again = {"credit-due_on": "2026-12-23", "credit-credit_reason": "月结"}
    return [
        Try(order.advisor, f"{url}/handover/deliver", UNPAID, SIGNED),
        Try(
            asker,
            f"{url}/settlement/credit/{credit.id}",
            "Somebody else has to approve it.",
            {"decision": "approve"},
            403,
        ),
        Try(cashier(), f"{url}/settlement/credit/{credit.id}", ROLE, {"decision": "approve"}, 403),
        Try(cashier(), f"{url}/settlement/credit", "waits for its decision", again),
        Try(
            manager(),
            f"{url}/settlement/reverse",
            "waits for its decision",
            {"reverse-reason": "错"},
        ),
    ]


def a_credit_that_was_refused() -> list[Try]:
    bill = make_settlement()
    day = calendar.local_day(bill.order.branch, AT) + timedelta(days=30)
    credit = paying.ask_credit(bill, day, "月结客户", by=make_cashier(), at=AT)
    session.flush()
    paying.decide_credit(credit, False, remark="逾期太多", by=manager(), at=AT)
    order = prepare(bill.order)
    decided = "This credit is decided already."
    url = f"/orders/{order.no}"
    return [
        Try(order.advisor, f"{url}/handover/deliver", UNPAID, SIGNED),
        Try(manager(), f"{url}/settlement/credit/{credit.id}", decided, {"decision": "approve"}),
    ]


def a_paid_bill() -> list[Try]:
    order = make_settled()
    url = f"/orders/{order.no}"
    (line,) = parts.list_order_lines(order)
    credit = {"credit-due_on": "2026-12-23", "credit-credit_reason": "月结"}
    discount = {"discount-discount": "10", "discount-reason": "熟客", "discount-seen": ""}
    return [
        Try(cashier(), f"{url}/settlement/make", "The settlement list is made already."),
        Try(cashier(), f"{url}/settlement/pay", "Nothing of this bill is open.", _pay("1", "2")),
        Try(cashier(), f"{url}/settlement/close", "This order is settled already."),
        Try(cashier(), f"{url}/settlement/credit", "Nothing of this bill is open.", credit),
        Try(cashier(), f"{url}/settlement/refund", "is locked. Reverse it before", _refund("1")),
        Try(manager(), f"{url}/settlement/discount", "Only a red letter corrects it.", discount),
        Try(clerk(), f"/parts/lines/{line.id}/unused", "is settled.", {"quantity": "1"}),
        Try(
            manager(),
            f"{url}/reception/cancel",
            "cannot be cancelled any more",
            {"cancel-reason": "不修了"},
        ),
    ]


def a_reversed_bill() -> list[Try]:
    order = prepare(make_settled())
    bill = settlements.get_live(order)
    service.reverse_settlement(bill, "付费方录错", by=manager(), at=AT)
    url = f"/orders/{order.no}"
    return [Try(order.advisor, f"{url}/handover/deliver", UNPAID, SIGNED)]


def a_car_that_waits_for_its_wash() -> list[Try]:
    order = prepare(make_settled(Stage.WASH))
    url = f"/orders/{order.no}/handover"
    notice = {"notice-channel": "phone"}
    return [
        Try(order.advisor, f"{url}/deliver", "The car still waits for its wash.", SIGNED),
        Try(order.advisor, f"{url}/notice", "The car is not ready yet.", notice),
    ]


def _without(fact: str) -> RepairOrder:
    """A paid order with everything for the handover but one fact."""
    order = prepare(make_settled())
    record = session.query(Handover).filter_by(order_id=order.id).one()
    if fact == "tick":
        session.delete(session.query(HandoverCheck).filter_by(order_id=order.id).first())
    else:
        setattr(record, fact, None)
    session.flush()
    return order


def a_handover_without_one_fact() -> list[Try]:
    missing = {
        "walked_at": "The second walk-round is not done.",
        "tick": "Still to be ticked:",
        "next_told_at": "The next service is not told.",
        "collector_at": "It is not recorded who collects the car.",
        "followup_asked_at": "The follow-up wish is not asked.",
    }
    orders = {fact: _without(fact) for fact in missing}
    return [
        Try(orders[fact].advisor, f"/orders/{orders[fact].no}/handover/deliver", words, SIGNED)
        for fact, words in missing.items()
    ]


def a_customer_who_still_drives_the_loaner() -> list[Try]:
    order = make_settled()
    order.stays = False
    sheet = make_sheet(transport=Transport.LOANER, loaner=make_loaner())
    departure.save_sheet(order, sheet, seen_version=0, by=order.advisor, at=AT)
    prepare(order)
    words = "is not back."
    other = make_order(Stage.REPAIR)
    none = "sheet"
    back = {"km_in": "20000", "energy_in": "50"}
    return [
        Try(order.advisor, f"/orders/{order.no}/handover/deliver", words, SIGNED),
        Try(other.advisor, f"/orders/{other.no}/lounge/loaner", none, back, 404),
        Try(
            order.advisor,
            f"/orders/{order.no}/handover/collector",
            "This is not the pick-up code.",
            {
                "collector-collector": "other",
                "collector-name": "李雷",
                "collector-phone": "13900139000",
                "collector-proof": "code",
                "collector-code": "000000",
            },
        ),
    ]


def a_declined_quotation() -> list[Try]:
    order = make_order(Stage.DECLINED)
    url = f"/orders/{order.no}"
    released = "The car is not released without a bill yet."
    return [
        Try(order.advisor, f"{url}/handover/deliver", released, SIGNED),
        Try(cashier(), f"{url}/settlement/make", "Nothing was authorised"),
        Try(order.advisor, f"{url}/parts/release", "cannot be released to the workshop"),
    ]


def a_car_that_is_handed_over() -> list[Try]:
    order = prepare(make_settled())
    delivery.deliver(order, signer_name="王", by=order.advisor, at=AT)
    url, gone = f"/orders/{order.no}", "The car is handed over already."
    promise = {"day": "2026-11-24", "time": "10:00", "reason": "晚", "told_how": "phone"}
    walk = {"walk-new_damage": "no"}
    return [
        Try(order.advisor, f"{url}/handover/deliver", gone, SIGNED),
        Try(order.advisor, f"{url}/handover/walk", gone, walk),
        Try(order.advisor, f"{url}/handover/tick", gone, {"item": "keys"}),
        Try(order.advisor, f"{url}/handover/collector", gone, {"collector-collector": "owner"}),
        Try(order.advisor, f"{url}/scheduling/promise", "is not possible while", promise),
        Try(
            manager(),
            f"{url}/reception/cancel",
            "cannot be cancelled any more",
            {"cancel-reason": "不修了"},
        ),
        Try(manager(), f"{url}/wash", "is not possible while the order is “Delivered”"),
    ]


def a_car_that_left_by_the_gate() -> list[Try]:
    order = prepare(make_settled())
    no = delivery.deliver(order, signer_name="王", by=order.advisor, at=AT).no
    greeter = make_user(RoleName.GREETER)
    delivery.let_out(order, by=greeter, at=AT)
    return [Try(greeter, "/gate/leave", "was used already", {"wanted": no})]


ANSWERS = dict.fromkeys(
    ("on_time", "price_as_told", "explanation", "cleanliness", "advisor"), "5"
) | {"is_fixed": "yes", "recommendation": "9", "words": "很好", "channel": "phone"}


def a_call_that_the_serving_advisor_makes() -> list[Try]:
    order = make_delivered()
    make_follow_up(order)
    serving = order.advisor
    serving.roles = [*serving.roles, *make_user(RoleName.CUSTOMER_RELATIONS).roles]
    session.flush()
    url = f"/orders/{order.no}/followup"
    return [Try(serving, f"{url}/answers", "You served this customer.", ANSWERS, 403)]


def make_open_case(owner: User) -> Case:
    """The case of a customer whose car was not mended."""
    case = followup.record_answers(
        make_follow_up(),
        dict.fromkeys(QUESTIONS, 5),
        is_fixed=False,
        recommendation=3,
        words="还响",
        channel=Channel.PHONE,
        owner=owner,
        day=date(2026, 11, 23),
        by=make_user(RoleName.CUSTOMER_RELATIONS),
        at=AT,
    )
    session.flush()
    assert case is not None
    return case


def a_case_that_is_not_resolved() -> list[Try]:
    owner, other = make_user(RoleName.CUSTOMER_RELATIONS), make_user(RoleName.CUSTOMER_RELATIONS)
    case = make_open_case(owner)
    url = f"/cases/{case.no}"
    own = "Who may override acts on it instead."
    call = {"verdict": "satisfied", "words": "满意"}
    return [
        Try(manager(), f"{url}/second_call", "this is not possible now", call),
        Try(other, f"{url}/acknowledge", own, status=403),
        Try(other, f"{url}/plan", own, {"plan": "明天检查"}, 403),
        Try(other, f"{url}/resolve", own, {"cause": "松", "remedy": "紧"}, 403),
        Try(other, f"{url}/accept", "The case was not offered to you.", status=403),
        Try(owner, f"{url}/second_call", "Your role does not allow this.", call, 403),
    ]


def a_resolved_case_without_the_second_call() -> list[Try]:
    owner = manager()
    case = make_open_case(owner)
    cases.acknowledge(case, by=owner, at=AT)
    cases.make_plan(case, "明天检查", by=owner, at=AT)
    cases.resolve(case, "螺栓松动", "重新紧固", by=owner, at=AT)
    order = case.order
    assert order is not None
    call = {"verdict": "satisfied", "words": "满意"}
    again = f"/orders/{order.no}/followup/answers"
    caller = make_user(RoleName.CUSTOMER_RELATIONS)
    return [
        Try(owner, f"/cases/{case.no}/second_call", "no part in it", call, 403),
        Try(caller, again, "This follow-up has its result already.", ANSWERS),
    ]


def a_deposit_after_the_end() -> list[Try]:
    order = make_order(Stage.CANCELLED, vehicle=make_vehicle())
    url = f"/orders/{order.no}"
    words = "This order takes no deposit any more."
    return [
        Try(cashier(), f"{url}/settlement/pay", words, _pay("100")),
        Try(advisor(), f"{url}/link", "The order is over; there is nothing to follow."),
    ]


MOMENTS = (
    a_car_whose_work_is_not_done,
    a_car_without_its_final_check,
    a_part_that_was_issued_and_not_used,
    a_checked_car_without_a_bill,
    a_bill_that_is_not_paid,
    a_credit_that_nobody_approved,
    a_credit_that_was_refused,
    a_paid_bill,
    a_reversed_bill,
    a_car_that_waits_for_its_wash,
    a_handover_without_one_fact,
    a_customer_who_still_drives_the_loaner,
    a_declined_quotation,
    a_car_that_is_handed_over,
    a_car_that_left_by_the_gate,
    a_call_that_the_serving_advisor_makes,
    a_case_that_is_not_resolved,
    a_resolved_case_without_the_second_call,
    a_deposit_after_the_end,
)
