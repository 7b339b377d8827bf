"""The shop's own page through the client."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch, make_skill, make_technician, make_user
from workshop.db import session
from workshop.shop import branches, people, queries
from workshop.shop.models import Technician
from workshop.shop.people import Held
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
RULES = {
    "rules-buffer_minutes": "１５",
    "rules-delivery_minutes": "15",
    "rules-reserve_percent": "25",
    "rules-on_time_minutes": "15",
    "rules-no_show_minutes": "60",
    "rules-repeat_days": "30",
    "rules-report_every_minutes": "60",
    "rules-tax_basis_points": "６.5",
    "rules-core_days": "30",
}


@pytest.fixture
def desk(database: Database, sign_in: SignIn) -> FlaskClient:
    manager = make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    return sign_in(manager)


def mark_on(page: str, form: str) -> dict[str, str]:
    found = re.search(rf'name="{form}-seen" type="hidden" value="(\w+)"', page)
    assert found is not None
    return {f"{form}-seen": found[1]}


def test_a_new_shop_is_told_what_it_needs(desk: FlaskClient) -> None:
    page = desk.get("/shop").text
    assert "No technicians yet" in page
    assert "No bays yet" in page


def test_an_advisor_does_not_change_the_shop(database: Database, sign_in: SignIn) -> None:
    assert sign_in(make_user(RoleName.SERVICE_ADVISOR)).get("/shop").status_code == 403


def test_the_rules_are_read_as_people_type_them(desk: FlaskClient) -> None:
    assert desk.post("/shop/rules", data=RULES).status_code == 302
    kept = branches.rules_of(make_branch())
    assert (kept.buffer_minutes, kept.reserve_percent, kept.tax_basis_points) == (15, 25, 650)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("reserve_percent", "95", "Between 0 and 90."),
        ("reserve_percent", "many", "Write a whole number."),
        ("tax_basis_points", "abc", "Write a percentage"),
        ("buffer_minutes", "", "This is needed."),
        ("buffer_minutes", "9" * 30, "This number is too large."),
    ],
)
def test_a_wrong_rule_comes_back_as_typed(
    desk: FlaskClient, name: str, typed: str, words: str
) -> None:
    answer = desk.post("/shop/rules", data=RULES | {f"rules-{name}": typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed}"' in answer.text


def test_the_hours_are_saved_and_half_an_interval_is_refused(desk: FlaskClient) -> None:
    hours = {"week-day0_from0": "09:00", "week-day0_until0": "12:00"}
    assert desk.post("/shop/hours", data=hours).status_code == 302
    assert list(branches.opening_of(make_branch())) == [0]
    answer = desk.post("/shop/hours", data=hours | {"week-day1_from0": "09:30"})
    assert answer.status_code == 422
    assert "Give both times, or neither." in answer.text
    assert 'value="09:30"' in answer.text


def test_a_stale_page_shows_both_versions_and_may_be_sent_again(desk: FlaskClient) -> None:
    seen = mark_on(desk.get("/shop").text, "about")
    desk.post("/shop/particulars", data={"about-name": "福星"} | seen)
    answer = desk.post("/shop/particulars", data={"about-name": "吉星"} | seen)
    assert answer.status_code == 409
    assert "福星" in answer.text
    assert 'value="吉星"' in answer.text
    again = {"about-name": "吉星"} | mark_on(answer.text, "about")
    assert desk.post("/shop/particulars", data=again).status_code == 302


def test_a_bay_is_added_once(desk: FlaskClient) -> None:
    data = {"bay-code": "Ｌ１", "bay-kind": "lift"}
    assert desk.post("/shop/bays", data=data).status_code == 302
    again = desk.post("/shop/bays", data=data)
    assert again.status_code == 409
    assert "There is a bay L1 already." in again.text
    (bay,) = queries.list_bays(make_branch())
    desk.post(f"/shop/bays/{bay.id}/use")
    assert queries.list_bays(make_branch()) == []


def test_a_technician_gets_a_place_skills_and_a_shift(desk: FlaskClient) -> None:
    # given
    user, skill = make_user(RoleName.TECHNICIAN, name="赵强"), make_skill()
    session.flush()
    assert "赵强" in desk.get("/shop").text
    # when
    made = desk.post(f"/shop/technicians/{user.id}/make")
    page = desk.get(made.location).text
    skills = {f"skills-level{skill.id}": "3", f"skills-until{skill.id}": "2027-01-31"}
    saved = desk.post(f"{made.location}/skills", data=skills | mark_on(page, "skills"))
    shift = {"week-day0_from0": "08:00", "week-day0_until0": "12:00"}
    desk.post(f"{made.location}/shifts", data=shift | mark_on(page, "week"))
    # then
    assert saved.status_code == 302
    technician = session.get_one(Technician, int(made.location.rsplit("/", 1)[1]))
    assert people.skills_of(technician) == {skill.id: Held(3, date(2027, 1, 31))}
    assert list(people.shifts_of(technician.user)) == [0]
    # when the certificate's date is none
    wrong = desk.post(
        f"{made.location}/skills", data=skills | {f"skills-until{skill.id}": "2027-02-31"}
    )
    assert wrong.status_code == 422
    assert "This is no date." in wrong.text


def test_a_technician_has_a_team_in_the_shops_own_words(desk: FlaskClient) -> None:
    user = make_user(RoleName.TECHNICIAN, name="赵强")
    session.flush()
    address = desk.post(f"/shop/technicians/{user.id}/make").location
    seen = mark_on(desk.get(address).text, "team")
    assert desk.post(f"{address}/team", data={"team-team": " 机电一组 "} | seen).status_code == 302
    assert "机电一组" in desk.get(address).text
    assert "机电一组" in desk.get("/shop").text
    # Somebody else has the page of before.
    stale = desk.post(f"{address}/team", data={"team-team": "二组"} | seen)
    assert stale.status_code == 409
    assert "Saved meanwhile" in stale.text


def test_a_technician_leaves_the_board(desk: FlaskClient) -> None:
    number = make_technician().id
    desk.post(f"/shop/technicians/{number}/board")
    assert not session.get_one(Technician, number).active
    assert "off the board" in desk.get(f"/shop/technicians/{number}").text
