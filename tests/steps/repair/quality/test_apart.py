"""Another advisor for one who is not there, and the exceptions of a small shop, never silent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_user
from tests.steps.repair import factories as given
from tests.steps.repair.quality.test_service import LATER, inspect, look
from workshop.errors import Invalid, NotAllowed
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop import absences, people
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair.quality import gates
from workshop.steps.repair.rules import Level

DAY = timedelta(days=1)


def checked() -> RepairOrder:
    """An order at the final check."""
    order = given.make_checked_in()
    inspect(order)
    return order


def leave(order: RepairOrder) -> None:
    order.advisor.active = False


def fall_ill(order: RepairOrder) -> None:
    by = make_user(RoleName.SERVICE_MANAGER)
    absences.add_absence(order.advisor, AT, AT + DAY, "病假", by=by, at=AT)


def be_off(order: RepairOrder) -> None:
    by = make_user(RoleName.SERVICE_MANAGER)
    people.set_shifts(order.advisor, {6: []}, by=by, at=AT)
    people.set_shifts(order.advisor, {6: [(AT.time(), (AT + DAY / 24).time())]}, by=by, at=AT)


@pytest.mark.parametrize("go", [leave, fall_ill, be_off])
def test_another_advisor_makes_the_final_check_of_one_who_is_not_there(
    database: Database, go: object
) -> None:
    # given
    order, other = checked(), make_user(RoleName.SERVICE_ADVISOR)
    go(order)  # type: ignore[operator]
    # when nobody says why, it is refused at the field
    with pytest.raises(Invalid) as refused:
        look(order, other)
    assert refused.value.field == "exception"
    # then with a reason the car goes on, and the record says it
    final = look(order, other, exception="顾问不在，客户等着取车")
    assert order.stage is Stage.READY
    (kept,) = separation.list_for(final)
    told = (kept.rule, kept.by_id, kept.reason)
    assert told == (Apart.FINAL_BY_ADVISOR, other.id, "顾问不在，客户等着取车")


def test_who_may_instead_is_named(database: Database) -> None:
    order, other = checked(), make_user(RoleName.SERVICE_ADVISOR)
    assert gates.list_able(order, Level.FINAL_CHECK, LATER) == [order.advisor]
    fall_ill(order)
    able = gates.list_able(order, Level.FINAL_CHECK, LATER)
    assert other in able
    assert order.advisor not in able


def alone(order: RepairOrder) -> User:
    """The one person of the shop: technician, advisor and manager."""
    (job, *_) = gates.queries.list_jobs(order)
    worker = given.worker(job)
    worker.roles = [*worker.roles, *make_user(RoleName.SERVICE_MANAGER).roles]
    order.advisor_id = worker.id
    return worker


LEVELS = {
    Apart.QUALITY_NOT_WORK,
    Apart.QUALITY_NOT_ADVISOR,
    Apart.FINAL_NOT_WORK,
    Apart.FINAL_NOT_QUALITY,
}


def test_one_person_makes_all_three_checks_as_named_exceptions(database: Database) -> None:
    # given a shop that keeps the three apart
    order = given.make_checked_in()
    me = alone(order)
    with pytest.raises(NotAllowed):
        inspect(order, me)
    # when the branch says that it cannot
    kept = set(Apart) - LEVELS
    separation.set_kept(order.branch, kept, by=me, at=AT)
    with pytest.raises(Invalid):
        inspect(order, me)
    check = inspect(order, me, exception="店里只有我一个人")
    final = look(order, me, exception="店里只有我一个人")
    # then the car is ready, and each rule stands by name
    assert order.stage is Stage.READY
    named = {each.rule for record in (check, final) for each in separation.list_for(record)}
    assert named == LEVELS


def test_only_what_was_lifted_is_excepted(database: Database) -> None:
    order = given.make_checked_in()
    me = alone(order)
    separation.set_kept(order.branch, set(Apart) - {Apart.QUALITY_NOT_WORK}, by=me, at=AT)
    with pytest.raises(NotAllowed) as refused:
        inspect(order, me, exception="一个人")
    assert refused.value.code == "quality_not_advisor"
