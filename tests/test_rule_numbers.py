"""The numbers of the rules of domain.md §1, written out: N, P and R with what they say.

No number here is read from the program. A rule whose number is a setting is tested on a branch
as it is made.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.databases import Database
from tests.factories import (
    AT,
    make_branch,
    make_customer,
    make_job,
    make_order,
    make_user,
    make_vehicle,
)
from tests.shop.factories import hour
from tests.steps.booking.factories import local, make_appointment
from tests.steps.booking.factories import make_shop as make_booking_shop
from tests.steps.scheduling.factories import make_shop
from workshop.capacity import rules as capacity
from workshop.cases import service as cases
from workshop.cases.models import CaseTopic
from workshop.catalogue.checklists import queries as lists
from workshop.catalogue.checklists.rules import Use
from workshop.catalogue.models import GuaranteeClass
from workshop.desk import rules as desk
from workshop.orders import guarantees, history
from workshop.orders.flow import Stage
from workshop.orders.models import JobState
from workshop.staff.permissions import RoleName
from workshop.steps.booking import calls
from workshop.steps.booking import rules as booking
from workshop.steps.booking import service as appointments
from workshop.steps.followup import rules as followup
from workshop.steps.handover import rules as handover
from workshop.steps.lounge import enums as lounge
from workshop.steps.lounge import rules as reports
from workshop.steps.parts import rules as parts
from workshop.steps.repair import rules as repair
from workshop.steps.scheduling import rules as board

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# ---- A branch as it is made ----


@pytest.mark.parametrize(
    ("rule", "setting", "value"),
    [
        ("N1", "buffer_minutes", 15),
        ("N2", "delivery_minutes", 15),
        ("P1", "slot_minutes", 15),
        ("P5", "on_time_minutes", 15),
        ("P7", "no_show_minutes", 60),
        ("P9", "reserve_percent", 20),
        ("P17", "repeat_days", 30),
        ("step 4", "report_every_minutes", 60),
        ("R21", "tax_basis_points", 1300),
    ],
)
def test_a_branch_is_made_with_the_number_of_the_rule(
    database: Database, rule: str, setting: str, value: int
) -> None:
    assert getattr(make_branch(), setting) == value, rule


def test_n1_fifteen_minutes_lie_between_two_jobs(database: Database) -> None:
    made = make_shop().assign(14)
    assert made.ends_at == hour(15)
    assert made.blocked_until == hour(15.25)


# ---- The board ----


def _facts(**values: Any) -> board.Facts:
    usual: dict[str, Any] = {
        "starts_at": AT,
        "ends_at": AT + HOUR,
        "promised_at": AT + 3 * HOUR,
        "delivery_minutes": 15,
        "waiting": True,
        "over": False,
        "folder_taken": False,
        "folder_returned": False,
    }
    return board.Facts(**(usual | values))


def _codes(facts: board.Facts, at: datetime) -> set[str]:
    return {alarm.code for alarm in board.alarms(facts, at)}


def test_n2_work_ends_fifteen_minutes_before_the_promise() -> None:
    promised = AT + HOUR
    assert board.must_end_by(promised, 15) == AT + 45 * MINUTE
    assert "promise" not in _codes(
        _facts(ends_at=AT + 45 * MINUTE, promised_at=promised), AT - HOUR
    )
    assert "promise" in _codes(_facts(ends_at=AT + 46 * MINUTE, promised_at=promised), AT - HOUR)


def test_n2_a_promise_is_at_risk_with_less_than_fifteen_minutes_left() -> None:
    facts = desk.Facts(stage=Stage.REPAIR, promised_at=AT, ready_at=None)
    assert desk.need_of(facts, AT - 15 * MINUTE, 15) is not desk.Need.PROMISE_AT_RISK
    assert desk.need_of(facts, AT - 14 * MINUTE, 15) is desk.Need.PROMISE_AT_RISK


def test_n3_the_folder_is_taken_in_the_fifteen_minutes_before_the_start() -> None:
    assert "folder_taken" not in _codes(_facts(), AT - 16 * MINUTE)
    assert "folder_taken" in _codes(_facts(), AT - 15 * MINUTE)


def test_n4_the_folder_is_back_fifteen_minutes_before_the_end() -> None:
    running = _facts(waiting=False, folder_taken=True)
    assert "folder_back" not in _codes(running, AT + 44 * MINUTE)
    assert "folder_back" in _codes(running, AT + 45 * MINUTE)


def test_n5_a_minute_late_is_late() -> None:
    assert "start" not in _codes(_facts(), AT)
    assert "start" in _codes(_facts(), AT + MINUTE)


# ---- 630 ----


def test_n6_there_are_three_levels_of_inspection() -> None:
    assert [each.value for each in repair.Level] == ["self_check", "quality_check", "final_check"]


def test_n8_there_are_six_care_acts() -> None:
    assert len(lounge.CareKind) == 6


def test_n9_there_are_six_points_of_which_four_are_ticked_by_hand() -> None:
    assert len(repair.Point) == 6
    assert len(repair.POINTS_BY_HAND) == 4


def test_n10_a_round_asks_for_five_magazines_and_three_newspapers(database: Database) -> None:
    items = {item.code: item for item in lists.list_items(Use.LOUNGE_ROUND)}
    assert "5 " in items["magazines"].title_en
    assert "3 " in items["newspapers"].title_en
    assert len(items) == 19


# ---- Booking ----


def test_p1_an_hour_of_an_advisor_has_three_places_and_one_for_walk_ins() -> None:
    nine = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI).astimezone(UTC)
    times = booking.grid([(nine, nine + HOUR)], 15, SHANGHAI)
    assert [(each.at - nine, each.is_for_walk_ins) for each in times] == [
        (0 * MINUTE, False),
        (15 * MINUTE, False),
        (30 * MINUTE, False),
        (45 * MINUTE, True),
    ]


def test_p2_two_times_are_offered() -> None:
    slots = [booking.FreeSlot(AT + n * HOUR, 1, 0, 3, 0, False, True) for n in range(6)]
    assert len(booking.choose_offers(slots)) == 2


def test_p3_a_customer_is_called_the_day_before_and_within_the_last_hour(
    database: Database,
) -> None:
    _, (advisor,) = make_booking_shop()
    make_appointment(advisor, "15:00")
    make_appointment(advisor, "15:15", days=2)
    found = {
        at: [call.reason.value for call in calls.list_due(make_branch(), local(at))]
        for at in ("13:59", "14:00", "14:59")
    }
    assert found == {"13:59": ["day_before"], "14:00": ["hour_before"], "14:59": ["hour_before"]}


@pytest.mark.parametrize(
    ("minutes", "arrival"), [(-16, "early"), (-15, "on_time"), (15, "on_time"), (16, "late")]
)
def test_p5_fifteen_minutes_on_each_side_are_on_time(
    database: Database, minutes: int, arrival: str
) -> None:
    _, (advisor,) = make_booking_shop()
    made = make_appointment(advisor, "15:00")
    came_at = local("15:00") + minutes * MINUTE
    appointments.register_arrival(made, make_user(RoleName.GREETER), came_at)
    assert made.arrival is not None
    assert made.arrival.value == arrival


def test_p9_a_fifth_of_the_day_is_not_sold_ahead() -> None:
    assert capacity.sellable(600, 20) == 480


def test_step_4_a_waiting_customer_hears_every_sixty_minutes() -> None:
    due = reports.next_due(reports.Watch(stays=True, since=AT, every_minutes=60))
    assert due is not None
    assert due.at == AT + 60 * MINUTE


def test_step_6_a_basket_is_needed_fifteen_minutes_before_the_start() -> None:
    assert parts.needed_by(AT) == AT - 15 * MINUTE


# ---- After the delivery ----


def test_p13_the_call_comes_24_to_72_hours_after_the_delivery() -> None:
    assert followup.plan(AT, None) == AT + 48 * HOUR
    assert followup.plan(AT, AT + 23 * HOUR) == AT + 24 * HOUR
    assert followup.plan(AT, AT + 73 * HOUR) == AT + 72 * HOUR


def test_p13_five_days_of_trying_and_the_next_try_a_day_later() -> None:
    assert followup.MOST_ATTEMPTS == 5
    assert followup.next_attempt(AT) == AT + 24 * HOUR


@pytest.mark.parametrize(
    ("scores", "fixed", "recommendation", "opens"),
    [
        ([3, 5], True, 7, False),
        ([2, 5], True, 10, True),
        ([5, 5], True, 6, True),
        ([5, 5], False, 10, True),
        ([5, 5], True, None, False),
    ],
)
def test_step_10_two_of_five_or_six_of_ten_opens_a_case(
    scores: list[int], fixed: bool, recommendation: int | None, opens: bool
) -> None:
    assert followup.is_dissatisfied(scores, fixed, recommendation) is opens


def test_p14_one_three_and_seventy_two_hours(database: Database) -> None:
    made = _case(is_urgent=False)
    assert made.due_ack_at == AT + 1 * HOUR
    assert made.due_plan_at == AT + 3 * HOUR
    assert made.due_resolve_at == AT + 72 * HOUR


def test_n11_an_urgent_case_is_answered_within_fifteen_minutes(database: Database) -> None:
    assert _case(is_urgent=True).due_ack_at == AT + 15 * MINUTE


def _case(*, is_urgent: bool) -> Any:
    owner = make_user(RoleName.CUSTOMER_RELATIONS)
    return cases.open_case(
        make_customer(),
        owner,
        "等了很久",
        topic=next(iter(CaseTopic)),
        day=date(2026, 11, 23),
        by=owner,
        at=AT,
        is_urgent=is_urgent,
    )


@pytest.mark.parametrize(("days", "repeats"), [(30, True), (31, False)])
def test_p17_a_visit_within_thirty_days_may_repeat_the_last_one(
    database: Database, days: int, repeats: bool
) -> None:
    order = make_order(Stage.DELIVERED, ready_at=AT, delivered_at=AT)
    make_job(order, state=JobState.DONE)
    found = history.find_repeat(order.vehicle, AT + timedelta(days=days), make_branch().repeat_days)
    assert (found is not None) is repeats


# ---- The guarantee ----


@pytest.mark.parametrize(
    ("rule", "guarantee", "km", "days"),
    [
        ("R1", GuaranteeClass.OVERHAUL, 20_000, 100),
        ("R2", GuaranteeClass.LEVEL_2_MAINTENANCE, 5_000, 30),
        ("R3", GuaranteeClass.MINOR, 2_000, 10),
    ],
)
def test_r1_to_r3_the_guarantee_of_a_repair(
    database: Database, rule: str, guarantee: GuaranteeClass, km: int, days: int
) -> None:
    order = make_order(vehicle=make_vehicle())
    starts_on = date(2026, 11, 23)
    made = guarantees.add(order, "维修", guarantee, starts_on, 50_000)
    assert made.end_km == 50_000 + km, rule
    assert made.ends_on == starts_on + timedelta(days=days), rule


@pytest.mark.parametrize(
    ("days", "km", "holds"),
    [(10, 52_000, True), (11, 51_000, False), (9, 52_001, False), (10, None, True)],
)
def test_r5_whichever_of_days_and_kilometres_ends_first_ends_it(
    database: Database, days: int, km: int | None, holds: bool
) -> None:
    order = make_order(vehicle=make_vehicle())
    starts_on = date(2026, 11, 23)
    guarantees.add(order, "维修", GuaranteeClass.MINOR, starts_on, 50_000)
    found = guarantees.list_in_force(order.vehicle, starts_on + timedelta(days=days), km)
    assert bool(found) is holds


@pytest.mark.parametrize(
    ("count", "in_guarantee", "must"), [(1, True, False), (2, True, True), (2, False, False)]
)
def test_r8_twice_in_the_guarantee_and_another_shop_must_be_offered(
    count: int, in_guarantee: bool, must: bool
) -> None:
    assert repair.must_offer_other_shop(count, in_guarantee=in_guarantee) is must


def test_step_9_readings_thirty_days_apart_tell_how_much_a_car_is_driven() -> None:
    assert handover.LEAST_DAYS == 30
    assert handover.USUAL_KM_A_DAY == 40
