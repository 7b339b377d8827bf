"""Additional work: asked for, priced, answered; nothing is done before consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_job, make_operation, make_technician, make_user
from tests.steps.quotation.factories import make_brakes, yes_to_all
from tests.steps.repair import factories as given
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders import history
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobKind, Urgency
from workshop.staff.permissions import RoleName
from workshop.steps.parts import service as parts
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import ConsentChannel, Quotation
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import overview, queries, work
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.models import AdditionalWork
from workshop.steps.repair.quality import gates as quality
from workshop.steps.repair.rules import AdditionState, Level, PauseReason

LATER = AT + timedelta(minutes=10)


def ask(job: Job) -> AdditionalWork:
    return additions.request_addition(
        job, "后制动片只剩 2 mm", Urgency.RED, by=given.worker(job), at=LATER
    )


def answer(offer: Quotation, yes: bool) -> None:
    decisions = dict.fromkeys(yes_to_all(offer), yes)
    quotation.answer_addition(
        offer,
        decisions,
        channel=ConsentChannel.PHONE,
        evidence="王先生 10:15 电话同意",
        by=offer.order.advisor,
        at=LATER + timedelta(minutes=5),
    )


def test_a_request_is_priced_by_the_advisor_and_answered_by_the_customer(
    database: Database,
) -> None:
    # given
    (job,) = given.make_running()
    request = ask(job)
    assert request.state is AdditionState.REQUESTED
    # when
    offer = additions.price(request, [make_operation()], by=job.order.advisor, at=LATER)
    # then
    assert request.state is AdditionState.OFFERED
    assert offer.reason == request.finding
    assert len(queries.list_jobs(job.order)) == 1
    # when
    answer(offer, yes=True)
    # then
    assert request.state is AdditionState.ACCEPTED
    assert queries.list_jobs(job.order)[1].kind is JobKind.ADDITION


def test_a_declined_request_makes_no_job(database: Database) -> None:
    (job,) = given.make_running()
    request = ask(job)
    answer(additions.price(request, [make_operation()], by=job.order.advisor, at=LATER), yes=False)
    assert request.state is AdditionState.DECLINED
    assert len(queries.list_jobs(job.order)) == 1


def test_agreed_work_starts_like_any_other_and_not_before_it_is_released(
    database: Database,
) -> None:
    # given
    (job,) = given.make_running()
    user = given.worker(job)
    request = ask(job)
    answer(additions.price(request, [make_operation()], by=job.order.advisor, at=LATER), yes=True)
    added = queries.list_jobs(job.order)[1]
    technician = make_technician()
    given.assign(added, technician, at=LATER)
    work.pause(job, PauseReason.BREAK, user, LATER)
    # when
    work.start(added, technician.user, LATER)
    # then
    assert job.order.stage is Stage.REPAIR


def test_an_addition_whose_line_was_not_accepted_never_starts(database: Database) -> None:
    (job,) = given.make_running()
    added = make_job(job.order, kind=JobKind.ADDITION)
    technician = make_technician()
    given.assign(added, technician, at=LATER)
    with pytest.raises(RuleBroken) as refused:
        work.start(added, technician.user, LATER)
    assert refused.value.code == "authorisation"


def test_the_last_job_waits_with_the_check_for_an_open_request(database: Database) -> None:
    # given
    (job,) = given.make_running()
    request = ask(job)
    given.complete(job, LATER)
    # then
    assert job.order.stage is Stage.PAUSED
    assert not work.has_nothing_left(job.order)
    with pytest.raises(RuleBroken) as refused:
        work.send_to_check(job.order, by=job.order.advisor, at=LATER)
    assert refused.value.code == "addition"
    # when
    offer = additions.price(request, [make_operation()], by=job.order.advisor, at=LATER)
    answer(offer, yes=False)
    # then
    assert work.has_nothing_left(job.order)
    work.send_to_check(job.order, by=job.order.advisor, at=LATER + timedelta(hours=1))
    assert job.order.stage is Stage.QUALITY_CHECK


def test_a_request_that_is_not_offered_lets_a_finished_car_go_on(database: Database) -> None:
    (job,) = given.make_running()
    request = ask(job)
    given.complete(job, LATER)
    with pytest.raises(Invalid):
        additions.dismiss(request, " ", by=job.order.advisor, at=LATER)
    additions.dismiss(request, "上月刚换过", by=job.order.advisor, at=LATER)
    assert request.state is AdditionState.DISMISSED
    assert job.order.stage is Stage.QUALITY_CHECK


def test_a_technician_neither_prices_nor_dismisses(database: Database) -> None:
    (job,) = given.make_running()
    request = ask(job)
    user = given.worker(job)
    with pytest.raises(NotAllowed):
        additions.price(request, [make_operation()], by=user, at=LATER)
    with pytest.raises(NotAllowed):
        additions.dismiss(request, "x", by=user, at=LATER)


def test_a_request_is_priced_once(database: Database) -> None:
    (job,) = given.make_running()
    request = ask(job)
    additions.price(request, [make_operation()], by=job.order.advisor, at=LATER)
    with pytest.raises(RuleBroken):
        additions.price(request, [make_operation()], by=job.order.advisor, at=LATER)


def test_a_request_needs_words_or_work_and_the_right(database: Database) -> None:
    (job,) = given.make_running()
    user = given.worker(job)
    with pytest.raises(Invalid):
        additions.request_addition(job, " ", Urgency.YELLOW, by=user, at=LATER)
    with pytest.raises(NotAllowed):
        additions.request_addition(
            job, "漏油", Urgency.YELLOW, by=make_user(RoleName.WASHER), at=LATER
        )
    asked = additions.request_addition(
        job,
        "",
        Urgency.YELLOW,
        photo=given.picture(),
        operation=make_operation(),
        by=user,
        at=LATER,
    )
    assert asked.finding == "更换前制动片"
    assert asked.photo_id is not None


def test_parts_of_an_addition_hold_up_only_the_addition(database: Database) -> None:
    # given
    first, second = given.make_ready(2)
    work.start(first, given.worker(first), AT)
    request = ask(first)
    brakes = make_brakes("BR-09")
    answer(additions.price(request, [brakes], by=first.order.advisor, at=LATER), yes=True)
    added = queries.list_jobs(first.order)[2]
    given.assign(added, make_technician(), at=LATER)
    # then
    assert [each.code for each in repair_gates.missing_to_start(added)] == ["addition_released"]
    assert repair_gates.missing_to_start(second) == []
    # when
    parts.release(first.order, by=first.order.advisor, at=LATER)
    # then
    assert [each.code for each in repair_gates.missing_to_start(added)] == ["parts_issued"]


@pytest.mark.parametrize("yes", [True, False])
def test_who_checks_finds_more_and_the_check_waits_for_the_customer(
    database: Database, yes: bool
) -> None:
    # given
    order = given.make_checked_in()
    (job,) = queries.list_jobs(order)
    leader = make_user(RoleName.TEAM_LEADER)
    assert quality.missing_to_check(order, Level.QUALITY_CHECK) == []
    # when
    found = additions.request_addition(job, "制动片 2 mm", Urgency.RED, by=leader, at=LATER)
    # then
    waiting = quality.missing_to_check(order, Level.QUALITY_CHECK)
    assert [each.code for each in waiting] == ["addition"]
    assert overview.list_open_additions(order.branch_id) == [found]
    assert overview.list_with_nothing_left(order.branch_id) == []
    # when
    answer(additions.price(found, [make_operation()], by=order.advisor, at=LATER), yes)
    # then: what is agreed is planned, what is declined may stay with a note
    assert order.stage is (Stage.AUTHORISED if yes else Stage.QUALITY_CHECK)
    assert not queries.open_additions(order)
    assert bool(history.list_deferred(order.vehicle)) is not yes


def test_what_is_found_at_the_check_and_not_offered_holds_nothing_up(database: Database) -> None:
    order = given.make_checked_in()
    (job,) = queries.list_jobs(order)
    leader = make_user(RoleName.TEAM_LEADER)
    found = additions.request_addition(job, "划痕", Urgency.YELLOW, by=leader, at=LATER)
    additions.dismiss(found, "接车时已有", by=order.advisor, at=LATER)
    assert order.stage is Stage.QUALITY_CHECK
    assert quality.missing_to_check(order, Level.QUALITY_CHECK) == []
