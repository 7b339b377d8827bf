"""Who works here comes from a list: sign-ins, roles, skills, a place on the board; and goes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT
from tests.setup.imports import factories
from tests.snapshot import changed, take
from workshop.db import session
from workshop.setup.imports.models import ImportBatch, ImportKept
from workshop.shop import people as shop_people
from workshop.shop import queries as shop
from workshop.shop import setup
from workshop.shop.models import Shift, Skill, Technician, TechnicianSkill
from workshop.staff import links
from workshop.staff import people as colleagues
from workshop.staff import service as staff
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName

OWN = {"import_batch", "import_file", "import_row", "import_change", "import_kept", "audit_entry"}
LIST = (
    "工号,姓名,岗位,手机,技能,等级,电工证到期,班组\n"
    "1001,王强,技师、质检员,13800138009,发动机3、高压电2,1,2028/6/30,一组\n"
    ",李娜,服务顾问,13800138010,,,,\n"
    ",赵磊,,,,高级,,二组\n"
)


@pytest.fixture(autouse=True)
def _shop(database: Database) -> None:
    factories.boss()
    for code, name_zh, name_en, _group in setup.SKILLS:
        if code not in {each.code for each in shop.list_skills()}:
            session.add(Skill(code=code, name_zh=name_zh, name_en=name_en))
    session.commit()


def person(name: str) -> User:
    """The person of this name."""
    return session.scalars(select(User).where(User.display_name == name)).one()


def skills_of(name: str) -> dict[str, tuple[int, date | None]]:
    """What the technician holds, by the skill's code."""
    technician = shop.find_technician(person(name))
    assert technician is not None
    codes = {each.id: each.code for each in shop.list_skills()}
    held = shop_people.skills_of(technician)
    return {codes[skill]: (each.level, each.expires_on) for skill, each in held.items()}


def bring(text: str) -> ImportBatch:
    """A file of staff that was taken over."""
    return factories.take_over("staff", text.encode())


def test_people_come_with_roles_skills_and_a_place_on_the_board() -> None:
    batch = bring(LIST)
    assert factories.counts(batch) == {"new": 3}
    wang, li, zhao = person("王强"), person("李娜"), person("赵磊")
    assert (wang.username, wang.phone, li.username) == ("1001", "13800138009", "lina")
    roles = [{role.preset for role in each.roles} for each in (wang, li, zhao)]
    assert roles == [
        {RoleName.TECHNICIAN, RoleName.QUALITY_INSPECTOR}, {RoleName.SERVICE_ADVISOR},
        {RoleName.TECHNICIAN},
    ]  # fmt: skip
    assert skills_of("王强") == {"engine": (3, None), "high_voltage": (2, date(2028, 6, 30))}
    # A level alone is that of every skill but the one that wants a certificate.
    assert skills_of("赵磊") == {
        code: (3, None) for code, *_ in setup.SKILLS if code != "high_voltage"
    }
    assert shop.find_technician(li) is None
    assert shop_people.shifts_of(zhao)[0] == [
        (each[1], each[2]) for each in setup.USUAL_WEEK if each[0] == 0
    ]
    assert {zhao.locale, wang.locale} == {factories.boss().locale}


def test_a_technician_comes_with_the_team_and_changes_it() -> None:
    bring(LIST)
    teams = {each.user.display_name: each.team for each in session.scalars(select(Technician))}
    assert teams == {"王强": "一组", "赵磊": "二组"}
    # when: of somebody who is no technician it is told and left
    again = "姓名,班组,岗位\n王强,二组,\n李娜,前台组,服务顾问\n"
    batch = factories.check("staff", again.encode())
    assert factories.counts(batch) == {"changed": 1, "same": 1}
    factories.apply(batch)
    technician = shop.find_technician(person("王强"))
    assert technician is not None
    assert technician.team == "二组"
    # and back
    factories.undo(batch)
    session.refresh(technician)
    assert technician.team == "一组"


def test_who_comes_from_a_list_signs_in_by_the_link_on_the_card() -> None:
    bring(LIST)
    wang = person("王强")
    assert wang.password is None
    assert wang in [each for each in staff.list_users(wang.branch_id) if not each.password]
    token = links.make_token(wang, "secret")
    assert links.get_user_of(token, "secret") is wang
    assert len({each.fs_uniquifier for each in session.scalars(select(User))}) == 4


def test_the_same_list_again_is_all_same() -> None:
    bring(LIST)
    assert factories.counts(factories.check("staff", LIST.encode())) == {"same": 3}
    twice = LIST + LIST.split("\n", 1)[1].replace("1001,王强", ",王强")
    assert factories.counts(factories.check("staff", twice.encode())) == {"same": 6}


def test_taken_back_nobody_of_the_list_is_left() -> None:
    before = take()
    batch = bring(LIST)
    assert {"user", "role_user", "technician", "technician_skill", "shift"} <= changed(
        before, take()
    )
    factories.undo(batch)
    assert changed(before, take()) <= OWN


