"""Ask and answer: the timer, one who answers, what a text cannot do, and who may write."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.factories import make_order, make_user
from workshop import db
from workshop.errors import Conflict, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.staff.permissions import RoleName
from workshop.thread import queries, rules, service
from workshop.thread.rules import Wish


@pytest.mark.parametrize(
    ("stays", "wish", "minutes"),
    [(False, Wish.WORDS, 60), (True, Wish.WORDS, 15), (False, Wish.CALL, 15)],
)
def test_the_timer_runs_from_the_first_message(
    database: object, at: datetime, stays: bool, wish: Wish, minutes: int
) -> None:
    order = make_order(Stage.REPAIR, stays=stays)
    service.say(order, "几点好?", wish=wish, at=at)
    service.say(order, "?", wish=wish, at=at + timedelta(minutes=5))
    thread = queries.find_thread(order)
    assert thread is not None
    assert (thread.waits_since, thread.due_at) == (at, at + timedelta(minutes=minutes))
    assert [each.id for each, _ in queries.list_waiting(order.branch_id)] == [thread.id]
    service.answer(order, "下午三点", seen=0, by=order.advisor, at=at)
    assert thread.waits_since is None
    assert queries.list_waiting(order.branch_id) == []


def test_two_do_not_answer_the_same(database: object, at: datetime) -> None:
    order, other = make_order(Stage.REPAIR), make_user(RoleName.SERVICE_ADVISOR)
    message = service.say(order, "几点好?", at=at)
    service.claim(order, by=order.advisor, at=at)
    with pytest.raises(RuleBroken):
        service.answer(order, "三点", seen=message.id, by=other, at=at)
    # Who stays silent leaves it to everybody again.
    later = at + rules.CLAIM_HOLDS
    service.answer(order, "三点", seen=message.id, by=other, at=later)
    with pytest.raises(Conflict):
        service.answer(order, "四点", seen=message.id, by=order.advisor, at=later)


def test_what_was_answered_by_phone_waits_no_more(database: object, at: datetime) -> None:
    order = make_order(Stage.REPAIR)
    service.say(order, "", wish=Wish.CALL, at=at)
    with pytest.raises(NotAllowed):
        service.settle(order, by=make_user(RoleName.TECHNICIAN), at=at)
    service.settle(order, by=order.advisor, at=at)
    assert queries.list_waiting(order.branch_id) == []
    with pytest.raises(RuleBroken):
        service.settle(order, by=order.advisor, at=at)


def test_the_lounge_hears_what_is_asked_there(database: object, at: datetime) -> None:
    order, other = (make_order(Stage.REPAIR, stays=True) for _ in range(2))
    service.say(order, "", wish=Wish.WATER, at=at)
    service.say(other, "几点好?", at=at)
    assert [each.order_id for each, _ in queries.list_lounge(order.branch_id)] == [order.id]


def test_a_thread_closes_two_weeks_after_the_handover(database: object, at: datetime) -> None:
    order = make_order(Stage.REPAIR)
    assert not rules.is_closed(None, at)
    assert rules.is_closed(at - rules.OPEN_DAYS, at)
    assert not rules.is_closed(at - rules.OPEN_DAYS + timedelta(seconds=1), at)
    for _ in range(rules.MOST_UNANSWERED):
        service.say(order, "喂", at=at)
    with pytest.raises(RuleBroken):
        service.say(order, "喂", at=at)


def test_the_end_of_the_phone_number_is_not_guessed(database: object, at: datetime) -> None:
    order = make_order(Stage.REPAIR)
    tail = order.customer.phone[-4:]
    for _ in range(rules.MOST_WRONG):
        assert not service.prove(order, "0000", at=at)
    with pytest.raises(RuleBroken):
        service.prove(order, tail, at=at)
    assert service.prove(order, tail, at=at + rules.WRONG_HOLDS)
    db.session.flush()


def test_a_yes_is_heard_as_one() -> None:
    assert all(rules.sounds_like_yes(each) for each in ("OK", "好的。", "同意！", "Do it"))
    assert not any(rules.sounds_like_yes(each) for each in ("不好", "多少钱", "OK?"))
