"""What a check asks: by kind of job, with limits, in the version that was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import servers
from tests.audit.act import boss
from tests.databases import Database
from tests.factories import AT, make_skill, make_user
from tests.steps.repair import factories as given
from tests.steps.repair.test_views import ROAD, check_data
from tests.walks import read_pdf
from workshop.catalogue.checklists import editing, publishing, starter, wording
from workshop.catalogue.checklists import queries as lists
from workshop.catalogue.checklists.rules import ItemKind, Light, Use
from workshop.db import session
from workshop.errors import Invalid
from workshop.orders import history
from workshop.orders.models import RepairOrder, Urgency
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair import queries
from workshop.steps.repair.quality import checklists
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Answer, Level, Verdict

SignIn = Callable[[User], FlaskClient]


def reword(use: Use, code: str, **words: Any) -> None:
    """Publish a version in which one line says something else."""
    by = boss()
    checklist = lists.find_list(use, "")
    assert checklist is not None
    draft = editing.begin_draft(checklist, by=by, at=AT)
    (item,) = (each for each in draft.items if each.code == code)
    said = replace(wording.of_item(item), **words)
    editing.change_item(item, said, seen=None, by=by, at=AT)
    publishing.publish(checklist, by=by, at=AT)


def answered(code: str, measured: str, verdict: Verdict = Verdict.GOOD, note: str = "") -> Any:
    """The quality check in which one line is answered so."""
    return [
        Answer(code, verdict, measured, note) if each.code == code else each
        for each in given.answers(Level.QUALITY_CHECK)
    ]


def check(order: RepairOrder, answers: Any, **more: Any) -> Any:
    by = make_user(RoleName.TEAM_LEADER)
    return quality.quality_check(order, answers, drive=given.DRIVE, by=by, at=AT, **more)


@pytest.mark.parametrize(
    ("code", "measured", "verdict", "note", "words"),
    [
        # At least 3 mm, at least 12.4 V: below it is not “in order”, with a note it needs a look.
        ("brakes", "2.9 mm", Verdict.GOOD, "", "outside the limit: this is not in order"),
        ("brakes", "7 / 7 / 2.9 / 6", Verdict.GOOD, "好", "outside the limit"),
        ("brakes", "2", Verdict.ATTENTION, "还能开", "only what the customer has declined"),
        ("battery", "12.39", Verdict.ATTENTION, "客户下周换", "Propose the work first"),
        ("battery", "好的", Verdict.GOOD, "", "the number"),
        # The law's 1.6 mm leave no choice.
        ("tyres", "1.5", Verdict.ATTENTION, "先开着", "legal limit"),
    ],
)
def test_a_value_outside_its_limit_is_not_ticked_in_order(
    database: Database, code: str, measured: str, verdict: Verdict, note: str, words: str
) -> None:
    order = given.make_checked_in()
    with pytest.raises(Invalid, match=words) as refused:
        check(order, answered(code, measured, verdict, note))
    assert refused.value.field == f"measured_{code}"


@pytest.mark.parametrize(
    ("code", "measured", "verdict", "note"),
    [
        ("brakes", "3", Verdict.GOOD, ""),
        ("brakes", "３.0 mm", Verdict.GOOD, ""),
        ("tyres", "1.6", Verdict.GOOD, ""),
        # What has no limit is written as people write it.
        ("codes", "无", Verdict.GOOD, ""),
        ("battery", "", Verdict.NOT_APPLICABLE, "无蓄电池检测口"),
    ],
)
def test_a_value_on_its_limit_and_one_with_a_reason_are_taken(
    database: Database, code: str, measured: str, verdict: Verdict, note: str
) -> None:
    assert check(given.make_checked_in(), answered(code, measured, verdict, note)).passed


def test_what_the_customer_declined_may_stay_worn_with_a_note(database: Database) -> None:
    order = given.make_checked_in()
    history.add_deferred(
        order,
        title="更换蓄电池",
        urgency=Urgency.YELLOW,
        reason="下周换",
        price_fen=60_000,
        operation_id=None,
        at=AT,
    )
    with pytest.raises(Invalid, match="note why"):
        check(order, answered("battery", "12.39", Verdict.ATTENTION))
    found = check(order, answered("battery", "12.39", Verdict.ATTENTION, "客户下周换"))
    assert found.passed
    lights = {each.code: each.light for each in found.items if each.light}
    assert lights == {"brakes": Light.GREEN, "tyres": Light.GREEN, "battery": Light.RED}


def test_does_not_apply_wants_a_reason_and_is_not_said_of_everything(database: Database) -> None:
    order = given.make_checked_in()
    with pytest.raises(Invalid, match="why this does not apply") as refused:
        check(order, answered("battery", "", Verdict.NOT_APPLICABLE, " "))
    assert refused.value.field == "note_battery"
    nothing = [
        Answer(each.code, Verdict.NOT_APPLICABLE, note="没有")
        for each in given.answers(Level.QUALITY_CHECK)
    ]
    with pytest.raises(Invalid, match="Nothing was looked at"):
        check(order, nothing)


@pytest.mark.parametrize("level", list(Level))
def test_worn_pads_pass_at_no_level(database: Database, level: Level, sign_in: SignIn) -> None:
    """At least 3 mm: 2 mm is refused at the desk, and in what a phone kept without a line."""
    add_pads(level)
    good = Verdict.GOOD
    pads = Answer("pads", good, "2")
    if level is Level.SELF_CHECK:
        (job,) = given.make_running()
        technician = given.worker(job)
        worn = replace(pads, verdict=Verdict.ATTENTION, note="还能开")
        for each, endpoint in ((pads, None), (worn, "repair.found")):
            with pytest.raises(Invalid, match="outside the limit") as refused:
                quality.self_check(job, [*given.answers(level), each], by=technician, at=AT)
            assert getattr(refused.value.way, "endpoint", None) == endpoint
        phone = sign_in(technician)
        sent = check_data(level) | {"verdict_pads": "good", "measured_pads": "2"}
        sent |= {"client_id": "kept-1", "tapped_at": AT.isoformat()}
        url = f"/my-jobs/{job.id}/self-check"
        answer = phone.post(url, data=sent, headers={"Accept": "application/json"})
        assert answer.status_code == 422
        assert queries.find_self_check(job) is None
        return
    order = given.make_checked_in()
    answers = [*given.answers(level), pads]
    if level is Level.FINAL_CHECK:
        check(order, given.answers(Level.QUALITY_CHECK))
        with pytest.raises(Invalid, match="outside the limit"):
            quality.final_check(order, answers, wash=False, by=order.advisor, at=AT)
        return
    with pytest.raises(Invalid, match="outside the limit"):
        check(order, answers)


def add_pads(level: Level) -> None:
    """The shop's own line on this level's list: brake pads, at least 3 mm."""
    by = boss()
    checklist = lists.find_list(checklists.USES[level], "")
    assert checklist is not None
    editing.begin_draft(checklist, by=by, at=AT)
    said = wording.Wording(
        title_zh="制动片",
        title_en="Brake pads",
        kind=ItemKind.MEASURED,
        unit="mm",
        red_low_milli=3000,
    )
    item = editing.add_item(checklist, said, by=by, at=AT)
    item.code = "pads"
    publishing.publish(checklist, by=by, at=AT)


def test_the_lists_of_the_jobs_kind_are_asked_behind_the_general_one(database: Database) -> None:
    order = given.make_checked_in()
    (job,) = queries.list_jobs(order)
    assert len(checklists.of_order(Level.QUALITY_CHECK, order).lines) == 8
    starter.lay(by=boss(), at=AT)
    assert job.skill is not None
    job.skill.code = "brakes"
    session.flush()
    # when
    asked = [each.code for each in checklists.of_order(Level.QUALITY_CHECK, order).lines]
    # then
    assert asked[:8] == list(given.ASKED[Level.QUALITY_CHECK])
    assert asked[8:] == [
        "brakes_pads",
        "brakes_discs",
        "brakes_fluid_water",
        "brakes_wheel_torque",
        "brakes_straight",
    ]
    more = [
        Answer("brakes_pads", Verdict.GOOD, "8 / 8 / 7 / 7"),
        Answer("brakes_discs", Verdict.GOOD, "24"),
        # Between 2 and 3 % it is yellow.
        Answer("brakes_fluid_water", Verdict.GOOD, "2.5"),
        Answer("brakes_wheel_torque", Verdict.GOOD, "110"),
        Answer("brakes_straight", Verdict.GOOD),
    ]
    with pytest.raises(Invalid, match="near the limit"):
        check(order, [*given.answers(Level.QUALITY_CHECK), *more])
    more[2] = replace(more[2], verdict=Verdict.ATTENTION)
    kept = check(order, [*given.answers(Level.QUALITY_CHECK), *more])
    assert kept.items[8].title_in("zh_CN") == "制动片厚度（四轮）"


def test_what_two_lists_ask_alike_is_asked_once(database: Database) -> None:
    order = given.make_checked_in(2)
    starter.lay(by=boss(), at=AT)
    for job, kind in zip(queries.list_jobs(order), ("brakes", "chassis"), strict=True):
        assert job.skill is not None
        job.skill = make_skill(kind)
    session.flush()
    # when
    asked = [each.item.title_zh for each in checklists.of_order(Level.QUALITY_CHECK, order).lines]
    # then: both lists have the torque of the wheel bolts, by the manual
    assert asked.count("车轮螺栓力矩") == 1
    assert "制动盘厚度" in asked
    assert "四轮定位前后数据已留存" in asked


def test_a_record_keeps_its_words_when_the_list_says_something_else(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = given.make_checked_in()
    kept = check(order, given.answers(Level.QUALITY_CHECK))
    # when
    reword(Use.QUALITY_CHECK, "brakes", title_en="Pads of all wheels", title_zh="四轮制动片")
    session.expire_all()
    # then: the record, its page and its paper
    (brakes,) = (each for each in kept.items if each.code == "brakes")
    assert brakes.title_in("en") == "Brake pads, thinnest"
    assert brakes.title_in("zh_CN") != "四轮制动片"
    assert brakes.asked is not None
    assert brakes.asked.version.no == 1
    advisor = order.advisor
    advisor.locale = "en"
    client = sign_in(advisor)
    page = client.get(f"/orders/{order.no}/repair").text
    assert "Brake pads, thinnest" in page
    assert "Pads of all wheels" not in page
    assert "Quality check: every car, Version 1" in page
    servers.need(servers.why_no_poppler())
    said = read_pdf(client.get(f"/orders/{order.no}/repair/inspection.pdf").data)
    assert "Brake pads, thinnest" in said
    assert "Pads of all wheels" not in said
    assert "every car, Version 1" in said
    # and who checks the next car is asked in the new words
    asked = checklists.of_order(Level.QUALITY_CHECK, order).lines
    assert "Pads of all wheels" in [each.item.title_en for each in asked]


def test_a_page_that_showed_the_version_before_is_still_taken(
    database: Database, sign_in: SignIn
) -> None:
    order = given.make_checked_in()
    leader = make_user(RoleName.TEAM_LEADER)
    leader.locale = "en"
    client = sign_in(leader)
    url = f"/orders/{order.no}/repair"
    seen = checklists.of_order(Level.QUALITY_CHECK, order).seen
    assert f'value="{seen}"' in client.get(url).text
    reword(Use.QUALITY_CHECK, "brakes", title_en="Pads of all wheels")
    refused = client.post(
        f"{url}/quality-check", data=check_data(Level.QUALITY_CHECK, **ROAD, seen="99999")
    )
    assert refused.status_code == 409
    assert "The list has changed meanwhile." in refused.text
    sent = check_data(Level.QUALITY_CHECK, **ROAD, seen=seen)
    assert client.post(f"{url}/quality-check", data=sent).status_code == 302
    kept = queries.find_inspection(session.get_one(RepairOrder, order.id), Level.QUALITY_CHECK)
    assert kept is not None
    assert {each.asked.version.no for each in kept.items if each.asked} == {1}
