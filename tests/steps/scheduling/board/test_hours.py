"""The strip of hours on the board: it adds up, it tells why, and it only looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.factories import AT, make_skill
from tests.shop.factories import hour
from tests.steps.scheduling.factories import Shop, make_shop
from workshop import db
from workshop.allocation import service as allocations
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.customers.models import Channel
from workshop.db import session
from workshop.orders.models import Job, JobState
from workshop.shop.models import BayKind
from workshop.staff.models import User
from workshop.steps.scheduling.board import hours as day_hours
from workshop.steps.scheduling.board.hours import Share
from workshop.steps.scheduling.closing import holding
from workshop.steps.scheduling.closing.models import HoldReason
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.service import Consent

SignIn = Callable[[User], FlaskClient]
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
NINE_HOURS = 540


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    shop = make_shop()
    shop.advisor.locale = "en"
    shop.branch.reserve_percent = 20
    make_skill("other")
    return shop


def all_hands(shop: Shop, day: date = MONDAY) -> Share:
    return day_hours.read(shop.branch, day, AT)[0]


def take(shop: Shop, minutes: int, source: TakeSource, day: date = MONDAY) -> None:
    need = Need.of(shop.job.skill_id, [BayKind.LIFT.value])
    source_id = shop.job.id if source is TakeSource.JOB else 1
    capacity.take(shop.branch, day, need, minutes, source, source_id, at=AT, beyond=True)


def test_sold_reserve_and_free_add_up_for_hands_skill_and_bay(shop: Shop) -> None:
    # given
    take(shop, 120, TakeSource.APPOINTMENT)
    shop.assign(14)
    # when
    found = day_hours.read(shop.branch, MONDAY, AT)
    # then
    hands = found[0]
    assert (hands.skill, hands.kind, hands.total_minutes) == (None, None, NINE_HOURS)
    assert (hands.reserve_minutes, hands.sold_minutes, hands.free_minutes) == (108, 180, 252)
    mine = next(each for each in found if each.skill and each.skill.id == shop.job.skill_id)
    assert (mine.sold_minutes, mine.other_minutes, mine.free_minutes) == (180, 0, 252)
    lift = next(each for each in found if each.kind is BayKind.LIFT)
    assert lift.sold_minutes == 180
    # and what nobody here can do is not listed
    assert not [each for each in found if each.skill and each.skill.code == "other"]


def test_what_another_skill_took_of_the_same_hands_stands_as_other_work(shop: Shop) -> None:
    anybody = Need(None)
    capacity.take(shop.branch, MONDAY, anybody, 400, TakeSource.APPOINTMENT, 9, at=AT, beyond=True)
    mine = day_hours.read(shop.branch, MONDAY, AT)[1]
    assert (mine.sold_minutes, mine.other_minutes, mine.free_minutes) == (0, 400, 32)
    assert mine.tone == "full"


def test_an_overbooked_day_says_by_how_much(shop: Shop) -> None:
    take(shop, 500, TakeSource.APPOINTMENT)
    assert (all_hands(shop).free_minutes, all_hands(shop).tone) == (-68, "over")


def test_work_left_over_from_saturday_counts_as_carried_over(shop: Shop) -> None:
    take(shop, 60, TakeSource.JOB, MONDAY - timedelta(days=2))
    hands = all_hands(shop)
    assert (hands.sold_minutes, hands.carried_minutes) == (0, 60)


def test_a_job_that_its_customer_let_go_to_tomorrow_is_carried_over_there(shop: Shop) -> None:
    # given
    live = shop.assign(14)
    consent = Consent(Channel.PHONE, "王女士", AT)
    # when
    scheduling.move(
        shop.job, shop.technician, shop.bay, hour(9, 1),
        seen_version=live.version, consent=consent, by=shop.advisor, at=AT,
    )  # fmt: skip
    # then
    assert all_hands(shop).sold_minutes == 0
    assert all_hands(shop, TUESDAY).carried_minutes == 60


def test_a_held_job_keeps_its_hours_as_held_until_it_has_a_place_again(shop: Shop) -> None:
    # given
    shop.assign(14)
    # when
    holding.hold(shop.job, MONDAY, HoldReason.PARTS, "", by=shop.advisor, at=AT)
    # then
    hands = all_hands(shop)
    assert (hands.sold_minutes, hands.held_minutes) == (0, 60)
    # when
    scheduling.assign(
        shop.job, shop.technician, shop.bay, hour(15), by=shop.advisor, at=AT + timedelta(minutes=5)
    )
    # then
    hands = all_hands(shop)
    assert (hands.sold_minutes, hands.held_minutes) == (60, 0)


def test_a_day_off_has_no_hours(shop: Shop) -> None:
    assert day_hours.read(shop.branch, date(2026, 11, 29), AT) == []


def takes_of(job: Job) -> list[tuple[date, int]]:
    return [(each.day, each.minutes) for each in capacity.list_takes(TakeSource.JOB, job.id)]


def test_work_longer_than_a_day_counts_on_both_days_and_early_ends_give_the_rest_back(
    shop: Shop,
) -> None:
    # given: ten hours of work, and seven of them are planned for Monday
    shop.job.book_minutes = 600
    scheduling.assign(
        shop.job, shop.technician, shop.bay, hour(10),
        minutes=420, across=True, by=shop.advisor, at=AT,
    )  # fmt: skip
    # then
    assert takes_of(shop.job) == [(MONDAY, 420), (TUESDAY, 180)]
    assert all_hands(shop).sold_minutes == 420
    assert all_hands(shop, TUESDAY).sold_minutes == 180
    # when: it is done today all the same
    capacity.use(TakeSource.JOB, shop.job.id, at=hour(17))
    # then
    assert all_hands(shop).sold_minutes == 420
    assert all_hands(shop, TUESDAY).sold_minutes == 0


def test_a_shortened_card_still_counts_its_book_time_on_its_day(shop: Shop) -> None:
    scheduling.assign(
        shop.job, shop.technician, shop.bay, hour(14), minutes=45, by=shop.advisor, at=AT
    )
    assert takes_of(shop.job) == [(MONDAY, 60)]


def test_what_was_worked_yesterday_leaves_the_rest_carried_over(shop: Shop) -> None:
    # given
    shop.job.book_minutes = 120
    live = shop.assign(10)
    allocations.finish(live, at=hour(11))
    shop.job.state = JobState.PAUSED
    # when
    shop.assign(9, days=1)
    # then
    hands = all_hands(shop, TUESDAY)
    assert (hands.carried_minutes, hands.sold_minutes) == (60, 0)


def test_the_board_shows_the_strip_and_writes_nothing(shop: Shop, sign_in: SignIn) -> None:
    # given
    take(shop, 60, TakeSource.JOB, MONDAY - timedelta(days=2))
    db.commit()
    desk = sign_in(shop.advisor)
    desk.get("/scheduling")
    written: list[str] = []

    def spy(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "ROLLBACK", "PRAGMA")):
            written.append(statement)

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", spy)
    # when
    page = desk.get("/scheduling").text
    sa.event.remove(engine, "before_cursor_execute", spy)
    # then
    assert "Hours of the day" in page
    assert "9 h there − 1.8 reserve − 0 sold − 1 carried over" in page
    assert "/quotation/free-time" in page
    assert written == []
    # and tomorrow has its own hours, and nothing to sell at once
    assert "/quotation/free-time" not in desk.get("/scheduling?day=2026-11-24").text
