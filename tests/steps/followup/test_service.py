"""Planning calls, recording tries and answers, closing the order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.databases import Database
from tests.factories import make_user
from tests.steps.followup.factories import GOOD, QUESTIONS, make_delivered, make_follow_up
from workshop.cases import service as cases
from workshop.cases.models import CaseState, CaseTopic, Verdict
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.followup import queries, rules
from workshop.steps.followup import service as followup
from workshop.steps.followup.models import FollowUp, FollowUpState
from workshop.steps.followup.rules import Outcome
from workshop.steps.handover.models import Handover


def officer() -> User:
    return make_user(RoleName.CUSTOMER_RELATIONS)


def answer(follow_up: FollowUp, by: User, at: datetime, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "scores": GOOD,
        "is_fixed": True,
        "recommendation": 9,
        "words": "",
        "channel": Channel.PHONE,
        "owner": by,
        "day": at.date(),
        **changes,
    }
    scores = values.pop("scores")
    return followup.record_answers(follow_up, scores, by=by, at=at, **values)


def test_every_delivered_order_gets_one_planned_call(database: Database, at: datetime) -> None:
    # given
    order = make_delivered()
    # when
    first, second = followup.plan_due(at), followup.plan_due(at)
    # then
    assert (first, second) == (1, 0)
    found = queries.get(order)
    assert found.planned_at == order.delivered_at + timedelta(hours=48)


def test_a_customer_who_wished_no_call_is_not_called(database: Database, at: datetime) -> None:
    # given
    order = make_delivered()
    refusal = "不需要回访"
    session.add(Handover(order_id=order.id, followup_refused=refusal))
    session.flush()
    # when
    followup.plan_due(at)
    # then
    assert queries.get(order).state is FollowUpState.REFUSED
    assert queries.list_planned(order.branch_id) == []
    assert order.stage is Stage.CLOSED


def test_good_answers_close_the_order(database: Database, at: datetime) -> None:
    follow_up = make_follow_up()
    case = answer(follow_up, officer(), at)
    assert case is None
    assert follow_up.state is FollowUpState.ANSWERED
    assert follow_up.order.stage is Stage.CLOSED


@pytest.mark.parametrize(
    ("changes", "topic"),
    [
        ({"is_fixed": False}, CaseTopic.QUALITY),
        ({"scores": {**GOOD, "price_as_told": 2}}, CaseTopic.PRICE),
        ({"scores": {**GOOD, "on_time": 1}}, CaseTopic.BROKEN_PROMISE),
    ],
)
def test_a_dissatisfied_customer_has_a_case_at_once_and_the_order_stays_open(
    database: Database, at: datetime, changes: dict[str, Any], topic: CaseTopic
) -> None:
    follow_up = make_follow_up()
    case = answer(follow_up, officer(), at, words="还是响", **changes)
    assert case.topic is topic
    assert case.summary == "还是响"
    assert case.due_ack_at == at + timedelta(hours=1)
    assert follow_up.order.stage is Stage.FOLLOWED_UP


def test_the_serving_advisor_does_not_make_the_call(database: Database, at: datetime) -> None:
    # given an advisor who also holds the follow-up right
    order = make_delivered(advisor=make_user(RoleName.SERVICE_MANAGER))
    follow_up = make_follow_up(order)
    # when, then
    with pytest.raises(NotAllowed, match="who served"):
        answer(follow_up, order.advisor, at)


def test_somebody_without_the_right_is_refused(database: Database, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        answer(make_follow_up(), make_user(RoleName.CASHIER), at)


def test_all_questions_are_asked(database: Database, at: datetime) -> None:
    scores = {question: 5 for question in QUESTIONS if question != "advisor"}
    with pytest.raises(Invalid) as refusal:
        answer(make_follow_up(), officer(), at, scores=scores)
    assert refusal.value.field == "advisor"


def test_answers_are_kept_once(database: Database, at: datetime) -> None:
    follow_up, by = make_follow_up(), officer()
    answer(follow_up, by, at)
    with pytest.raises(Conflict):
        answer(follow_up, by, at)


def test_an_unreached_customer_is_tried_on_five_days_and_then_documented(
    database: Database, at: datetime
) -> None:
    # given
    follow_up, by = make_follow_up(), officer()
    # when
    for day in range(rules.MOST_ATTEMPTS):
        assert follow_up.state is FollowUpState.PLANNED
        now = at + timedelta(days=day)
        followup.record_attempt(follow_up, Outcome.NO_ANSWER, Channel.PHONE, "", by=by, at=now)
    # then
    assert follow_up.state is FollowUpState.UNREACHED
    assert follow_up.order.stage is Stage.CLOSED
    assert queries.count_days_tried(follow_up) == 5
    assert follow_up.order.customer.phone_invalid


def test_five_tries_on_one_day_are_not_five_days(database: Database, at: datetime) -> None:
    follow_up, by = make_follow_up(), officer()
    for _ in range(rules.MOST_ATTEMPTS):
        followup.record_attempt(follow_up, Outcome.BUSY, Channel.PHONE, "", by=by, at=at)
    assert follow_up.state is FollowUpState.PLANNED
    assert not follow_up.order.customer.phone_invalid


def test_two_tries_of_one_morning_are_one_day_though_utc_begins_a_new_one_between_them(
    database: Database, at: datetime
) -> None:
    # given: ten to eight and ten past eight in the shop
    follow_up, by = make_follow_up(), officer()
    for minutes in (-130, -110, 720):
        now = at + timedelta(days=1, minutes=minutes)
        followup.record_attempt(follow_up, Outcome.NO_ANSWER, Channel.PHONE, "", by=by, at=now)
    # then: ten in the evening is still the same day
    assert queries.count_days_tried(follow_up) == 1


def test_a_wrong_number_is_asked_for_at_the_next_visit(database: Database, at: datetime) -> None:
    follow_up = make_follow_up()
    followup.record_attempt(follow_up, Outcome.WRONG_NUMBER, Channel.PHONE, "", by=officer(), at=at)
    assert follow_up.order.customer.phone_invalid


def test_a_refusal_is_a_documented_result(database: Database, at: datetime) -> None:
    follow_up = make_follow_up()
    followup.record_attempt(follow_up, Outcome.REFUSED, Channel.PHONE, "", by=officer(), at=at)
    assert follow_up.state is FollowUpState.REFUSED
    assert follow_up.order.stage is Stage.CLOSED


def test_the_case_closes_only_after_the_supervisors_second_call(
    database: Database, at: datetime
) -> None:
    # given
    follow_up, by = make_follow_up(), officer()
    supervisor = make_user(RoleName.SERVICE_MANAGER)
    case = answer(follow_up, by, at, is_fixed=False)
    with pytest.raises(RuleBroken):
        followup.record_second_call(case, Verdict.SATISFIED, "好", by=supervisor, at=at)
    # when
    cases.acknowledge(case, by=by, at=at)
    cases.make_plan(case, "明天免费检查", by=by, at=at)
    cases.resolve(case, "螺栓松动", "重新紧固", by=by, at=at)
    assert follow_up.order.stage is Stage.FOLLOWED_UP
    followup.record_second_call(case, Verdict.SATISFIED, "满意", by=supervisor, at=at)
    # then
    assert case.state is CaseState.CLOSED
    assert follow_up.order.stage is Stage.CLOSED


def test_a_customer_who_is_still_dissatisfied_reopens_the_case(
    database: Database, at: datetime
) -> None:
    # given
    by, supervisor = officer(), make_user(RoleName.SERVICE_MANAGER)
    case = answer(make_follow_up(), by, at, is_fixed=False)
    cases.make_plan(case, "检查", by=by, at=at)
    cases.resolve(case, "原因", "处理", by=by, at=at)
    # when
    followup.record_second_call(case, Verdict.DISSATISFIED, "没有好", by=supervisor, at=at)
    # then
    assert case.state is CaseState.ACKNOWLEDGED
    assert case.closed_at is None


def test_the_owner_of_a_case_does_not_make_the_second_call(
    database: Database, at: datetime
) -> None:
    manager = make_user(RoleName.SERVICE_MANAGER)
    case = answer(make_follow_up(), officer(), at, is_fixed=False, owner=manager)
    cases.make_plan(case, "检查", by=manager, at=at)
    cases.resolve(case, "原因", "处理", by=manager, at=at)
    with pytest.raises(NotAllowed, match="no part in it"):
        followup.record_second_call(case, Verdict.SATISFIED, "好", by=manager, at=at)


def test_a_case_changes_its_owner_only_when_the_other_accepts(
    database: Database, at: datetime
) -> None:
    by, other = officer(), officer()
    case = answer(make_follow_up(), by, at, is_fixed=False)
    with pytest.raises(NotAllowed):
        cases.accept(case, by=other, at=at)
    cases.offer(case, other, by=by, at=at)
    assert case.owner_id == by.id
    cases.accept(case, by=other, at=at)
    assert case.owner_id == other.id


def test_a_case_that_was_closed_meanwhile_keeps_its_owner(database: Database, at: datetime) -> None:
    # given
    by, other = officer(), officer()
    supervisor = make_user(RoleName.SERVICE_MANAGER)
    case = answer(make_follow_up(), by, at, is_fixed=False)
    cases.offer(case, other, by=by, at=at)
    cases.make_plan(case, "检查", by=by, at=at)
    cases.resolve(case, "原因", "处理", by=by, at=at)
    followup.record_second_call(case, Verdict.SATISFIED, "满意", by=supervisor, at=at)
    # when
    with pytest.raises(RuleBroken, match="closed"):
        cases.accept(case, by=other, at=at)
    # then
    assert case.owner_id == by.id
    assert not case.is_offered_to(other)
