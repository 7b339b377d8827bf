"""Two people press the same button in the same moment: one is served, the others are told why.

Each press is a real request in a thread of its own. Races of a single package, such as the last
slot, the last part and the overlap of two jobs, stand with that package.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.databases import Database
from tests.factories import AT, make_customer, make_order, make_user, make_vehicle
from tests.screen.sockets import session_cookie
from tests.steps.followup.factories import make_delivered, make_follow_up
from tests.steps.handover.factories import prepare
from tests.steps.quotation import factories as quotations
from tests.steps.reception.factories import complete, make_ink, make_reception
from tests.steps.repair import factories as repairs
from tests.steps.repair.test_views import ROAD, check_data
from tests.steps.settlement.factories import (
    make_cashier,
    make_checked,
    make_settled,
    make_settlement,
)
from workshop import db
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder
from workshop.shop import numbers
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.followup.models import FollowUpResult
from workshop.steps.handover import delivery
from workshop.steps.handover.models import GatePass
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.reception.models import WalkaroundSigning
from workshop.steps.repair.models import Inspection, ReworkOrder, WorkSession
from workshop.steps.repair.rules import Level
from workshop.steps.settlement import paying
from workshop.steps.settlement import queries as settlements
from workshop.steps.settlement.models import CreditRequest, Payment, Settlement

CALLERS = 8
DONE = 302
# What the database's own guard says when the service could not see the other one yet.
QUICKER = "Somebody else has just done the same."


@dataclass(frozen=True)
class Press:
    """One person's button: where it leads and what it sends."""

    by: User
    url: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Race:
    """Presses of one moment, the table that gets a row of the winner, and words for the others."""

    presses: Sequence[Press]
    rows: type[db.Model]
    words: str
    rows_after: int = 1
    refused: frozenset[int] = frozenset({409})


def press_all(app: Flask, presses: Sequence[Press]) -> list[tuple[int, str]]:
    """Send all presses at once; status and text of each answer."""
    for press in presses:
        press.by.locale = "en"
    db.commit()
    sent = [(session_cookie(app, press.by), press.url, press.data) for press in presses]
    session.remove()
    barrier = threading.Barrier(len(sent))

    def send(cookie: str, url: str, data: dict[str, Any]) -> tuple[int, str]:
        browser = FlaskClient(app, app.response_class)
        browser.set_cookie("session", cookie.partition("=")[2])
        barrier.wait(30)
        answer = browser.post(url, data=data)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(lambda each: send(*each), sent))


def people(role: RoleName, count: int = CALLERS) -> list[User]:
    return [make_user(role) for _ in range(count)]


def same(role: RoleName, url: str, **data: Any) -> list[Press]:
    """Many people of a role press the same button."""
    return [Press(by, url, data) for by in people(role)]


def pay_in_full() -> Race:
    order = make_settlement().order
    presses = [
        Press(
            make_cashier(),
            f"/orders/{order.no}/settlement/pay",
            {"pay-amount": "620", "pay-tender": "cash", "pay-client_id": f"click {number}"},
        )
        for number in range(CALLERS)
    ]
    return Race(presses, Payment, "Nothing of this bill is open.")


def pay_more_than_half() -> Race:
    race = pay_in_full()
    for press in race.presses:
        press.data["pay-amount"] = "400"
    return Race(race.presses, Payment, "Only ¥220.00 is open")


def make_the_bill() -> Race:
    url = f"/orders/{make_checked().no}/settlement/make"
    return Race(same(RoleName.CASHIER, url), Settlement, "is made already")


def reverse_the_bill() -> Race:
    url = f"/orders/{make_settled().no}/settlement/reverse"
    # The red letter stands beside the bill that it takes back. Who comes later finds no bill.
    presses = same(RoleName.SERVICE_MANAGER, url, **{"reverse-reason": "付费方录错"})
    return Race(presses, Settlement, "", rows_after=2, refused=frozenset({404, 409}))


def decide_the_credit() -> Race:
    bill = make_settlement()
    day = (AT + timedelta(days=30)).date()
    credit = paying.ask_credit(bill, day, "月结客户", by=make_cashier(), at=AT)
    session.flush()
    url = f"/orders/{bill.order.no}/settlement/credit/{credit.id}"
    presses = [
        Press(by, url, {"decision": "approve" if place % 2 else "refuse", "decide-remark": "查过"})
        for place, by in enumerate(people(RoleName.SERVICE_MANAGER))
    ]
    return Race(presses, CreditRequest, "This credit is decided already.")


def deliver() -> Race:
    url = f"/orders/{prepare(make_settled()).no}/handover/deliver"
    presses = same(RoleName.SERVICE_ADVISOR, url, **{"deliver-signature_typed": "王小明"})
    return Race(presses, GatePass, "handed over already")


def let_out() -> Race:
    order = prepare(make_settled())
    no = delivery.deliver(order, signer_name="王", by=order.advisor, at=AT).no
    return Race(same(RoleName.GREETER, "/gate/leave", wanted=no), GatePass, "used already")


def receive_the_car() -> Race:
    url = f"/reception/new?vehicle={make_vehicle().id}"
    presses = same(RoleName.SERVICE_ADVISOR, url, concern="刹车时有异响")
    return Race(presses, RepairOrder, "already has the open repair order")


def sign_the_walkround() -> Race:
    order = make_reception(AT)
    complete(order, AT)
    url = f"/orders/{order.no}/reception/sign"
    presses = same(RoleName.SERVICE_ADVISOR, url, **{"sign-signature": make_ink()})
    return Race(presses, WalkaroundSigning, "is not possible while the order is “Inspected”")


