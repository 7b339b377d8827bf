"""The customer takes work off a signed order: what ends, what is billed, what comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_operation, make_part, make_technician, make_user
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as given
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders import history
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import picking
from workshop.steps.parts import queries as parts
from workshop.steps.parts import service as release
from workshop.steps.parts.rules import PickState
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation import service as quotation_service
from workshop.steps.quotation.answers import Answer
from workshop.steps.quotation.models import ConsentChannel
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair import queries, work
from workshop.steps.repair.changing import foresight
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.taking_off import Wanted
from workshop.steps.scheduling import queries as plan
from workshop.steps.settlement import queries as settlement
from workshop.steps.settlement import service as billing
from workshop.stock import queries as stock

SignIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SIGNED = Answer("王小明")
# What `make_operation` costs: one hour at ¥240.00.
HOUR_FEN = 24_000


def head_of(job: Job) -> int:
    """The signed line of the job."""
    lines = quotation.list_authorised_lines(job.order)
    return next(line.id for line in lines if line.job_id == job.id and line.is_labour)


def take_off(*jobs: Job, at: object = AT, **values: object) -> None:
    """The customer agrees at the desk that these jobs are not done."""
    order = jobs[0].order
    wishes = {head_of(job): Wish() for job in jobs}
    wanted = Wanted(**{"wishes": wishes, "reason": "时间来不及", **values})  # type: ignore[arg-type]
    changing.take_off(order, wanted, SIGNED, shown_at=at, by=order.advisor, at=at)  # type: ignore[arg-type]


def test_a_waiting_job_simply_goes(database: Database) -> None:
    first, second = given.make_planned(2)
    order = first.order
    # when
    take_off(second)
    # then
    assert second.state is JobState.CANCELLED
    assert plan.find_live(second) is None
    assert capacity.list_takes(TakeSource.JOB, second.id) == []
    assert order.stage is Stage.SCHEDULED
    assert quotation.authorised_fen(order) == HOUR_FEN
    (version,) = taking_off.list_versions(order)
    assert (version.version_no, version.before_fen, version.after_fen) == (2, 48_000, 24_000)
    assert version.signer_name == "王小明"
    assert version.signature_id is None
    assert [each.title for each in history.list_deferred(order.vehicle)] == [second.title_zh]


def test_the_promise_follows_the_plan_of_what_is_left(database: Database) -> None:
    technician = make_technician()
    first, second = given.make_planned(2, same=technician)
    order, promised_at = first.order, first.order.promised_at
    left = plan.find_live(first)
    assert left is not None
    take_off(second)
    # then: ready a quarter of an hour after the first job's end, as N2 says
    assert order.promised_at == left.ends_at + timedelta(minutes=15)
    assert promised_at is not None
    assert order.promised_at < promised_at
    assert order.first_promised_at == promised_at


def test_what_was_worked_is_billed_by_its_minutes(database: Database) -> None:
    first, second = given.make_running(2)
    order, at = first.order, AT + timedelta(minutes=20)
    given.complete(first, AT)
    # when: 20 of 60 minutes are done
    take_off(second, at=at)
    # then
    assert second.state is JobState.CANCELLED
    (line,) = taking_off.list_off(order)
    assert (line.done, line.done_fen, line.billed_fen) == (20, 8_000, 8_000)
    assert queries.clocked_minutes(second) == 20
    assert queries.find_running_session(given_technician(second)) is None
    assert quotation.authorised_fen(order) == HOUR_FEN + 8_000
    assert order.stage is Stage.QUALITY_CHECK


def given_technician(job: Job) -> Technician:
    (worked,) = queries.list_sessions(job)
    return worked.technician


def test_only_who_may_lower_prices_waives_and_says_why(database: Database) -> None:
    first, second = given.make_running(2)
    order, at = first.order, AT + timedelta(minutes=20)
    wishes = {head_of(second): Wish(billed=False)}
    # then
    with pytest.raises(NotAllowed):
        take_off(second, at=at, wishes=wishes, waive_reason="误开工")
    manager = make_user(RoleName.SERVICE_MANAGER)
    with pytest.raises(Invalid, match="Say why it is not billed"):
        changing.take_off(order, Wanted(wishes, "不做了"), SIGNED, shown_at=at, by=manager, at=at)
    # when
    wanted = Wanted(wishes, "不做了", waive_reason="误开工")
    changing.take_off(order, wanted, SIGNED, shown_at=at, by=manager, at=at)
    # then
    (line,) = taking_off.list_off(order)
    assert (line.done_fen, line.billed_fen, line.waived_fen) == (8_000, 0, 8_000)
    assert (line.waived_by_id, line.waive_reason) == (manager.id, "误开工")
    assert quotation.authorised_fen(order) == HOUR_FEN


def test_what_is_done_is_billed_and_stays(database: Database) -> None:
    first, _second = given.make_running(2)
    given.complete(first, AT)
    with pytest.raises(RuleBroken) as refused:
        take_off(first, at=AT + timedelta(minutes=31))
    assert refused.value.code == "moved_on"


def make_with_parts() -> tuple[RepairOrder, Job, Job]:
    """Two jobs; the second needs two pads of ¥380.00, which are issued to its technician."""
    part = make_part()
    signed = quotations.make_signed(make_operation(), quotations.make_brakes(part=part, milli=2000))
    order = signed.order
    first, second = queries.list_jobs(order)
    for job in (first, second):
        given.assign(job, make_technician())
    pick_list = release.release(order, by=order.advisor, at=AT)
    assert pick_list is not None
    clerk = make_user(RoleName.PARTS_CLERK)
    for line in parts.list_lines(pick_list):
        picking.pick(line, by=clerk, at=AT)
    return order, first, second


def test_a_basket_is_put_back_and_the_list_ends(database: Database) -> None:
    order, _first, second = make_with_parts()
    (line,) = parts.list_order_lines(order)
    part_id = line.part_id
    take_off(second)
    # then: it lies in the basket until the counter puts it back
    assert line.in_basket_milli == 2000
    assert line.pick_list.state is PickState.PICKED
    # when
    picking.put_back(line, by=make_user(RoleName.PARTS_CLERK), at=AT)
    # then
    assert line.pick_list.state is PickState.CANCELLED
    assert stock.free_milli(order.branch_id, part_id) == 10_000
    assert stock.held_milli(order.id, part_id) == 0


def test_a_fitted_part_is_billed_and_the_other_comes_back(database: Database) -> None:
    order, _first, second = make_with_parts()
    (line,) = parts.list_order_lines(order)
    issued = picking.issue(
        line.pick_list, plan.technician_of(second), by=make_user(RoleName.PARTS_CLERK), at=AT
    )
    assert issued is None
    work.start(second, given.worker(second), AT)
    at = AT + timedelta(minutes=15)
    part_line = next(each for each in quotation.list_part_lines(order))
    # when: one of two pads is in the car
    take_off(second, at=at, wishes={head_of(second): Wish(fitted={part_line.id: 1000})})
    # then
    by_kind = {each.line.kind.value: each for each in taking_off.list_off(order)}
    assert (by_kind["part"].done, by_kind["part"].billed_fen) == (1000, 38_000)
    assert by_kind["labour"].billed_fen == 6_000
    assert line.to_return_milli == 1000
    assert parts.is_to_return(line)


def test_a_stopped_order_is_checked_and_billed_for_what_was_done(database: Database) -> None:
    first, _second = given.make_running(2)
    order = first.order
    given.complete(first, AT)
    at = AT + timedelta(minutes=40)
    wanted = Wanted({}, "客户要用车", stops=True)
    # when
    changing.take_off(order, wanted, SIGNED, shown_at=at, by=order.advisor, at=at)
    # then
    assert order.stage is Stage.QUALITY_CHECK
    assert queries.list_unfinished(order) == []
    assert queries.needs_final_check(order)


def test_a_stop_says_why_nobody_checks_and_goes_to_the_bill(database: Database) -> None:
    (job,) = given.make_running()
    order, at = job.order, AT + timedelta(minutes=30)
    wanted = Wanted({}, "客户要用车", stops=True, checked=False)
    with pytest.raises(Invalid, match="nobody checks"):
        changing.take_off(order, wanted, SIGNED, shown_at=at, by=order.advisor, at=at)
    wanted = Wanted({}, "客户要用车", stops=True, checked=False, no_check_reason="只拆了轮胎")
    changing.take_off(order, wanted, SIGNED, shown_at=at, by=order.advisor, at=at)
    # then
    assert (order.stage, order.ready_at) == (Stage.READY, at)
    # when
    bill = billing.make_settlement(order, by=order.advisor, at=at)
    # then: 30 of 60 minutes
    (line,) = settlement.list_lines(bill)
    assert (line.total_fen, line.book_minutes, bill.customer_fen) == (12_000, 30, 12_000)


def test_an_order_whose_all_work_is_off_before_it_began_is_released_without_a_bill(
    database: Database,
) -> None:
    (job,) = given.make_planned()
    order = job.order
    take_off(job)
    assert order.stage is Stage.READY
    assert order.facts.paid
    assert not quotation.has_bill(order)


def test_the_customer_signs_by_link_for_the_price_that_was_shown(database: Database) -> None:
    first, second = given.make_running(2)
    order, asked_at = first.order, AT + timedelta(minutes=10)
    wanted = Wanted({head_of(second): Wish()}, "时间来不及")
    version = changing.ask(order, wanted, shown_at=asked_at, by=order.advisor, at=asked_at)
    assert second.state is JobState.RUNNING
    # when
    answer = Answer("王小明", channel=ConsentChannel.LINK)
    changing.agree(version, answer, by=None, at=asked_at + timedelta(minutes=20))
    # then
    labour = taking_off.list_off(order)[0]
    assert (labour.done, labour.billed_fen) == (10, 4_000)
    assert queries.clocked_minutes(second) == 30
    with pytest.raises(RuleBroken, match="answered already"):
        changing.agree(version, answer, by=None, at=AT)


def test_work_can_be_added_between_the_plan_and_the_start(database: Database) -> None:
    (job,) = given.make_planned()
    order = job.order
    assert order.stage is Stage.SCHEDULED
    addition = quotations.make_addition(order)
    quotation_service.answer_addition(
        addition,
        quotations.yes_to_all(addition),
        channel=ConsentChannel.IN_PERSON,
        signer_name="王小明",
        by=order.advisor,
        at=AT,
    )
    # then: what was added has no place yet
    assert order.stage is Stage.AUTHORISED
    _planned, added = queries.list_jobs(order)
    given.assign(added, make_technician())
    assert order.stage is Stage.SCHEDULED


def test_nothing_is_taken_off_without_a_reason_or_a_proof(database: Database) -> None:
    first, second = given.make_planned(2)
    order = first.order
    with pytest.raises(Invalid, match="Say why the work is taken off"):
        take_off(second, reason=" ")
    wanted = Wanted({head_of(second): Wish()}, "不做了")
    phone = Answer(channel=ConsentChannel.PHONE)
    with pytest.raises(Invalid, match="on the phone"):
        changing.take_off(order, wanted, phone, shown_at=AT, by=order.advisor, at=AT)


def test_the_foresight_says_what_the_act_does(database: Database) -> None:
    first, second = given.make_running(2)
    order, at = first.order, AT + timedelta(minutes=20)
    change = foresight.foresee(order, {head_of(second): Wish()}, at)
    take_off(second, at=at)
    assert change.after_fen == quotation.authorised_fen(order)
    assert change.promise_at == order.promised_at


def test_the_phone_says_it_and_keeps_what_comes_in_late(
    database: Database, sign_in: SignIn
) -> None:
    _first, second = given.make_running(2)
    take_off(second, at=AT + timedelta(minutes=20))
    job_id = second.id
    phone = sign_in(given_technician(second).user)
    # then
    page = phone.get("/my-jobs").text
    assert "客户已减项" in page
    assert "20 分钟" in page
    # when: the finish was tapped before the phone knew
    tapped = (AT + timedelta(minutes=18)).isoformat()
    sent = {"client_id": "late-1", "tapped_at": tapped}
    answer = phone.post(f"/my-jobs/{job_id}/finish", data=sent)
    # then
    assert answer.status_code == 302
    page = phone.get(f"/my-jobs/{job_id}").text
    assert "减项之后才收到" in page
