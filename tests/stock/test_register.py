"""The register of parts, and goods that come in."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.databases import Database
from tests.factories import make_branch, make_order, make_part, make_user
from tests.stock.factories import TODAY, make_supplier
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.stock import queries as stock
from workshop.stock import service as shelf
from workshop.stock.models import PartClass, StockMove
from workshop.stock.parts import places, succession
from workshop.stock.parts import queries as register
from workshop.stock.parts import service as parts
from workshop.stock.parts.service import Money, Particulars
from workshop.stock.receipts import queries as received
from workshop.stock.receipts import service as receipts
from workshop.stock.receipts.service import Delivery
from workshop.stock.suppliers import queries as suppliers
from workshop.stock.suppliers import service as supplying
from workshop.web import versions


@pytest.fixture
def clerk(database: Database) -> User:
    return make_user(RoleName.PARTS_CLERK)


def particulars(no: str = "WG-12 345 b", **values: object) -> Particulars:
    return Particulars(no, "机油滤清器", "", PartClass.OEM, **values)  # type: ignore[arg-type]


def test_a_part_is_found_by_its_number_however_it_is_typed(clerk: User, at: datetime) -> None:
    branch = make_branch()
    part = parts.make(particulars(barcode="690a"), Money(98_00), branch.id, by=clerk, at=at)
    for typed in ("WG-12 345 b", "wg12345B", "ＷＧ－１２３４５ｂ", "690A"):
        assert stock.find_part(typed) is part, typed
    assert stock.find_part(" - ") is None
    assert (part.name_en, part.price_fen) == ("机油滤清器", 98_00)
    with pytest.raises(Invalid, match="There is a part WG-12 345 b already"):
        parts.make(particulars("WG12345B"), Money(1), branch.id, by=clerk, at=at)
    with pytest.raises(Invalid, match="has this barcode"):
        parts.make(particulars("X", barcode="690A"), Money(1), branch.id, by=clerk, at=at)


def test_a_part_without_a_price_is_marked_up(clerk: User, at: datetime) -> None:
    branch = make_branch()
    part = parts.make(particulars(), Money(None, 100_00), branch.id, by=clerk, at=at)
    assert (part.price_fen, part.is_marked_up) == (150_00, True)
    with pytest.raises(Invalid, match="or the cost"):
        parts.make(particulars("B"), Money(None), branch.id, by=clerk, at=at)
    with pytest.raises(RuleBroken, match="below what the part costs"):
        parts.make(particulars("B"), Money(99, 100), branch.id, by=clerk, at=at)
    parts.make(particulars("B"), Money(99, 100, is_meant=True), branch.id, by=clerk, at=at)
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    with pytest.raises(NotAllowed):
        parts.make(particulars("C"), Money(99), branch.id, by=advisor, at=at)


def test_the_later_of_two_who_change_a_part_sees_both(clerk: User, at: datetime) -> None:
    part = make_part("A-1", name_zh="甲", name_en="A")
    seen = versions.mark(parts.state_of(parts.particulars_of(part)))
    first = Particulars("A-1", "乙", "A", PartClass.OEM)
    parts.change(part, first, seen=seen, by=clerk, at=at)
    second = Particulars("A-1", "丙", "A", PartClass.OEM)
    with pytest.raises(Conflict) as caught:
        parts.change(part, second, seen=seen, by=clerk, at=at)
    assert (caught.value.theirs, caught.value.yours) == (
        {"Name (Chinese)": "乙"},
        {"Name (Chinese)": "丙"},
    )


def test_the_unit_of_a_part_with_a_ledger_stays(clerk: User, at: datetime) -> None:
    part, new = make_part("A-1", on_hand=1), make_part("A-2", on_hand=0)
    values = Particulars("A-1", "甲", "", PartClass.OEM, unit="升")
    with pytest.raises(Invalid, match="The unit stays"):
        parts.change(part, values, by=clerk, at=at)
    parts.change(new, Particulars("A-2", "甲", "", PartClass.OEM, unit="升"), by=clerk, at=at)
    assert new.unit == "升"


def test_old_stock_is_sold_first_and_a_circle_is_refused(clerk: User, at: datetime) -> None:
    # given
    oldest, old, new = (
        make_part(no, on_hand=count) for no, count in (("O", 0), ("P", 2), ("Q", 9))
    )
    succession.replace(oldest, old, by=clerk, at=at)
    succession.replace(old, new, by=clerk, at=at)
    branch = make_branch()
    # then
    assert register.list_successors(oldest) == [old, new]
    assert register.choose(branch.id, oldest, 2_000) is old
    assert register.choose(branch.id, oldest, 3_000) is new
    assert register.choose(branch.id, oldest, 99_000) is new
    parts.use(old, False, by=clerk, at=at)
    assert register.choose(branch.id, oldest, 1_000) is new
    with pytest.raises(RuleBroken, match="circle: Q → O → P → Q"):
        succession.replace(new, oldest, by=clerk, at=at)
    with pytest.raises(RuleBroken, match="circle"):
        succession.replace(new, new, by=clerk, at=at)


def test_where_a_part_lies_is_the_counters_to_say(clerk: User, at: datetime) -> None:
    part, branch = make_part(on_hand=3), make_branch()
    seen = versions.mark(places.state_of_place("A-01", 0))
    places.place(part, branch, "C-9", 4_000, seen=seen, by=clerk, at=at)
    level = stock.find_level(branch.id, part.id)
    assert level is not None
    assert (level.bin, level.is_low) == ("C-9", True)
    with pytest.raises(Conflict):
        places.place(part, branch, "D-1", 0, seen=seen, by=clerk, at=at)
    with pytest.raises(Invalid, match="negative"):
        places.place(part, branch, "D-1", -1, by=clerk, at=at)


def test_a_receipt_keeps_supplier_document_and_cost(clerk: User, at: datetime) -> None:
    part, branch = make_part(on_hand=0, price_fen=380_00), make_branch()
    # when
    delivery = Delivery("汽配城老李", "DN-7", 200_00)
    receipt = receipts.take_in(part, branch, 4_000, delivery, today=TODAY, by=clerk, at=at)
    # then
    assert receipt.supplier is suppliers.find_supplier("汽配城老李")
    assert (receipt.document, receipt.cost_fen, part.cost_fen) == ("DN-7", 200_00, 200_00)
    assert stock.ledger_milli(branch.id, part.id) == 4_000
    again = Delivery("汽配城老李", "DN-8", 381_00)
    with pytest.raises(RuleBroken, match="below what the part costs"):
        receipts.take_in(part, branch, 1_000, again, today=TODAY, by=clerk, at=at)
    meant = Delivery("汽配城老李", "DN-8", 381_00, is_meant=True)
    receipts.take_in(part, branch, 1_000, meant, today=TODAY, by=clerk, at=at)
    assert part.cost_fen == 381_00


def test_a_wrong_receipt_gets_a_counter_entry(clerk: User, at: datetime) -> None:
    # given
    part, branch = make_part(on_hand=0), make_branch()
    receipt = receipts.take_in(
        part, branch, 5_000, Delivery("博世", "DN-1"), today=TODAY, by=clerk, at=at
    )
    shelf.reserve(part, make_order(Stage.SCHEDULED), 2_000, by=clerk, at=at)
    # when
    receipts.correct(receipt, 3_000, "点错", by=clerk, at=at)
    # then
    level = stock.find_level(branch.id, part.id)
    assert level is not None
    assert level.on_hand_milli == stock.ledger_milli(branch.id, part.id) == 3_000
    assert received.left_milli(receipt) == 3_000
    moves = [(each.move, each.quantity_milli) for each in stock.list_entries(branch.id, part)]
    assert moves == [(StockMove.CORRECTION, -2_000), (StockMove.RECEIPT, 5_000)]
    with pytest.raises(RuleBroken, match="Only 1 件 are free"):
        receipts.correct(receipt, 1_000, "点错", by=clerk, at=at)
    with pytest.raises(RuleBroken, match="counts 3 件"):
        receipts.correct(receipt, 3_000, "点错", by=clerk, at=at)
    with pytest.raises(Invalid, match="what was wrong"):
        receipts.correct(receipt, 2_000, " ", by=clerk, at=at)


def test_a_supplier_is_known_once_and_retired_not_deleted(clerk: User, at: datetime) -> None:
    known = make_supplier("博世")
    with pytest.raises(Invalid, match="There is a supplier 博世 already"):
        supplying.make(supplying.Particulars(" 博世 "), by=clerk, at=at)
    seen = versions.mark(supplying.state_of(supplying.particulars_of(known)))
    supplying.change(known, supplying.Particulars("博世", phone="1"), seen=seen, by=clerk, at=at)
    other = supplying.Particulars("博世", phone="2")
    with pytest.raises(Conflict):
        supplying.change(known, other, seen=seen, by=clerk, at=at)
    supplying.use(known, False, by=clerk, at=at)
    assert suppliers.list_suppliers(only_active=True) == []
    assert suppliers.list_suppliers() == [known]
