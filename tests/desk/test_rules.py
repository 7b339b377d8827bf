"""What an order needs next, most urgent first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workshop.desk.rules import Facts, act_of, need_of
from workshop.orders.flow import OPEN, Stage, Step
from workshop.orders.rows import Need

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CALM = Facts(
    stage=Stage.REPAIR,
    promised_at=AT + timedelta(hours=3),
    ready_at=None,
)


def need(**changes: object) -> Need:
    return need_of(replace(CALM, **changes), AT, 15)  # type: ignore[arg-type]  # Facts' own fields.


def test_a_car_in_work_with_time_left_needs_nothing_special() -> None:
    assert need() is Need.IN_WORK


@pytest.mark.parametrize(
    ("minutes_left", "expected"),
    [
        (16, Need.IN_WORK),
        (15, Need.IN_WORK),
        (14, Need.PROMISE_AT_RISK),
        (-5, Need.PROMISE_AT_RISK),
    ],
)
def test_a_promise_is_at_risk_inside_the_delivery_buffer(minutes_left: int, expected: Need) -> None:
    assert need(promised_at=AT + timedelta(minutes=minutes_left)) is expected


def test_a_ready_car_has_kept_its_promise() -> None:
    late = AT - timedelta(hours=1)
    assert need(stage=Stage.READY, promised_at=late, ready_at=late) is Need.COLLECT


def test_a_promise_at_risk_goes_before_an_unanswered_addition() -> None:
    assert need(waits_for_addition=True) is Need.CUSTOMER_DECISION
    assert need(waits_for_addition=True, promised_at=AT) is Need.PROMISE_AT_RISK


def test_a_report_is_needed_from_the_minute_it_is_due() -> None:
    assert need(report_due_at=AT) is Need.REPORT_DUE
    assert need(report_due_at=AT + timedelta(minutes=1)) is Need.IN_WORK


def test_a_scheduled_order_is_to_be_released_once() -> None:
    assert need(stage=Stage.SCHEDULED, is_released=False) is Need.TO_RELEASE
    assert need(stage=Stage.SCHEDULED, is_released=True) is Need.IN_WORK


def test_every_open_stage_has_a_next_act() -> None:
    assert all(act_of(replace(CALM, stage=stage), Need.IN_WORK) for stage in OPEN)


def test_a_ready_car_has_no_report_due_any_more() -> None:
    assert need(stage=Stage.READY, ready_at=AT, report_due_at=AT) is Need.COLLECT


def test_what_the_advisor_has_to_price_or_to_tell_goes_before_a_report() -> None:
    assert need(has_finding=True, is_short=True, report_due_at=AT) is Need.TO_PRICE
    assert need(is_short=True, report_due_at=AT) is Need.SHORTAGE


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({}, Step.REPAIR),
        ({"report_due_at": AT}, Step.LOUNGE),
        ({"waits_for_addition": True}, Step.QUOTATION),
        ({"has_finding": True}, Step.REPAIR),
        ({"is_short": True}, Step.PARTS),
        ({"stage": Stage.SCHEDULED, "is_released": False}, Step.PARTS),
        ({"stage": Stage.SCHEDULED}, Step.PARTS),
        ({"stage": Stage.READY, "ready_at": AT, "is_told": False}, Step.HANDOVER),
        ({"stage": Stage.READY, "ready_at": AT, "is_billed": False}, Step.SETTLEMENT),
        ({"stage": Stage.READY, "ready_at": AT}, Step.HANDOVER),
    ],
)
def test_the_button_opens_the_step_that_the_need_is_about(
    changes: dict[str, object], step: Step
) -> None:
    facts = replace(CALM, **changes)  # type: ignore[arg-type]  # Facts' own fields.
    act = act_of(facts, need_of(facts, AT, 15))
    assert act is not None
    assert act[1] is step


def test_the_button_of_a_released_order_releases_nothing() -> None:
    released = replace(CALM, stage=Stage.SCHEDULED)
    to_release = replace(released, is_released=False)
    assert act_of(to_release, Need.TO_RELEASE) == ("Release to the workshop", Step.PARTS)
    assert act_of(released, Need.IN_WORK) == ("See the parts", Step.PARTS)


def test_what_is_closed_has_no_button() -> None:
    assert act_of(replace(CALM, stage=Stage.CLOSED), Need.IN_WORK) is None


def test_more_time_is_decided_before_anything_is_priced_or_asked() -> None:
    assert need(needs_time=True, has_finding=True, waits_for_addition=True) is Need.MORE_TIME
    facts = replace(CALM, needs_time=True, waits_for_addition=True)
    assert act_of(facts, Need.MORE_TIME) == ("Decide on the time", Step.REPAIR)
