"""What a public screen may say of an order."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workshop.orders.flow import Stage
from workshop.orders.rows import Bucket
from workshop.orders.rules import Why, why_moved
from workshop.screen import rules
from workshop.screen.rules import Row

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ROW = Row("a1", "粤B·12•••5", "repair", "2026-11-23T16:30", "", "", "12026-11-23T16:30", 3)


def test_every_stage_in_the_shop_after_the_signature_has_a_picture() -> None:
    outside = {
        Stage.RECEPTION,
        Stage.INSPECTED,
        Stage.QUOTED,
        Stage.DELIVERED,
        Stage.FOLLOWED_UP,
        Stage.CLOSED,
        Stage.DECLINED,
        Stage.CANCELLED,
    }
    assert set(Stage) - outside == rules.SHOWN
    shown = itertools.product(rules.SHOWN, (None, NOON))
    assert {rules.bucket_of(stage, ready_at) for stage, ready_at in shown} == set(Bucket)


@pytest.mark.parametrize("stage", [Stage.SETTLEMENT, Stage.SETTLED])
def test_the_bill_does_not_say_how_far_the_car_is(stage: Stage) -> None:
    assert rules.bucket_of(stage, None) is Bucket.WASH
    assert rules.bucket_of(stage, NOON) is Bucket.READY


def test_a_changed_promise_has_one_of_the_public_reasons() -> None:
    later, earlier = NOON + timedelta(hours=1), NOON - timedelta(hours=1)

    def reason(now: datetime | None, *, addition: bool = False, rework: bool = False) -> object:
        return why_moved(NOON, now, has_addition=addition, has_rework=rework)

    assert reason(NOON) is None
    assert reason(None) is None
    assert reason(earlier, addition=True) is Why.EARLIER
    assert reason(later, addition=True, rework=True) is Why.ADDITION
    assert reason(later, rework=True) is Why.QUALITY
    assert reason(later) is Why.LONGER


def test_ready_cars_come_first_the_newest_on_top_then_who_waits_then_by_promise() -> None:
    def key(bucket: Bucket, stays: bool, promise: str, minutes: int = 0) -> str:
        return rules.sort_key(bucket, stays, promise, NOON + timedelta(minutes=minutes))

    keys = [
        key(Bucket.READY, False, "2026-11-23T18:00", 5),
        key(Bucket.READY, True, "2026-11-23T10:00", 1),
        key(Bucket.REPAIR, True, "2026-11-23T11:00"),
        key(Bucket.WAITING, True, "2026-11-23T12:00"),
        key(Bucket.WAITING, True, ""),
        key(Bucket.WASH, False, "2026-11-23T09:00"),
    ]
    assert keys == sorted(keys)


def test_the_digest_notices_every_change_but_not_the_order() -> None:
    other = replace(ROW, id="b2")
    assert rules.digest([ROW, other]) == rules.digest([other, ROW])
    changes: list[Row] = [
        replace(ROW, plate="粤B·1•••45"),
        replace(ROW, stage="wash"),
        replace(ROW, promise=""),
        replace(ROW, first="2026-11-23T15:00"),
        replace(ROW, reason="longer"),
        replace(ROW, key="0"),
        replace(ROW, version=4),
    ]
    digests = [rules.digest(rows) for rows in ([], [ROW], [ROW, other], *([c] for c in changes))]
    assert all(one != two for one, two in itertools.combinations(digests, 2))
    assert rules.digest([]) == "811c9dc5"
