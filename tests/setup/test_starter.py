"""The starter set: what is in it, laid once or twice, over own rows, and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_branch, make_part, make_rate, make_user
from tests.steps.quotation.factories import make_draft
from workshop.catalogue import operations, queries
from workshop.catalogue.checklists import queries as checklists
from workshop.catalogue.checklists.rules import Use
from workshop.catalogue.models import Operation, Package, PartKind
from workshop.catalogue.particulars import Particulars, particulars_of
from workshop.db import session
from workshop.errors import Invalid, RuleBroken
from workshop.setup.starter import contents, laying
from workshop.setup.starter.contents import Group, ShopKind
from workshop.setup.starter.rows import Kept, Result
from workshop.shop.models import BayKind, Skill
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import queries as quotation_queries

SignIn = Callable[[User], FlaskClient]


def lay(groups: Collection[Group] = tuple(Group)) -> dict[str, Result]:
    return laying.lay(make_branch(), groups, by=make_user(RoleName.SERVICE_MANAGER), at=AT)


def take_back() -> dict[str, Result]:
    return laying.take_back(make_branch(), by=make_user(RoleName.SERVICE_MANAGER), at=AT)


def count(model: type[Operation] | type[Package] | type[PartKind]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def find(code: str) -> Operation:
    return queries.find_operations([code])[code.lower()]


def test_the_lists_fit_together() -> None:
    # given
    codes = [each.code for each in contents.operations()]
    kinds = {each.code for each in contents.kinds()}
    # then
    assert len(set(codes)) == len(codes) == 111
    assert len(contents.packages()) == 11
    assert {code for each in contents.packages() for code in each.operations} <= set(codes)
    assert {code for each in contents.operations() for code in each.parts} == kinds
    assert {each.group for each in contents.operations()} == {each.value for each in Group}
    bays = {bay for each in contents.operations() for bay in each.bays}
    assert bays <= {each.value for each in BayKind}
    assert all(each.bays for each in contents.operations())


@pytest.mark.parametrize(
    ("code", "minutes", "skill", "level", "guarantee"),
    [
        ("M-OIL", [30, 30, 35], "maintenance", 1, "minor"),
        ("E-OVER", [1440, 1920, 2400], "engine", 3, "overhaul"),
        ("M-L2", [120, 150, 180], "maintenance", 2, "level_2_maintenance"),
        ("H-PACK", [300, 310, 360], "high_voltage", 3, "overhaul"),
        ("L-WIN", 65, "electrical", 2, "minor"),
    ],
)
def test_an_operation_is_as_the_facts_say(
    code: str, minutes: object, skill: str, level: int, guarantee: str
) -> None:
    (listed,) = [each for each in contents.operations() if each.code == code]
    assert (listed.minutes, listed.skill, listed.level, listed.guarantee) == (
        minutes,
        skill,
        level,
        guarantee,
    )


def test_the_set_is_laid_whole_and_twice_doubles_nothing(database: Database) -> None:
    # when
    first, second = lay(), lay()
    # then
    assert {name: each.number for name, each in first.items()} == {
        "kinds": 91,
        "operations": 111,
        "packages": 11,
    }
    assert {each.number for each in second.values()} == {0}
    assert (count(Operation), count(Package), count(PartKind)) == (111, 11, 91)
    oil = find("M-OIL")
    assert (oil.compact_minutes, oil.book_minutes, oil.suv_minutes) == (None, 30, 35)
    assert [(each.kind.code, each.milli_of("suv")) for each in oil.parts if each.kind] == [
        ("oil", 5500),
        ("oil-filter", 1000),
        ("drain-washer", 1000),
    ]
    assert oil.energies == ["fuel", "diesel", "hybrid"]
    assert find("H-PACK").flags == ["road_test", "scan_tool", "high_voltage"]
    assert all(each.is_unchecked for each in session.scalars(sa.select(Operation)))


def test_missing_skills_are_made_and_own_ones_stay(database: Database) -> None:
    session.add(Skill(code="engine", name_zh="我的发动机", name_en="My engine"))
    session.flush()
    lay([Group.ENGINE])
    names = {each.code: each.name_zh for each in session.scalars(sa.select(Skill))}
    assert names["engine"] == "我的发动机"
    assert len(names) == 7


def test_own_rows_of_the_same_code_stay_untouched(database: Database) -> None:
    # given
    own = Particulars("M-OIL", "自家机油", "Own oil", 44)
    operations.build(own, branch_id=make_branch().id)
    # when
    lay()
    taken = take_back()
    # then
    assert (find("M-OIL").book_minutes, find("M-OIL").name_zh) == (44, "自家机油")
    assert count(Operation) == 1
    assert taken["operations"].kept == []


def test_only_the_chosen_groups_come_and_packages_that_are_whole(database: Database) -> None:
    lay(ShopKind.EXPRESS.groups)
    found = {each.code for each in session.scalars(sa.select(Package))}
    assert "PK-MINOR" in found
    assert "PK-EV" not in found
    assert find("M-OIL")
    assert queries.find_operations(["E-OVER"]) == {}
    kinds = {each.code for each in session.scalars(sa.select(PartKind))}
    assert "oil" in kinds
    assert "overhaul-kit" not in kinds
    with pytest.raises(Invalid):
        lay([])


def test_what_is_unused_goes_and_what_is_used_or_edited_is_named(database: Database) -> None:
    # given
    lay()
    make_rate()
    make_draft(find("B-PAD-F"))
    edited, branch = find("M-AIR"), make_branch()
    by = make_user(RoleName.SERVICE_MANAGER)
    said = particulars_of(edited)
    changed = Particulars(**{**vars(said), "book_minutes": 18})
    operations.change(edited, changed, branch_id=branch.id, by=by, at=AT)
    make_part("PAINT-1", choice_group="paint")
    # when
    taken = take_back()
    # then
    kept = {each.record.code: each for result in taken.values() for each in result.kept}
    assert set(kept) == {"B-PAD-F", "M-AIR", "pad-front", "air-filter", "paint"}
    assert kept["B-PAD-F"] == Kept(find("B-PAD-F"), "is in use: %(where)s", "quotations")
    assert kept["M-AIR"].reason == "was changed here"
    assert (count(Operation), count(Package), count(PartKind)) == (2, 0, 3)
    again = lay()
    assert again["operations"].number == 109


def test_what_was_only_looked_at_goes_as_well(database: Database) -> None:
    lay([Group.INSPECTION])
    operation, by = find("M-12"), make_user(RoleName.SERVICE_MANAGER)
    said = particulars_of(operation)
    operations.change(operation, said, branch_id=make_branch().id, by=by, at=AT)
    assert not operation.is_unchecked
    take_back()
    assert count(Operation) == 0
    assert not any(each.active for each in checklists.list_lists(Use.INSPECTION))
    with pytest.raises(RuleBroken, match="Nothing of the starter"):
        take_back()


def test_a_car_is_quoted_from_the_set_before_there_is_any_part(database: Database) -> None:
    lay()
    make_rate()
    written = make_draft(find("B-PAD-F"))
    (line,) = quotation_queries.list_lines(written)
    assert (line.book_minutes, line.total_fen) == (60, 24_000)


def test_the_page_lays_counts_and_takes_back(database: Database, sign_in: SignIn) -> None:
    # given
    make_branch()
    manager = make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    client = sign_in(manager)
    # when
    empty = client.get("/setup/starter?shop=express").text
    groups = [each.value for each in ShopKind.EXPRESS.groups]
    assert client.post("/setup/starter", data={}).status_code == 422
    client.post("/setup/starter", data={"starter-groups": groups, "starter-lists": "y"})
    page = client.get("/setup/starter").text
    # then
    listed = [each for each in contents.operations() if each.group in groups]
    assert len(re.findall(r'name="starter-groups"[^>]* checked', empty)) == 4
    assert f"{len(listed)} / 111" in page
    assert f">{len(listed)}</a>" in page
    assert re.search(r"inspection templates and words</td>\s*<td[^>]*>32 / 32</td>", page)
    assert len(checklists.list_lists(Use.INSPECTION)) == 5
    operation = find("M-OIL")
    client.post(f"/catalogue/operations/{operation.id}/use", data={"active": "no"})
    refused = client.post(f"/catalogue/operations/{operation.id}/use", data={"active": "no"})
    assert refused.status_code == 409
    gone = client.post("/setup/starter/take-back").text
    assert "rows of the starter set are gone" in gone
    assert client.post("/setup/starter/take-back").status_code == 409
    assert count(Operation) == 0
