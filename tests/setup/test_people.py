"""Several people at once, their skills, and the cards with which they sign in."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import servers
from tests.databases import Database
from tests.factories import make_branch, make_skill, make_technician, make_user
from workshop import clock
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed
from workshop.setup import hiring
from workshop.setup.hiring import Newcomer
from workshop.shop import people as shop_people
from workshop.shop import queries as shop
from workshop.shop.people import Held
from workshop.staff import service as staff
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName
from workshop.web import versions

SignIn = Callable[[User], FlaskClient]
R = RoleName


@pytest.fixture
def manager(database: Database) -> User:
    for code in ("engine", "high_voltage"):
        make_skill(code)
    made = make_user(R.SERVICE_MANAGER)
    made.locale = "en"
    return made


def test_three_people_come_with_names_roles_and_skills(manager: User, at: datetime) -> None:
    # when
    made = hiring.add_people(
        [
            Newcomer(1, "陈思远", (R.SERVICE_ADVISOR,), phone="138 0013 8000"),
            Newcomer(2, "赵强", (R.TECHNICIAN,), level=3),
            Newcomer(3, "赵强", (R.QUALITY_INSPECTOR, R.CASHIER), username="zq2"),
            Newcomer(4, "陈思远", (R.CASHIER,)),
        ],
        locale="zh_CN",
        by=manager,
        at=at,
    )
    # then
    assert [user.username for user in made] == ["chensiyuan", "zhaoqiang", "zq2", "chensiyuan2"]
    assert made[0].phone == "13800138000"
    technician = shop.find_technician(made[1])
    assert technician is not None
    assert shop_people.skills_of(technician) == {make_skill("engine").id: Held(3)}
    assert sorted(shop_people.shifts_of(technician.user)) == [0, 1, 2, 3, 4, 5]
    assert [role.name for role in made[2].roles] == ["quality_inspector", "cashier"]


@pytest.mark.parametrize(
    ("newcomer", "field"),
    [
        (Newcomer(5, "", (R.CASHIER,), username="x1"), "name5"),
        (Newcomer(5, "钱芳", ()), "role5"),
        (Newcomer(5, "钱芳", (R.CASHIER,), phone="123"), "phone5"),
        (Newcomer(5, "钱芳", (R.CASHIER,), username="a b"), "username5"),
    ],
)
def test_a_line_at_fault_is_named_by_its_field(
    manager: User, at: datetime, newcomer: Newcomer, field: str
) -> None:
    good = Newcomer(1, "陈思远", (R.SERVICE_ADVISOR,))
    with pytest.raises(Invalid) as refused:
        hiring.add_people([good, newcomer], locale="zh_CN", by=manager, at=at)
    assert refused.value.field == field


def test_only_who_manages_the_staff_adds_people(manager: User, at: datetime) -> None:
    cashier = make_user(R.CASHIER)
    with pytest.raises(NotAllowed):
        hiring.add_people([Newcomer(1, "甲", (R.CASHIER,))], locale="en", by=cashier, at=at)
    with pytest.raises(Invalid):
        hiring.add_people([], locale="en", by=manager, at=at)


def test_the_matrix_changes_whom_it_changes_and_nobody_over_another(
    manager: User, at: datetime
) -> None:
    # given
    first, second = make_technician(), make_technician()
    engine, voltage = make_skill("engine").id, make_skill("high_voltage").id
    seen = {
        each.id: versions.mark(shop_people.state_of(shop_people.skills_of(each)))
        for each in (first, second)
    }
    until = date(2027, 6, 30)
    wanted = {first.id: {voltage: Held(2, until)}, second.id: {engine: Held(2)}}
    # when
    changed = hiring.set_matrix([first, second], wanted, seen, by=manager, at=at)
    # then
    assert changed == 1
    assert shop_people.skills_of(first) == {voltage: Held(2, until)}
    later = {**wanted, first.id: {engine: Held(1)}}
    with pytest.raises(Conflict):
        hiring.set_matrix([first, second], later, seen, by=manager, at=at)


def test_the_page_adds_people_and_shows_what_was_refused(manager: User, sign_in: SignIn) -> None:
    # given
    desk = sign_in(manager)
    lines = {
        "new-name1": "陈思远",
        "new-role1": "service_advisor",
        "new-name2": "赵强",
        "new-role2": "technician",
        "new-level2": "2",
        "new-phone2": "12",
    }
    # when, then
    refused = desk.post("/setup/people", data=lines)
    assert refused.status_code == 422
    assert 'value="陈思远"' in refused.text
    assert session.scalar(select(func.count(User.id))) == 1
    assert desk.post("/setup/people", data=lines | {"new-phone2": ""}).status_code == 302
    page = desk.get("/setup/people").text
    assert "Print the cards of who has not signed in (3)" in page
    assert 'aria-label="赵强: Skill engine"' in page
    assert "which only this computer reaches" in page
    other = desk.get("/setup/people", base_url="http://192.168.1.5:8000").text
    assert "which only this computer reaches" not in other


def test_the_manager_receives_cars_too(manager: User, sign_in: SignIn) -> None:
    desk = sign_in(manager)
    page = desk.get("/setup/people").text
    assert "I receive cars too" in page
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    assert desk.post("/setup/people/advisor").status_code == 409
    desk.post("/setup/people/advisor", data={"seen": found[1]})
    assert manager.is_(R.SERVICE_ADVISOR)
    assert manager.is_(R.SERVICE_MANAGER)
    assert "I receive cars too" not in desk.get("/setup/people").text


def test_a_certificate_is_entered_in_the_matrix(manager: User, sign_in: SignIn) -> None:
    technician, voltage = make_technician(), make_skill("high_voltage").id
    desk, number = sign_in(manager), technician.id
    page = desk.get("/setup/people").text
    found = re.search(rf'name="skills-seen{number}"[^>]*value="(\w+)"', page)
    assert found is not None
    sent = {f"skills-level{number}_{voltage}": "2", f"skills-until{number}": "2027-06-30"}
    desk.post("/setup/people/skills", data=sent | {f"skills-seen{number}": found[1]})
    assert shop_people.skills_of(technician) == {voltage: Held(2, date(2027, 6, 30))}


def test_a_card_lets_its_person_in_once_and_a_newer_one_ends_it(
    manager: User, app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    # given
    servers.need(servers.why_no_poppler())
    desk = sign_in(manager)
    make_branch().name = "福星汽修"
    user = staff.create_user("zhao", "赵强", [R.TECHNICIAN], make_branch().id, at=clock.now())
    session.flush()
    # when
    first = _text(desk.post(f"/setup/people/{user.id}/card").data, tmp_path)
    second = _text(desk.post("/setup/people/cards").data, tmp_path)
    # then
    for words in ("福星汽修", "赵强", "zhao", "登录名", "2026-11-26 10:00"):
        assert words in first
    old, new = _links(first), _links(second)
    assert len(new) == 2
    stranger = app.test_client()
    assert stranger.get(old[0]).status_code == 404
    assert [stranger.get(link).status_code for link in new] == [200, 200]
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.make_link"))
    assert [line.by_id for line in lines] == [manager.id] * 3
    # when everybody has a password
    staff.set_password(user, "a long password", at=clock.now())
    staff.set_password(manager, "a long password", at=clock.now() + timedelta(minutes=1))
    assert sign_in(manager).post("/setup/people/cards").status_code == 409


def _text(pdf: bytes, folder: Path) -> str:
    file = folder / "cards.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-raw", str(file), "-"], check=True, capture_output=True, text=True
    )
    return done.stdout


def _links(text: str) -> list[str]:
    """The paths of the links; a long address goes on in the next line."""
    joined = re.sub(r"(?<=[\w.\-])\n(?=[\w.\-]+\n)", "", text)
    return re.findall(r"/welcome/[\w.\-]+", joined)
