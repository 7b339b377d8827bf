"""Taking what waits: it is one's own until it is done, given back or taken by another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_branch, make_order, make_user
from workshop.desk.inbox import rows as inbox
from workshop.desk.inbox import taking
from workshop.desk.inbox.rows import Row
from workshop.errors import NotAllowed, NotFound
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SOON = AT + timedelta(minutes=5)
LATER = AT + timedelta(minutes=10)


def rows(user: User) -> list[Row]:
    return inbox.list_rows(make_branch(), user, LATER)


def take(subject: str, by: User) -> None:
    branch = make_branch()
    taking.take(branch, inbox.list_items(branch, SOON), subject, by=by, at=SOON)


def test_a_colleague_takes_what_waits_for_the_advisor_and_gives_it_back(
    database: Database,
) -> None:
    # given
    order, colleague = make_order(), make_user(RoleName.SERVICE_ADVISOR)
    subject = f"R{order.id}"
    assert rows(order.advisor)
    # when
    take(subject, colleague)
    # then
    assert [row.subject for row in rows(colleague)] == [subject]
    assert not rows(order.advisor)
    # when the car goes on, what comes up is the advisor's again
    order.move_to(Stage.INSPECTED, order.advisor, LATER)
    assert not rows(colleague)
    assert rows(order.advisor)


def test_what_was_taken_can_be_given_back_and_taken_by_another(database: Database) -> None:
    order = make_order()
    one, two = (make_user(RoleName.SERVICE_ADVISOR) for _ in range(2))
    take(f"R{order.id}", one)
    take(f"R{order.id}", two)
    assert not rows(one)
    assert rows(two)
    with pytest.raises(NotFound):
        taking.give_back(make_branch(), f"R{order.id}", by=one, at=LATER)
    taking.give_back(make_branch(), f"R{order.id}", by=two, at=LATER)
    assert rows(order.advisor)


def test_only_what_waits_and_what_one_may_do_is_taken(database: Database) -> None:
    order = make_order()
    with pytest.raises(NotAllowed):
        take(f"R{order.id}", make_user(RoleName.WASHER))
    with pytest.raises(NotFound):
        take("R999", order.advisor)