def sign_the_quotation() -> Race:
    offered = quotations.make_offer()
    heads = [group.head.id for group in quotation_queries.list_groups(offered)]
    data = {f"decide-{head}": "yes" for head in heads}
    data |= {"seen": str(offered.version), "signature_typed": "王小明"}
    url = f"/orders/{offered.order.no}/quotation/{offered.id}/answer"
    return Race(
        [Press(offered.order.advisor, url, data)] * CALLERS,
        Job,
        "only an offered one can be answered",
    )


def start_two_jobs() -> Race:
    technician = repairs.make_technician()
    jobs = repairs.make_ready(2, same=technician)
    presses = [
        Press(technician.user, f"/my-jobs/{job.id}/start", {"client_id": f"tap {job.id}"})
        for job in jobs
    ]
    return Race(presses, WorkSession, "Your clock is running")


def pass_the_quality_check() -> Race:
    url = f"/orders/{repairs.make_checked_in().no}/repair/quality-check"
    presses = same(RoleName.QUALITY_INSPECTOR, url, **check_data(Level.QUALITY_CHECK, **ROAD))
    # The technician's own check is there already.
    return Race(presses, Inspection, "The order is “Final check”.", rows_after=2)


def fail_the_quality_check() -> Race:
    order = repairs.make_checked_in()
    data = check_data(Level.QUALITY_CHECK, **ROAD, verdict_torque="bad", note_torque="松")
    job = repairs.queries.list_jobs(order)[0]
    data |= {"cause": "workmanship", "job": str(job.id), "complaint": "重打扭力", "minutes": "20"}
    presses = same(RoleName.TEAM_LEADER, f"/orders/{order.no}/repair/quality-check", **data)
    return Race(presses, ReworkOrder, "The order is “Internal rework”.")


def finish_the_wash() -> Race:
    url = f"/orders/{make_order(Stage.WASH).no}/wash"
    return Race(
        same(RoleName.WASHER, url), RepairOrder, "is not possible while the order is “Ready”"
    )


def record_the_answers() -> Race:
    order = make_delivered()
    make_follow_up(order)
    scores = ("on_time", "price_as_told", "explanation", "cleanliness", "advisor")
    data = dict.fromkeys(scores, "1") | {"is_fixed": "no", "recommendation": "2"}
    url = f"/orders/{order.no}/followup/answers"
    presses = same(RoleName.CUSTOMER_RELATIONS, url, **data, words="还响", channel="phone")
    return Race(presses, FollowUpResult, "This follow-up has its result already.")


RACES = (
    pay_in_full,
    pay_more_than_half,
    make_the_bill,
    reverse_the_bill,
    decide_the_credit,
    deliver,
    let_out,
    receive_the_car,
    sign_the_walkround,
    sign_the_quotation,
    start_two_jobs,
    pass_the_quality_check,
    fail_the_quality_check,
    finish_the_wash,
    record_the_answers,
)


@pytest.mark.parametrize("make", RACES, ids=lambda make: make.__name__)
def test_of_many_who_press_at_once_one_is_served(app: Flask, make: Callable[[], Race]) -> None:
    # given
    race = make()
    # when
    answers = press_all(app, race.presses)
    # then
    refused = [(status, text) for status, text in answers if status != DONE]
    assert len(refused) == len(answers) - 1
    assert {status for status, _ in refused} <= race.refused
    assert all(race.words in text or QUICKER in text for _, text in refused)
    assert session.scalar(select(func.count()).select_from(race.rows)) == race.rows_after


def test_the_same_tap_sent_again_and_again_is_one_payment(app: Flask) -> None:
    # given a phone that repeats what it got no answer for
    bill = make_settlement()
    url, cashier = f"/orders/{bill.order.no}/settlement/pay", make_cashier()
    data = {"pay-amount": "620", "pay-tender": "cash", "pay-client_id": "one tap"}
    # when
    answers = press_all(app, [Press(cashier, url, data)] * CALLERS)
    # then nobody is told that it failed
    assert [status for status, _ in answers] == [DONE] * CALLERS
    assert settlements.balance_fen(session.scalars(select(Settlement)).one()) == 0
    assert session.scalar(select(func.count(Payment.id))) == 1


def test_numbers_given_out_at_once_are_all_different(database: Database) -> None:
    # given
    branch_id = make_order().branch_id
    day = date(2026, 11, 23)
    db.commit()
    barrier = threading.Barrier(24)

    def take(_place: int) -> str:
        barrier.wait(30)
        with database.app.app_context():
            no = numbers.next_number(branch_id, "XX", day)
            db.commit()
            session.remove()
        return no

    # when
    with ThreadPoolExecutor(24) as pool:
        given = list(pool.map(take, range(24)))
    # then
    assert sorted(given) == [f"XX{day:%Y%m%d}-{place:04d}" for place in range(1, 25)]


def test_one_car_is_entered_once_by_two_who_type_the_same_plate(app: Flask) -> None:
    # given
    url = f"/customers/{make_customer().id}/vehicles"
    data = {"new-plate": "粤B65432", "new-make": "福特", "new-energy": "fuel"}
    presses = same(RoleName.SERVICE_ADVISOR, url, **data)
    # when
    answers = press_all(app, presses)
    # then
    assert sorted(status for status, _ in answers) == [DONE] + [409] * (CALLERS - 1)
