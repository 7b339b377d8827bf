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
from tests.factories import AT, make_user
from tests.steps.repair import factories as given
from tests.steps.repair.test_views import ROAD, check_data
from tests.walks import read_pdf
from workshop.catalogue.checklists import editing, publishing, starter, wording
from workshop.catalogue.checklists import queries as lists
from workshop.catalogue.checklists.rules import Use
from workshop.db import session
from workshop.errors import Invalid
from workshop.orders.models import RepairOrder
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
        ("battery", "12.39", Verdict.ATTENTION, "", "note why"),
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
        ("battery", "12.3", Verdict.ATTENTION, "客户下周换"),
        # What has no limit is written as people write it.
        ("codes", "无", Verdict.GOOD, ""),
        ("battery", "", Verdict.NOT_APPLICABLE, ""),
    ],
)
def test_a_value_on_its_limit_and_one_with_a_reason_are_taken(
    database: Database, code: str, measured: str, verdict: Verdict, note: str
) -> None:
    assert check(given.make_checked_in(), answered(code, measured, verdict, note)).passed


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
