"""Parts of an old system: new ones with their shelf, known ones with their price, and back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_branch, make_part, make_user
from tests.setup.imports import files
from workshop.db import session
from workshop.setup.imports.rules import Verdict
from workshop.staff.permissions import RoleName
from workshop.stock import queries as stock
from workshop.stock import service as shelf
from workshop.stock.models import Part, PartClass, StockEntry
from workshop.stock.pricing import queries as prices
from workshop.stock.suppliers.models import PartSupplier, Supplier

V = Verdict
DAY = date(2026, 11, 23)
LIST = (
    "配件库存表\n"
    "编码*,名称*,OE号,品牌,类别,单位,进价,售价,库存,库位,最低库存,供应商,适用车型\n"
    "wg-1001,机油滤清器,06j 115-403q,曼牌,同质件,件,18.5,¥38.00,12,A-01-2,4,华东汽配,EA888\n"
    "WG-1002,机油 5W-30,,,机油,升,45,,30.5,,,华东汽配,\n"
    "WG-1003,刹车片,,,原厂,副,100,260,-2,B1,,,\n"
    "合计,,,,,,,,40.5,,,,\n"
)


def test_parts_come_with_price_shelf_and_supplier_and_go_again(database: Database) -> None:
    make_user(RoleName.SERVICE_MANAGER)
    branch = make_branch()
    before = files.dump()
    batch = files.take("parts", LIST)
    assert files.verdicts(batch) == [V.NEW] * 3
    filter_ = session.scalars(select(Part).where(Part.search_no == "WG1001")).one()
    oil = session.scalars(select(Part).where(Part.search_no == "WG1002")).one()
    pads = session.scalars(select(Part).where(Part.search_no == "WG1003")).one()
    assert (filter_.no, filter_.oe_no, filter_.part_class) == (
        "wg-1001", "06J115403Q", PartClass.EQUIVALENT,
    )  # fmt: skip
    assert (filter_.price_fen, filter_.cost_fen, filter_.is_marked_up) == (3800, 1850, False)
    # A cost of ¥45 carries the shop's usual factor of 1.8.
    assert (oil.price_fen, oil.is_marked_up, oil.part_class) == (8100, True, PartClass.AFTERMARKET)
    level = stock.find_level(branch.id, filter_.id)
    assert level is not None
    assert (level.on_hand_milli, level.bin, level.minimum_milli) == (12_000, "A-01-2", 4_000)
    assert stock.find_level(branch.id, pads.id).on_hand_milli == 0  # type: ignore[union-attr]
    entries = session.execute(
        select(StockEntry.part_id, StockEntry.quantity_milli, StockEntry.origin)
    )
    assert sorted(entries) == [
        (filter_.id, 12_000, "Opening stock"), (oil.id, 30_500, "Opening stock"),
    ]  # fmt: skip
    assert session.scalars(select(Supplier.name)).all() == ["华东汽配"]
    assert session.scalars(select(PartSupplier.cost_fen).order_by(PartSupplier.id)).all() == [
        1850, 4500,
    ]  # fmt: skip
    files.undo(batch)
    assert files.dump() == before


def test_the_same_file_again_brings_nothing(database: Database) -> None:
    files.take("parts", LIST)
    again = files.check("parts", LIST)
    # The negative stock of the third is flagged each time, and still nothing to do.
    assert files.verdicts(again) == [V.SAME] * 3


def test_a_new_price_counts_from_today_and_the_old_ones_stay(database: Database) -> None:
    part = make_part(no="WG-1001", price_fen=3000)
    batch = files.take("parts", "编码,名称,售价\nWG1001,机油滤清器,35\n")
    assert files.verdicts(batch) == [V.CHANGED]
    assert prices.price_on(session.get_one(Part, part.id), DAY) == 3500
    files.undo(batch)
    session.expire_all()
    assert prices.price_on(session.get_one(Part, part.id), DAY) == 3000


def test_a_price_below_the_cost_is_asked(database: Database) -> None:
    batch = files.check("parts", "编码,名称,进价,售价\nA1,滤芯,50,40\n")
    assert files.verdicts(batch) == [V.DOUBTFUL]
    files.take("parts", "编码,名称,进价,售价\nA1,滤芯,50,40\n", {"below_cost": "meant"})
    assert session.scalars(select(Part.price_fen).where(Part.no == "A1")).one() == 4000


def test_stock_that_has_moved_here_is_left_to_a_count(database: Database) -> None:
    part = make_part(no="A1")
    by = make_user(RoleName.PARTS_CLERK)
    shelf.receive(part, make_branch(), 5_000, "华东", by=by, at=AT)
    on_hand = stock.find_level(make_branch().id, part.id).on_hand_milli  # type: ignore[union-attr]
    batch = files.check("parts", f"编码,名称,库存\nA1,{part.name_zh},9\n")
    (row,) = files.rows(batch)
    assert row.verdict is V.SAME
    assert files.notes(row) == [
        f"The shelf has {on_hand // 1000}, by its ledger. Count the part if that is wrong."
    ]


def test_what_was_used_since_stays_when_the_rest_is_taken_back(database: Database) -> None:
    batch = files.take("parts", LIST)
    filter_ = session.scalars(select(Part).where(Part.search_no == "WG1001")).one()
    by = make_user(RoleName.PARTS_CLERK)
    shelf.receive(filter_, make_branch(), 1_000, "华东", by=by, at=AT)
    done = files.undo(batch)
    assert session.scalars(select(Part.search_no).where(Part.search_no.like("WG100%"))).all() == [
        "WG1001"
    ]
    # Its supplier stays with it; the ledger still adds up to the shelf.
    assert session.scalars(select(Supplier.name)).all() == ["华东汽配"]
    assert sum(session.scalars(select(StockEntry.quantity_milli))) == 13_000
    assert done.counts["kept"] >= 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("8E+10,滤芯,38,1", "lost its last digits"),
        ("A1,,38,1", "is empty"),
        ("A1,滤芯,,1", "Enter a selling price"),
        ("A1,滤芯,-5,1", "cannot be negative"),
        ("A1,滤芯,abc,1", "not an amount"),
        ("A1,滤芯,38,x", "not a number"),
        ("---,滤芯,38,1", "Enter the part number"),
    ],
)
def test_a_row_is_refused_in_words(database: Database, line: str, words: str) -> None:
    (row,) = files.rows(files.check("parts", f"编码,名称,售价,库存\n{line}\n"))
    assert row.verdict is V.REFUSED
    assert any(words in said for said in files.notes(row))


def test_a_number_twice_is_a_copy_or_refused(database: Database) -> None:
    batch = files.check("parts", "编码,名称,售价\nA-1,滤芯,38\nA-1,滤芯,38\na 1,滤清器,38\n")
    assert files.verdicts(batch) == [V.NEW, V.SAME, V.REFUSED]


def test_a_barcode_belongs_to_one_part(database: Database) -> None:
    batch = files.check("parts", "编码,名称,售价,条码\nA1,滤芯,38,690\nA2,滤芯,38,690\n")
    assert files.verdicts(batch) == [V.NEW, V.REFUSED]
