"""Three levels, three persons, and rework."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.databases import Database
from tests.factories import AT, make_job, make_order, make_technician, make_user
from tests.steps.repair import factories as given
from workshop.catalogue.models import GuaranteeClass
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders import guarantees
from workshop.orders.flow import Stage
from workshop.orders.models import JobKind, JobState, OrderKind, RepairOrder
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import queries, work
from workshop.steps.repair.models import Inspection
from workshop.steps.repair.quality import gates as quality_gates
from workshop.steps.repair.quality import rework
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Answer, Drive, Fault, Level, ReworkKind, Verdict

LATER = AT + timedelta(hours=1)


def inspect(order: RepairOrder, by: User | None = None, **values: Any) -> Inspection:
    return quality.quality_check(
        order,
        given.answers(Level.QUALITY_CHECK, values.pop("bad", None)),
        drive=values.pop("drive", given.DRIVE),
        by=by or make_user(RoleName.QUALITY_INSPECTOR),
        at=values.pop("at", LATER),
        **values,
    )


def look(order: RepairOrder, by: User | None = None, **values: Any) -> Inspection:
    return quality.final_check(
        order,
        given.answers(Level.FINAL_CHECK, values.pop("bad", None)),
        wash=values.pop("wash", False),
        by=by or order.advisor,
        at=values.pop("at", LATER + timedelta(minutes=10)),
        **values,
    )


def test_a_passed_quality_check_leads_to_the_final_check_and_that_to_ready(
    database: Database,
) -> None:
    # given
    order = given.make_checked_in()
    # when
    check = inspect(order)
    # then
    assert order.stage is Stage.FINAL_CHECK
    assert check.road_test is not None
    assert repair_gates.missing_to_settle(order)[0].code == "final_check"
    # when
    final = look(order)
    # then
    assert order.stage is Stage.READY
    assert order.ready_at == LATER + timedelta(minutes=10)
    assert queries.find_final_check(order) == final
    assert repair_gates.missing_to_settle(order) == []


def test_a_wanted_wash_comes_before_ready(database: Database) -> None:
    order = given.make_checked_in()
    inspect(order)
    look(order, wash=True)
    assert order.stage is Stage.WASH
    assert order.ready_at is None


def test_no_technician_of_the_order_makes_its_quality_check(database: Database) -> None:
    # given: a leader who is also a technician and has worked on one of the jobs
    order = given.make_checked_in(2)
    worker = given.worker(queries.list_jobs(order)[1])
    worker.roles = [*worker.roles, *make_user(RoleName.TEAM_LEADER).roles]
    with pytest.raises(NotAllowed) as refused:
        inspect(order, worker)
    assert refused.value.code == "quality_not_work"
    assert order.stage is Stage.QUALITY_CHECK


def test_the_advisor_leaves_the_quality_check_to_somebody_else(database: Database) -> None:
    order = given.make_checked_in()
    order.advisor.roles = make_user(RoleName.SERVICE_MANAGER).roles
    with pytest.raises(NotAllowed) as refused:
        inspect(order, order.advisor)
    assert refused.value.code == "quality_not_advisor"


def test_the_final_check_is_the_order_s_advisor_s(database: Database) -> None:
    order = given.make_checked_in()
    inspect(order)
    with pytest.raises(NotAllowed) as refused:
        look(order, make_user(RoleName.SERVICE_ADVISOR))
    assert refused.value.code == "final_by_advisor"


def test_who_made_the_quality_check_does_not_make_the_final_one(database: Database) -> None:
    order = given.make_checked_in()
    manager = make_user(RoleName.SERVICE_MANAGER)
    inspect(order, manager)
    order.advisor_id = manager.id
    with pytest.raises(NotAllowed) as refused:
        look(order, manager)
    assert refused.value.code == "final_not_quality"


@pytest.mark.parametrize("role", [RoleName.TECHNICIAN, RoleName.WASHER, RoleName.CASHIER])
def test_a_role_without_the_right_checks_nothing(database: Database, role: RoleName) -> None:
    order = given.make_checked_in()
    with pytest.raises(NotAllowed):
        inspect(order, make_user(role))


def test_a_check_off_its_stage_is_refused(database: Database) -> None:
    (job,) = given.make_running()
    with pytest.raises(RuleBroken):
        inspect(job.order)
    with pytest.raises(RuleBroken):
        look(job.order)


def test_each_item_is_answered_and_each_value_measured(database: Database) -> None:
    order = given.make_checked_in()
    inspector = make_user(RoleName.QUALITY_INSPECTOR)
    full = given.answers(Level.QUALITY_CHECK)
    with pytest.raises(Invalid) as refused:
        quality.quality_check(order, full[1:], drive=given.DRIVE, by=inspector, at=LATER)
    assert refused.value.field == "verdict_order"
    unmeasured = [Answer(each.code, Verdict.GOOD) for each in full]
    with pytest.raises(Invalid) as refused:
        quality.quality_check(order, unmeasured, drive=given.DRIVE, by=inspector, at=LATER)
    assert refused.value.field == "measured_torque"


def test_engine_work_needs_a_road_test_that_went_somewhere(database: Database) -> None:
    order = given.make_checked_in()
    with pytest.raises(Invalid) as refused:
        inspect(order, drive=None)
    assert refused.value.field == "road_from_km"
    with pytest.raises(Invalid) as refused:
        inspect(order, drive=Drive(100, 100, "门口"))
    assert refused.value.field == "road_to_km"
    order.mileage_km = 58_000
    with pytest.raises(Invalid) as refused:
        inspect(order, drive=Drive(57_000, 57_010, "门口"))
    assert refused.value.field == "road_from_km"


def test_a_failed_quality_check_sends_the_job_back_with_a_rework_order(
    database: Database,
) -> None:
    # given
    order = given.make_checked_in()
    fault = given.fault(order)
    # when
    check = inspect(order, bad="torque", fault=fault)
    # then
    assert not check.passed
    assert order.stage is Stage.REWORK
    (opened,) = queries.list_reworks(order)
    assert opened.no == "RW20261123-0001"
    assert (opened.kind, opened.found_at) == (ReworkKind.INTERNAL, Level.QUALITY_CHECK)
    assert opened.responsible_job_id == fault.responsible_job_id
    job = queries.list_unfinished(order)[0]
    assert (job.kind, job.rework_of_id) == (JobKind.REWORK, fault.responsible_job_id)
    assert job.title_zh.startswith("返修：")
    # and it walks the three levels again
    technician = make_technician()
    given.assign(job, technician, at=LATER)
    work.start(job, technician.user, LATER)
    assert order.stage is Stage.REPAIR
    given.complete(job, LATER)
    assert order.stage is Stage.QUALITY_CHECK
    with pytest.raises(NotAllowed):
        inspect(order, technician.user)
    inspect(order, at=LATER + timedelta(hours=1))
    assert opened.closed_at == LATER + timedelta(hours=1)
    look(order, at=LATER + timedelta(hours=2))
    assert order.stage is Stage.READY


def test_a_failed_check_without_cause_or_words_changes_nothing(database: Database) -> None:
    order = given.make_checked_in()
    with pytest.raises(Invalid) as refused:
        inspect(order, bad="torque")
    assert refused.value.field == "cause"
    with pytest.raises(Invalid) as refused:
        inspect(order, bad="torque", fault=given.fault(order, complaint=" "))
    assert refused.value.field == "complaint"
    strange = given.fault(order)
    other = Fault(10_000, strange.cause, strange.complaint)
    with pytest.raises(Invalid) as refused:
        inspect(order, bad="torque", fault=other)
    assert refused.value.field == "job"
    assert order.stage is Stage.QUALITY_CHECK


def test_a_failed_final_check_goes_back_too(database: Database) -> None:
    order = given.make_checked_in()
    inspect(order)
    look(order, bad="clean", fault=given.fault(order, "座椅有油污"))
    assert order.stage is Stage.REWORK
    assert queries.find_final_check(order) is None


def test_a_ready_car_is_sent_back_and_its_final_check_stands_no_more(database: Database) -> None:
    order = given.make_checked_in()
    inspect(order)
    look(order)
    rework.send_back(order, given.fault(order), by=order.advisor, at=LATER + timedelta(minutes=30))
    assert order.stage is Stage.REWORK
    assert order.ready_at is None
    assert repair_gates.missing_to_settle(order)


def test_a_comeback_is_recorded_once_and_the_second_in_guarantee_raises_the_alarm(
    database: Database,
) -> None:
    # given
    original = make_order(Stage.DELIVERED, ready_at=AT, mileage_km=50_000)
    original.delivered_at = AT - timedelta(days=9)
    first = make_comeback(original, km=50_300)
    # when
    opened = rework.open_external(first, original, by=first.advisor, at=AT)
    # then
    assert opened is rework.open_external(first, original, by=first.advisor, at=AT)
    assert (opened.days_since_delivery, opened.km_since_delivery) == (9, 300)
    assert (opened.in_guarantee, opened.repeat_count) == (True, 1)
    assert first.repeat_repair
    assert rework.find_alarm(first) is None
    # when it comes back once more
    first.stage, first.ready_at, first.delivered_at = Stage.DELIVERED, AT, AT
    second = make_comeback(first, km=50_900)
    again = rework.open_external(second, first, by=second.advisor, at=AT)
    # then
    assert again.repeat_count == 2
    alarm = rework.find_alarm(second)
    assert alarm is not None
    assert "another repair shop" in str(alarm)


def make_comeback(original: RepairOrder, km: int) -> RepairOrder:
    """A visit for the same fault, within a guarantee of the original's repair."""
    delivered_on = calendar.local_day(original.branch, original.delivered_at or AT)
    guarantees.add(original, "制动片", GuaranteeClass.MINOR, delivered_on, original.mileage_km or 0)
    return make_order(
        vehicle=original.vehicle,
        kind=OrderKind.COMEBACK,
        repeat_of_id=original.id,
        mileage_km=km,
    )


def test_no_check_is_made_of_unfinished_work(database: Database) -> None:
    order = given.make_checked_in()
    assert quality_gates.missing_to_check(order, Level.QUALITY_CHECK) == []
    make_job(order, state=JobState.RUNNING)
    missing = quality_gates.missing_to_check(order, Level.QUALITY_CHECK)
    assert [each.code for each in missing] == ["jobs"]
