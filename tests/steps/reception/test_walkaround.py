"""What is read, asked, received and marked at the car."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.databases import Database
from tests.factories import make_job, make_order, make_user, make_vehicle
from tests.steps.reception.factories import make_photo, make_reception
from workshop.catalogue.models import GuaranteeClass
from workshop.customers import mileage
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from workshop.orders import guarantees
from workshop.orders.flow import Stage
from workshop.orders.models import Attachment, JobState
from workshop.staff.permissions import RoleName
from workshop.steps.reception import queries, snapshots, walkaround
from workshop.steps.reception.car import damage
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.car.zones import DamageKind
from workshop.steps.reception.models import Walkaround
from workshop.steps.reception.rules import (
    BoardItem,
    CoverKind,
    OldParts,
    Paper,
    Question,
    WarningLamp,
)
from workshop.web import versions


def test_the_concern_stays_word_for_word_beside_what_is_added_and_found(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at, concern="左前轮响")
    by = order.advisor
    # when
    walkaround.correct_concern(order, "是右前轮", by=by, at=at)
    answers = {Question.WHEN: " 冷车 ", Question.HOW: ""}
    walkaround.record_interview(order, answers, "右前制动片磨损", seen=None, by=by, at=at)
    # then
    assert order.concern == "左前轮响"
    assert [each.words for each in queries.list_corrections(order)] == ["是右前轮"]
    sheet = queries.show_walkaround(order)
    assert (sheet.interview, sheet.finding) == ({"when": "冷车"}, "右前制动片磨损")
    with pytest.raises(Invalid):
        walkaround.correct_concern(order, " ", by=by, at=at)


def test_a_stale_interview_is_a_conflict_that_shows_both_findings(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    seen = versions.mark(snapshots.interview_now(queries.show_walkaround(order)))
    walkaround.record_interview(order, {}, "第一个", seen=seen, by=order.advisor, at=at)
    # then
    with pytest.raises(Conflict) as caught:
        walkaround.record_interview(order, {}, "第二个", seen=seen, by=order.advisor, at=at)
    assert list(caught.value.theirs.values()) == ["第一个"]
    assert list(caught.value.yours.values()) == ["第二个"]


def test_the_mileage_never_falls_unless_the_odometer_was_replaced(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at, vehicle=make_vehicle(mileage_km=48_000))
    by = order.advisor
    # then
    with pytest.raises(RuleBroken, match="below the last one, 48000") as caught:
        walkaround.record_gauges(order, 47_999, 50, by=by, at=at)
    assert caught.value.field == "mileage_km"
    # when
    walkaround.record_gauges(order, 12, 50, odometer_replaced=True, by=by, at=at)
    # then
    assert (order.mileage_km, order.vehicle.mileage_km) == (12, 12)
    assert mileage.list_readings(order.vehicle)[-1].replaced
    assert queries.show_walkaround(order).odometer_replaced


def test_a_misread_mileage_is_corrected_with_a_reason_but_not_below_the_last_visit(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at, vehicle=make_vehicle(mileage_km=48_000))
    by = order.advisor
    walkaround.record_gauges(order, 84_500, 50, by=by, at=at)
    # then
    with pytest.raises(RuleBroken, match="84500 km were read before"):
        walkaround.record_gauges(order, 48_500, 50, by=by, at=at)
    with pytest.raises(RuleBroken, match="below the last one, 48000"):
        walkaround.record_gauges(order, 47_000, 50, correction_reason="看错", by=by, at=at)
    # when
    walkaround.record_gauges(order, 48_500, 50, correction_reason="看错了", by=by, at=at)
    # then
    assert (order.mileage_km, order.vehicle.mileage_km) == (48_500, 48_500)
    assert not mileage.list_readings(order.vehicle)[-1].replaced


def test_a_guarantee_that_is_over_by_mileage_takes_the_undecided_mark_off(
    database: Database, at: datetime
) -> None:
    # given
    earlier = make_order(Stage.DELIVERED, mileage_km=50_000)
    earlier.ready_at = earlier.delivered_at = at - timedelta(days=60)
    earlier.vehicle.mileage_km = 50_000
    make_job(earlier, state=JobState.DONE)
    day = earlier.delivered_at.date()
    guarantees.add(earlier, "变速箱总成", GuaranteeClass.OVERHAUL, day, 50_000)
    order = make_reception(at, vehicle=earlier.vehicle)
    assert order.repeat_repair
    # when
    walkaround.record_gauges(order, 70_001, 50, by=order.advisor, at=at)
    # then
    assert not order.repeat_repair


def test_the_level_and_the_lamps_are_kept(database: Database, at: datetime) -> None:
    order = make_reception(at)
    walkaround.record_gauges(
        order, 100, 38, lamps=[WarningLamp.ABS], lamps_note="常亮", by=order.advisor, at=at
    )
    sheet = queries.show_walkaround(order)
    assert (order.energy_percent, sheet.lamps, sheet.lamps_note) == (38, ["abs"], "常亮")
    assert walkaround.labels(WarningLamp, sheet.lamps) == ["ABS"]
    with pytest.raises(Invalid):
        walkaround.record_gauges(order, 100, 101, by=order.advisor, at=at)


def test_a_side_and_a_cover_are_confirmed_once_and_may_be_taken_back(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    by = order.advisor
    # when
    for minutes in (0, 5):
        moment = at + timedelta(minutes=minutes)
        walkaround.check_view(order, CarView.LEFT, True, by=by, at=moment)
        walkaround.fit_cover(order, CoverKind.SEAT, True, by=by, at=moment)
    # then
    assert queries.view_checks(order)[CarView.LEFT].checked_at == at
    assert queries.covers(order)[CoverKind.SEAT].fitted_at == at
    # when
    walkaround.check_view(order, CarView.LEFT, False, by=by, at=at)
    walkaround.fit_cover(order, CoverKind.SEAT, False, by=by, at=at)
    # then
    assert not queries.view_checks(order)
    assert not queries.covers(order)


def test_what_we_keep_has_a_place_and_noting_it_counts_as_asked(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    by = order.advisor
    with pytest.raises(Invalid) as caught:
        walkaround.add_valuable(order, "相机", True, by=by, at=at)
    assert caught.value.field == "place"
    # when
    camera = walkaround.add_valuable(order, "相机", True, place="保险柜 3", by=by, at=at)
    # then
    assert queries.list_valuables(order) == [camera]
    assert queries.show_walkaround(order).valuables_asked_at == at
    # when
    walkaround.remove_valuable(order, camera, by=by, at=at)
    session.flush()
    assert queries.list_valuables(order) == []
    with pytest.raises(NotFound):
        queries.get_valuable(order, camera.id)


def test_keys_papers_items_and_wishes_are_kept(database: Database, at: datetime) -> None:
    order = make_reception(at)
    by = order.advisor
    walkaround.record_items(
        order,
        items=[BoardItem.JACK],
        items_note="儿童车",
        keys=2,
        papers=[Paper.VEHICLE_LICENCE],
        by=by,
        at=at,
    )
    walkaround.record_wishes(
        order, stays=True, old_parts=OldParts.TAKE, wash_wanted=False, by=by, at=at
    )
    sheet = queries.show_walkaround(order)
    assert (sheet.items, sheet.keys, sheet.papers) == (["jack"], 2, ["vehicle_licence"])
    assert (order.stays, sheet.old_parts, sheet.wash_wanted) == (True, OldParts.TAKE, False)
    with pytest.raises(Invalid):
        walkaround.record_items(order, items=[], items_note="", keys=10, papers=[], by=by, at=at)


def test_damage_is_numbered_photographed_and_a_wrong_mark_keeps_its_number(
    database: Database, at: datetime
) -> None:
    # given
    order = make_reception(at)
    by = order.advisor
    # when
    first = damage.add_mark(order, "roof", DamageKind.RUST, by=by, at=at)
    photos = [make_photo(), make_photo("PNG")]
    second = damage.add_mark(
        order,
        "left_front_door",
        DamageKind.SCRATCH,
        view=CarView.LEFT,
        x=400,
        y=210,
        note="12 cm",
        photos=photos,
        by=by,
        at=at,
    )
    # then
    assert [mark.number for mark in queries.list_damage(order)] == [1, 2]
    assert (second.view, second.x, second.y) == (CarView.LEFT, 400, 210)
    assert len(queries.list_photos(order)) == 2
    assert second.photo_id is not None
    assert session.get_one(Attachment, second.photo_id).mime == "image/jpeg"
    # when
    damage.remove_mark(order, first, by=by, at=at)
    third = damage.add_mark(order, "roof", DamageKind.DENT, by=by, at=at)
    # then
    assert [mark.number for mark in queries.list_damage(order)] == [2, 3]
    assert third.place == "Roof"
    with pytest.raises(NotFound):
        queries.get_mark(order, first.id)


def test_a_mark_takes_only_pictures_and_not_too_many(database: Database, at: datetime) -> None:
    order = make_reception(at)
    by = order.advisor
    with pytest.raises(Invalid, match="not a picture"):
        damage.add_mark(order, "roof", DamageKind.DENT, photos=[b"GIF89a no"], by=by, at=at)
    session.rollback()
    order = make_reception(at)
    mark = damage.add_mark(order, "roof", DamageKind.DENT, by=order.advisor, at=at)
    with pytest.raises(Invalid, match="Choose a photo"):
        damage.add_photos(order, mark, [], by=order.advisor, at=at)
    with pytest.raises(Invalid, match="at most 6"):
        damage.add_photos(order, mark, [make_photo()] * 7, by=order.advisor, at=at)


def test_only_who_receives_may_write(database: Database, at: datetime) -> None:
    order = make_reception(at)
    with pytest.raises(NotAllowed):
        walkaround.ask_for_valuables(order, by=make_user(RoleName.TECHNICIAN), at=at)


def test_an_order_opened_elsewhere_shows_an_empty_walk_around(
    database: Database, at: datetime
) -> None:
    order = make_order()
    assert queries.find_walkaround(order) is None
    sheet = queries.show_walkaround(order)
    assert isinstance(sheet, Walkaround)
    assert sheet.keys == 1
    walkaround.ask_for_valuables(order, by=order.advisor, at=at)
    assert queries.find_walkaround(order) is not None
