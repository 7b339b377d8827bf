"""The list of set-up as a manager sees it, from an empty shop on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.databases import Database
from tests.factories import (
    AT,
    make_bay,
    make_branch,
    make_operation,
    make_part,
    make_rate,
    make_skill,
    make_technician,
    make_user,
)
from workshop import db
from workshop.catalogue.models import OperationPart, PartKind
from workshop.db import session
from workshop.setup import gates
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
DAY = date(2026, 11, 23)


def make_manager() -> User:
    return staff.create_user(
        "boss", "周敏", [RoleName.SERVICE_MANAGER], make_branch().id, at=AT, locale="en"
    )


def test_the_sentences_of_an_empty_shop_go_by_their_facts(database: Database) -> None:
    # given
    branch, _ = make_branch(), make_manager()
    session.flush()
    codes = {each.what.code for each in gates.missing_for(branch, DAY)}
    assert {"no_advisor", "no_bay", "no_technician", "no_operation"} <= codes
    # when
    make_bay()
    make_user(RoleName.SERVICE_ADVISOR)
    make_user(RoleName.QUALITY_INSPECTOR)
    make_technician()
    make_operation()
    make_rate()
    session.flush()
    # then
    assert gates.missing_for(branch, DAY) == []


def test_the_page_says_what_is_left_and_for_how_long(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(make_manager())
    page = browser.get("/setup").text
    assert "About 28 minutes until the first car is settled." in page
    assert "There is no bay: no work can be booked or planned." in page
    assert "Nobody is a service advisor: no time can be booked." in page
    assert "0 of 13 steps" in page


def test_a_step_is_put_away_and_taken_out_again(database: Database, sign_in: SignIn) -> None:
    # given
    browser = sign_in(make_manager())
    assert 'action="/setup/lounge/away"' in browser.get("/setup").text
    # when
    assert browser.post("/setup/lounge/away").status_code == 302
    # then
    page = browser.get("/setup").text
    assert 'action="/setup/lounge/out"' in page
    assert browser.post("/setup/lounge/away").status_code == 409
    # when
    browser.post("/setup/lounge/out")
    assert 'action="/setup/lounge/away"' in browser.get("/setup").text
    assert browser.post("/setup/lounge/out").status_code == 409
    assert browser.post("/setup/nonsense/away").status_code == 404


def test_the_list_leaves_the_menu_and_comes_back(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(make_manager())
    item = 'class="nav-item" href="/setup"'
    assert item in browser.get("/shop").text
    browser.post("/setup/all/away")
    assert item not in browser.get("/shop").text
    assert browser.get("/setup").status_code == 200
    assert browser.get("/setup/begin").location == "/"
    browser.post("/setup/all/out")
    assert item in browser.get("/shop").text
    assert browser.get("/setup/begin").location == "/setup"


def test_who_does_not_manage_the_shop_begins_at_the_desk(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(make_user(RoleName.CASHIER))
    assert browser.get("/setup/begin").location == "/"
    assert browser.get("/setup").status_code == 403


def test_the_desk_says_what_is_missing_to_who_can_mend_it_and_whom_to_ask(
    database: Database, sign_in: SignIn
) -> None:
    # given
    manager, advisor = make_manager(), make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = "en"
    no_bay = "There is no bay: no work can be booked or planned."
    # then
    page = sign_in(manager).get("/").text
    assert f'{no_bay} <a href="/shop#bays">Set it up</a>' in page
    page = sign_in(advisor).get("/").text
    assert f"{no_bay} Ask 周敏." in page
    assert "Set it up" not in page


def test_a_step_says_what_it_needs_itself_until_it_is_there(
    database: Database, sign_in: SignIn
) -> None:
    # given
    browser, no_rate = sign_in(make_manager()), "There is no labour rate"
    assert no_rate in browser.get("/quotation").text
    assert no_rate not in browser.get("/booking").text
    assert "Nobody is a service advisor" in browser.get("/booking/new").text
    # when
    make_rate()
    # then
    assert no_rate not in browser.get("/quotation").text


def test_what_only_some_operations_need_is_folded_and_not_on_the_first_page(
    database: Database, sign_in: SignIn
) -> None:
    make_technician(skill=make_skill("maintenance"))
    make_operation(skill_id=make_skill("paint").id)
    browser = sign_in(make_manager())
    assert "Some operations are not complete (1)" in browser.get("/booking").text
    assert "Some operations are not complete" not in browser.get("/").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_facts_are_few_questions(database: Database) -> None:
    """The desk asks them on every visit."""
    branch = make_branch()
    session.commit()
    session.refresh(branch)
    asked: list[str] = []

    def listen(*details: Any) -> None:
        asked.append(details[2])

    event.listen(db.db.engine, "before_cursor_execute", listen)
    gates.missing_for(branch, DAY)
    event.remove(db.db.engine, "before_cursor_execute", listen)
    assert len([each for each in asked if each.startswith("SELECT")]) <= 9


def test_every_step_has_a_page_that_the_manager_may_open(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(make_manager())
    page = browser.get("/setup").text
    links = re.findall(r'class="btn btn-(?:primary|secondary)" href="([^"]+)"', page)
    assert len(links) == 13 + 2, "thirteen steps, the starter set and the import"
    assert [path for path in links if browser.get(path).status_code != 200] == []


def test_a_kind_that_no_part_serves_is_said_until_one_does(
    database: Database, sign_in: SignIn
) -> None:
    # given
    kind = PartKind(code="oil", name_zh="机油", name_en="Engine oil", unit="升")
    session.add(kind)
    session.flush()
    need = OperationPart(kind_id=kind.id, quantity_milli=4000)
    operation = make_operation("M-OIL")
    operation.parts.append(need)
    browser = sign_in(make_manager())
    words = "No part serves 1 kinds of parts, such as Engine oil: operations like M-OIL"
    assert words in browser.get("/quotation").text
    # when
    make_part(choice_group="oil")
    # then
    assert words not in browser.get("/quotation").text
