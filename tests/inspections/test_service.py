"""Filling an inspection in: the services, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tests.factories import AT, make_order, make_user
from tests.inspections.factories import (
    GREEN,
    RED,
    SKIPPED,
    TREAD,
    YELLOW,
    line,
    make_sold,
    make_template,
    said,
)
from tests.steps.repair import factories as repairs
from workshop.catalogue.checklists.rules import Spot
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.inspections import gates, queries, service
from workshop.inspections.models import VehicleInspection
from workshop.inspections.rules import Where
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import work

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def begun(**values: bool) -> tuple[VehicleInspection, User]:
    order = make_order(stage=Stage.REPAIR)
    by = order.advisor
    return service.begin(order, make_template(**values), by=by, at=AT), by


def put(found: VehicleInspection, code: str, by: User, minutes: int = 1, **what: object) -> None:
    item = line(found.checklist, code)
    service.answer(found, item, said(**what), Where.BAY, by=by, at=AT + minutes * MINUTE)  # type: ignore[arg-type]  # By name.


def test_reception_and_bay_write_in_one_record(database: Database) -> None:
    order, checklist = make_order(stage=Stage.REPAIR), make_template()
    first = service.begin(order, checklist, by=order.advisor, at=AT)
    again = service.begin(order, checklist, by=make_user(RoleName.TECHNICIAN), at=AT + MINUTE)
    assert first is again
    twin = VehicleInspection(
        order_id=order.id,
        checklist_id=checklist.id,
        version_id=first.version_id,
        begun_at=AT,
        begun_by_id=order.advisor_id,
    )
    session.add(twin)
    with pytest.raises(IntegrityError):
        session.flush()


def test_four_wheels_are_as_good_as_the_worst_and_say_their_light_themselves(
    database: Database,
) -> None:
    found, by = begun()
    put(found, "tread", by, result=GREEN, values={**TREAD, Spot.REAR_LEFT: 1500})
    (answer,) = queries.answers_of(found).values()
    assert answer.result is RED
    assert answer.measured[Spot.REAR_LEFT] == 1500


def test_a_measured_line_wants_a_value_at_each_wheel_and_an_unchecked_one_its_reason(
    database: Database,
) -> None:
    found, by = begun()
    with pytest.raises(Invalid) as refused:
        put(found, "tread", by, values={Spot.FRONT_LEFT: 5000})
    assert refused.value.field == "value"
    with pytest.raises(Invalid) as refused:
        put(found, "tread", by, result=SKIPPED)
    assert refused.value.field == "note"
    put(found, "tread", by, result=SKIPPED, note="轮毂罩打不开")
    assert [each.result for each in queries.answers_of(found).values()] == [SKIPPED]


def test_a_correction_leaves_what_was_said_before(database: Database) -> None:
    found, by = begun()
    put(found, "lamps", by, result=RED)
    put(found, "lamps", by, 3, result=GREEN, note="换了灯泡")
    (item,) = queries.answers_of(found)
    assert queries.answers_of(found)[item].result is GREEN
    assert [each.result for each in queries.list_earlier(found)[item]] == [RED]


def test_a_photo_may_come_later_without_saying_all_again(database: Database) -> None:
    found, by = begun()
    put(found, "pipes", by, result=YELLOW)
    put(found, "pipes", by, 2, photo=repairs.picture())
    (answer,) = queries.answers_of(found).values()
    assert answer.result is YELLOW
    assert answer.photo_id is not None


def test_the_same_answer_again_is_no_correction(database: Database) -> None:
    found, by = begun()
    put(found, "lamps", by, result=GREEN)
    put(found, "lamps", by, 2, result=GREEN)
    assert queries.list_earlier(found) == {}


def test_lines_ticked_in_seconds_are_marked(database: Database) -> None:
    found, by = begun()
    for code, at in (("lamps", AT), ("horn", AT + SECOND), ("pipes", AT + MINUTE)):
        service.answer(found, line(found.checklist, code), said(GREEN), Where.BAY, by=by, at=at)
    marked = {each.item.code: each.hurried for each in queries.answers_of(found).values()}
    assert marked == {"lamps": False, "horn": True, "pipes": False}
    assert queries.count_hurried(found.order) == 1


def test_a_group_is_green_at_once_only_where_the_template_allows_it(database: Database) -> None:
    found, by = begun()
    with pytest.raises(RuleBroken) as refused:
        service.answer_green(found, "灯光", Where.BAY, by=by, at=AT)
    assert refused.value.code == "line_by_line"
    found.checklist.green_groups = True
    assert service.answer_green(found, "灯光", Where.BAY, by=by, at=AT) == 2
    # What is measured is never said to be in order without a value.
    assert service.answer_green(found, "轮胎", Where.BAY, by=by, at=AT) == 0


def test_a_group_at_once_leaves_what_somebody_found(database: Database) -> None:
    found, by = begun(green_groups=True)
    put(found, "horn", by, result=RED)
    assert service.answer_green(found, "灯光", Where.BAY, by=by, at=AT + 2 * MINUTE) == 1
    results = {each.item.code: each.result for each in queries.answers_of(found).values()}
    assert results == {"horn": RED, "lamps": GREEN}


def test_it_is_complete_with_every_line_and_every_picture(database: Database) -> None:
    found, by = begun(green_groups=True)
    put(found, "tread", by, values=TREAD)
    service.answer_green(found, "灯光", Where.BAY, by=by, at=AT + 5 * MINUTE)
    assert [each.code for each in gates.missing_to_finish(found)] == ["lines"]
    put(found, "pipes", by, 6, result=RED)
    assert [each.code for each in gates.missing_to_finish(found)] == ["photo_pipes"]
    with pytest.raises(RuleBroken):
        service.finish(found, by=by, at=AT + 6 * MINUTE)
    put(found, "pipes", by, 7, photo=repairs.picture())
    service.finish(found, by=by, at=AT + 8 * MINUTE)
    assert found.is_finished


def test_the_cashier_fills_in_no_inspection_and_nobody_one_of_a_car_that_left(
    database: Database,
) -> None:
    order = make_order(stage=Stage.REPAIR)
    with pytest.raises(NotAllowed):
        service.begin(order, make_template(), by=make_user(RoleName.CASHIER), at=AT)
    gone = make_order(stage=Stage.DELIVERED)
    with pytest.raises(RuleBroken) as refused:
        service.begin(gone, make_template("other"), by=gone.advisor, at=AT)
    assert refused.value.code == "left"


def test_sold_work_is_finished_only_when_its_inspection_is_complete(database: Database) -> None:
    # given
    checklist = make_template(green_groups=True)
    job = make_sold(checklist)
    by = repairs.worker(job)
    repairs.tick_all(job, AT + MINUTE)
    repairs.self_check(job, AT + 25 * MINUTE)
    # when
    with pytest.raises(RuleBroken) as refused:
        work.finish(job, by, AT + 26 * MINUTE)
    # then
    assert refused.value.code == "inspection_short"
    (missing,) = repair_gates.missing_to_finish(job)
    assert missing.way is not None
    assert missing.way.endpoint == "repair.inspect"
    # when
    found = service.begin(job.order, checklist, by=by, at=AT + 27 * MINUTE)
    put(found, "tread", by, 28, values=TREAD)
    put(found, "pipes", by, 29, result=GREEN)
    service.answer_green(found, "灯光", Where.BAY, by=by, at=AT + 30 * MINUTE)
    service.finish(found, by=by, at=AT + 31 * MINUTE)
    work.finish(job, by, AT + 32 * MINUTE)
    # then
    assert job.order.stage is Stage.QUALITY_CHECK


def test_the_visit_before_is_found_by_the_code_of_the_line(database: Database) -> None:
    earlier, checklist = make_order(stage=Stage.REPAIR, mileage_km=40_000), make_template()
    before = service.begin(earlier, checklist, by=earlier.advisor, at=AT)
    put(before, "tread", earlier.advisor, values=TREAD)
    earlier.stage = Stage.CLOSED
    now = make_order(stage=Stage.REPAIR, vehicle=earlier.vehicle, mileage_km=48_000)
    found = queries.list_before(now)
    assert found["tread"].km == 40_000
    assert found["tread"].answer.measured == TREAD
    assert queries.list_before(earlier) == {}
