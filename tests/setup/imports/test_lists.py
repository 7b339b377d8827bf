"""Suppliers, operations and packages: new, changed, the same, refused; and back again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.databases import Database
from tests.factories import make_branch, make_operation, make_rate, make_skill, make_user
from tests.setup.imports import files
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import GuaranteeClass, Operation, Package
from workshop.db import session
from workshop.setup.imports.kinds.operations import minutes
from workshop.setup.imports.rules import Verdict
from workshop.sheets.cells import Cell
from workshop.staff.permissions import RoleName
from workshop.stock.suppliers.models import Supplier, SupplierKind

V = Verdict
TODAY = date(2026, 11, 23)
SUPPLIERS = (
    "供应商,类型,联系人,电话,账期,税率,起订金额\n"
    "华东汽配,经销商,陈经理,139-0013-9000,30天,13%,500\n"
    "平安配件,汽配城,,,,0.13,\n"
)
OPERATIONS = (
    "项目编码,项目名称,工时,工种,工位,质保类别,关键词\n"
    "BY-001,更换机油机滤,0.5,{skill},快修、举升,小修,保养\n"
    "DX-001,发动机大修,1200分钟,,,大修,\n"
)
PACKAGES = (
    "套餐编码,套餐名称,项目,套餐价,间隔公里,间隔月数\n"
    "TC-1,小保养,BY-001、发动机大修,398,1万,6个月\n"
    "TC-2,大修套餐,DX-001,,,\n"
)


def _shop() -> str:
    """A shop with a rate and a skill; gives the skill's name."""
    make_user(RoleName.SERVICE_MANAGER)
    make_branch()
    make_rate()
    return make_skill().name_zh


def test_suppliers_come_with_their_terms_and_go_again(database: Database) -> None:
    _shop()
    before = files.dump()
    batch = files.take("suppliers", SUPPLIERS)
    one, other = session.scalars(select(Supplier).order_by(Supplier.name)).all()
    assert (one.name, one.kind, one.contact, one.phone) == (
        "华东汽配", SupplierKind.DEALER, "陈经理", "13900139000",
    )  # fmt: skip
    assert (one.terms_days, one.invoice_basis_points, one.minimum_order_fen) == (30, 1300, 50_000)
    assert (other.kind, other.invoice_basis_points) == (SupplierKind.MARKET, 1300)
    assert files.verdicts(files.check("suppliers", SUPPLIERS)) == [V.SAME] * 2
    files.undo(batch)
    assert files.dump() == before


def test_a_known_supplier_is_changed_where_the_file_says_something_else(database: Database) -> None:
    _shop()
    files.take("suppliers", SUPPLIERS)
    batch = files.take("suppliers", "供应商,联系人,账期\n华东汽配,,45\n")
    (row,) = files.rows(batch)
    assert row.verdict is V.CHANGED
    assert [each[1:] for each in (row.said or {})["differences"]] == [[30, 45]]
    found = session.scalars(select(Supplier).where(Supplier.name == "华东汽配")).one()
    # An empty cell leaves what is there.
    assert (found.terms_days, found.contact) == (45, "陈经理")
    files.undo(batch)
    session.expire_all()
    assert found.terms_days == 30


def test_operations_come_with_book_time_skill_and_bays_and_go_again(database: Database) -> None:
    skill = _shop()
    before = files.dump()
    batch = files.take("operations", OPERATIONS.format(skill=skill))
    oil, overhaul = session.scalars(select(Operation).order_by(Operation.code)).all()
    assert (oil.code, oil.book_minutes, oil.bay_kinds) == ("BY-001", 30, ["quick", "lift"])
    assert (oil.skill_id, oil.name_en, oil.rate_code) == (
        make_skill().id, "更换机油机滤", "standard",
    )  # fmt: skip
    assert (overhaul.book_minutes, overhaul.guarantee) == (1200, GuaranteeClass.OVERHAUL)
    assert overhaul.bay_kinds == ["lift"]
    assert overhaul.starter_version is None
    again = files.check("operations", OPERATIONS.format(skill=skill))
    assert files.verdicts(again) == [V.SAME] * 2
    files.undo(batch)
    assert files.dump() == before