def test_who_was_given_another_role_or_has_signed_in_stays_with_all_that_hangs_on_it() -> None:
    batch = bring(LIST)
    boss = factories.boss()
    colleagues.change(
        person("王强"), "王强", [RoleName.TECHNICIAN], by=boss, at=AT
    )  # fmt: skip
    staff.set_password(person("李娜"), "three green bicycles", at=AT)
    session.commit()
    # when
    factories.undo(batch)
    # then
    assert {each.display_name for each in session.scalars(select(User))} == {
        "周明", "王强", "李娜",
    }  # fmt: skip
    assert set(skills_of("王强")) == {"engine", "high_voltage"}
    assert [role.preset for role in person("李娜").roles] == [RoleName.SERVICE_ADVISOR]
    kept = session.scalars(select(ImportKept.title))
    assert sorted(kept) == ["李娜", "王强"]
    assert session.scalars(select(TechnicianSkill.technician_id).distinct()).all() == [
        session.scalars(select(Technician.id)).one()
    ]


def test_whoever_has_other_hours_since_stays() -> None:
    batch = bring(LIST)
    shop_people.set_shifts(
        person("赵磊"), {0: [(setup.USUAL_WEEK[0][1], setup.USUAL_WEEK[0][2])]},
        by=factories.boss(), at=AT,
    )  # fmt: skip
    session.commit()
    factories.undo(batch)
    assert person("赵磊").active
    assert len(session.scalars(select(Shift)).all()) == 1


def test_a_known_technician_gets_what_the_list_says_and_keeps_the_rest() -> None:
    bring(LIST)
    before = take()
    batch = bring(
        "姓名,手机,技能,岗位\n王强,13800138009,发动机4、钣金2,洗车工\n李娜,13800138011,,\n"
    )
    assert batch.counts["changed"] == 1
    assert batch.counts["doubtful"] == 1
    assert skills_of("王强")["engine"] == (4, None)
    assert skills_of("王强")["body"] == (2, None)
    # Roles are given by hand.
    assert {role.preset for role in person("王强").roles} == {
        RoleName.TECHNICIAN, RoleName.QUALITY_INSPECTOR,
    }  # fmt: skip
    factories.undo(batch)
    assert changed(before, take()) <= OWN


def test_the_trail_says_who_got_which_roles() -> None:
    bring(LIST)
    query = select(AuditEntry).where(AuditEntry.action == "setup.import_file")
    said = session.scalars(query).one().details["people"]
    assert said == [
        "王强 (1001): technician, quality_inspector", "李娜 (lina): service_advisor",
        "赵磊 (zhaolei): technician",
    ]  # fmt: skip


def test_a_role_over_all_others_is_given_only_when_somebody_says_so() -> None:
    batch = factories.check("staff", "姓名,岗位\n陈总,店长\n".encode())
    assert factories.verdicts(batch) == ["doubtful: mighty"]
    factories.apply(factories.answer(batch, "mighty", "yes"))
    assert person("陈总").is_(RoleName.SERVICE_MANAGER)


DIRTY = (
    ("姓名,手机\n王强,13900139000\n", "doubtful: same_person"),
    ("姓名,手机\n王小强,13800138009\n", "doubtful: same_person"),
    ("姓名,手机\n王强,\n", "same"),
    ("姓名,工号\n王小强,1001\n", "refused"),
    ("姓名,工号\n王小强,LINA\n", "refused"),
    ("姓名,工号\n王强,1001\n", "same"),
    ("姓名,工号\n王小强,a b\n", "refused"),
    ("姓名,岗位\n王小强,园丁\n", "refused"),
    ("姓名,技能\n王小强,木工3\n", "refused"),
    ("姓名,技能\n王小强,发动机9\n", "refused"),
    ("姓名,等级\n王小强,7\n", "refused"),
    ("姓名,手机\n王小强,1.38E+10\n", "refused"),
    ("姓名,岗位,手机\n,技师,13800138020\n", "refused"),
)


def test_dirty_rows_are_asked_or_refused() -> None:
    bring(LIST)
    for text, found in DIRTY:
        batch = factories.check("staff", text.encode())
        assert (text, factories.verdicts(batch)) == (text, [found])
        (row,) = factories.rows(batch)
        assert found == "same" or factories.told(row)


def test_who_has_left_is_asked_for_and_never_taken_for_a_new_one() -> None:
    bring(LIST)
    colleagues.leave(person("赵磊"), by=factories.boss(), at=AT)
    session.commit()
    by_name = factories.check("staff", "姓名\n赵磊\n".encode())
    assert factories.verdicts(by_name) == ["doubtful: same_person"]
    by_number = factories.check("staff", "姓名,工号\n赵磊,zhaolei\n".encode())
    assert factories.verdicts(by_number) == ["refused"]
    factories.apply(factories.answer(by_name, "same_person", "both"))
    names = session.scalars(select(User.username).where(User.display_name == "赵磊"))
    assert sorted(names) == ["zhaolei", "zhaolei2"]


def test_skills_of_who_is_no_technician_are_left_and_said() -> None:
    batch = factories.check(
        "staff", "姓名,岗位,技能\n孙丽,前台,高压电2\n周勇,技师,高压电2\n".encode()
    )
    assert factories.verdicts(batch) == ["new", "new"]
    first, second = factories.rows(batch)
    assert "technicians only" in factories.told(first)
    assert "last day of its certificate" in factories.told(second)


def test_somebody_renamed_meanwhile_is_looked_at_again() -> None:
    bring(LIST)
    batch = factories.check("staff", "姓名,手机\n赵磊,13800138012\n".encode())
    assert factories.verdicts(batch) == ["changed"]
    person("赵磊").phone = "13800138013"
    session.commit()
    batch = factories.apply(batch)
    assert batch.failure is not None
    assert person("赵磊").phone == "13800138013"