def test_an_operation_that_is_there_takes_what_the_file_says(database: Database) -> None:
    _shop()
    known = make_operation("BY-001", book_minutes=60).id
    before = files.dump()
    batch = files.take("operations", "编码,名称,工时\nby-001,更换机油机滤,0.4\n")
    assert files.verdicts(batch) == [V.CHANGED]
    assert session.get_one(Operation, known).book_minutes == 24
    files.undo(batch)
    assert files.dump() == before


@pytest.mark.parametrize(
    ("text", "found"),
    [("1.5", 90), ("1.5小时", 90), ("90分钟", 90), ("90 min", 90), ("0.1", 6), ("0.001", 1),
     ("1.5 H", 90)],
)  # fmt: skip
def test_a_book_time_is_hours_or_says_minutes(text: str, found: int) -> None:
    assert minutes(text) == Cell(found)


@pytest.mark.parametrize("text", ["90", "0", "-1", "abc", "1.5.1"])
def test_a_book_time_that_may_be_something_else_is_never_guessed(text: str) -> None:
    assert minutes(text).refusal is not None


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("operations", "编码,名称,工时,工种\nA,x,1,木工\n", "no skill"),
        ("operations", "编码,名称,工时,费率\nA,x,1,金牌\n", "no labour rate"),
        ("operations", "编码,名称,工时,工位\nA,x,1,屋顶\n", "is not known here"),
        ("operations", "编码,名称,工时\nA,x,90\n", "more than a day"),
        ("operations", "编码,名称,工时\nA,,1\n", "is empty"),
        ("packages", "套餐编码,套餐名称,项目\nT,x,NO-1\n", "no operation in use"),
        ("suppliers", "供应商,税率\nA,-3\n", "cannot be negative"),
        ("suppliers", "供应商,账期\nA,900\n", "too large"),
    ],
)
def test_a_row_is_refused_in_words(database: Database, kind: str, text: str, words: str) -> None:
    _shop()
    (row,) = files.rows(files.check(kind, text))
    assert row.verdict is V.REFUSED
    assert any(words in said for said in files.notes(row)), files.notes(row)


def test_packages_come_with_operations_price_and_interval_and_go_again(database: Database) -> None:
    skill = _shop()
    files.take("operations", OPERATIONS.format(skill=skill))
    before = files.dump()
    batch = files.take("packages", PACKAGES)
    small, large = session.scalars(select(Package).order_by(Package.code)).all()
    assert [each.code for each in small.operations] == ["BY-001", "DX-001"]
    assert (small.interval_km, small.interval_months) == (10_000, 6)
    assert catalogue.fen_on(catalogue.list_package_prices(small), TODAY) == 39_800
    assert (large.interval_km, catalogue.list_package_prices(large)) == (None, [])
    assert files.verdicts(files.check("packages", PACKAGES)) == [V.SAME] * 2
    files.undo(batch)
    assert files.dump() == before


def test_a_packages_price_counts_from_today(database: Database) -> None:
    skill = _shop()
    files.take("operations", OPERATIONS.format(skill=skill))
    files.take("packages", PACKAGES)
    batch = files.take("packages", PACKAGES.replace("398", "428"))
    assert files.verdicts(batch) == [V.CHANGED, V.SAME]
    package = session.scalars(select(Package).where(Package.code == "TC-1")).one()
    assert catalogue.fen_on(catalogue.list_package_prices(package), TODAY) == 42_800
    other = files.check("packages", "套餐编码,套餐名称,项目\nTC-1,小保养,BY-001\n")
    assert files.verdicts(other) == [V.REFUSED]


def test_an_operation_that_a_package_holds_stays_when_its_file_is_taken_back(
    database: Database,
) -> None:
    skill = _shop()
    batch = files.take("operations", OPERATIONS.format(skill=skill))
    files.take("packages", "套餐编码,套餐名称,项目\nTC-1,小保养,BY-001\n")
    files.undo(batch)
    assert session.scalars(select(Operation.code)).all() == ["BY-001"]
