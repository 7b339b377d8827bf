"""What people see of the register, of prices, of suppliers and of goods that come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.factories import make_order, make_part, make_user
from tests.steps.parts.factories import make_scheduled
from tests.steps.quotation.factories import make_brakes, make_draft
from tests.stock.factories import TODAY, make_supplier
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import service
from workshop.steps.quotation import queries
from workshop.stock import queries as stock
from workshop.stock.models import Part
from workshop.stock.pricing import queries as prices
from workshop.stock.receipts.models import GoodsReceipt
from workshop.stock.suppliers.models import Supplier

SignIn = Callable[[User], FlaskClient]
NEW = {
    "no": "wg-12345-b",
    "name_zh": "机油滤清器",
    "name_en": "Oil filter",
    "part_class": "equivalent",
    "choice_group": "oil filter",
    "brand": "MANN",
    "unit": "件",
    "pack": "1",
    "lead_days": "2",
    "tax": "13",
    "fits": "蒙迪欧 2.0T",
    "price": "98",
    "cost": "52.50",
}


def english(role: RoleName) -> User:
    user = make_user(role)
    user.locale = "en"
    return user


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in(english(RoleName.PARTS_CLERK))


def test_a_part_is_made_found_copied_changed_and_retired(clerk: FlaskClient) -> None:
    # when
    answer = clerk.post("/parts/register/new", data=NEW)
    # then
    part = stock.get_part("WG12345B")
    assert answer.headers["Location"].endswith(f"/parts/stock/{part.id}")
    page = clerk.get("/parts/register?q=12345").text
    # ¥98.00 − ¥52.50 = ¥45.50.
    for words in ("Oil filter", "¥98.00", "¥52.50", "¥45.50", "Equivalent-quality part"):
        assert words in page
    assert 'value="MANN"' in clerk.get(f"/parts/register/new?copy={part.id}").text
    # when
    clerk.post(f"/parts/register/{part.id}", data=NEW | {"brand": "Bosch"})
    clerk.post(f"/parts/register/{part.id}/use", data={"active": "no"})
    # then
    assert "No part was found" in clerk.get("/parts/register").text
    assert "Bosch" in clerk.get("/parts/register?view=retired").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"no": ""}, "This is needed."),
        ({"name_zh": "", "name_en": ""}, "Enter a name for the part."),
        ({"pack": "0"}, "more than zero"),
        ({"tax": "x"}, "Write a percentage"),
        ({"price": "", "cost": ""}, "Enter a selling price, or the cost"),
        ({"price": "52.49"}, "The price is below what the part costs us."),
    ],
)
def test_a_wrong_part_comes_back_with_what_was_typed(
    clerk: FlaskClient, change: dict[str, str], words: str
) -> None:
    answer = clerk.post("/parts/register/new", data=NEW | change)
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert 'value="蒙迪欧 2.0T"' in answer.text
    assert stock.find_part("WG12345B") is None


def test_a_price_below_the_cost_is_kept_once_it_is_meant(clerk: FlaskClient) -> None:
    refused = clerk.post("/parts/register/new", data=NEW | {"price": "52.49"})
    assert "Yes, I mean it" in refused.text
    clerk.post("/parts/register/new", data=NEW | {"price": "52.49", "is_meant": "y"})
    part = stock.get_part("WG12345B")
    assert "It is sold below what it costs us." in clerk.get(f"/parts/stock/{part.id}").text


def test_a_price_of_today_is_what_the_quotation_shows(sign_in: SignIn) -> None:
    # given
    brakes = make_brakes()
    written = make_draft(brakes)
    part = session.get_one(Part, brakes.parts[0].part_id)
    old = prices.price_on(part, TODAY)
    # when
    browser = sign_in(english(RoleName.PARTS_CLERK))
    later = (TODAY + timedelta(days=1)).isoformat()
    data = {"price-price": "511", "price-valid_from": TODAY.isoformat()}
    browser.post(f"/parts/register/{part.id}/price", data=data)
    browser.post(
        f"/parts/register/{part.id}/price",
        data={"price-price": "522", "price-valid_from": later},
    )
    # then
    page = browser.get(f"/parts/stock/{part.id}").text
    assert "From 2026-11-24: ¥522.00" in page
    advisor = sign_in(english(RoleName.SERVICE_ADVISOR))
    found = advisor.get(f"/orders/{written.order.no}/quotation/search?q={part.no}").text
    assert "¥511.00" in found
    assert "¥522.00" not in found
    # The draft was written before and keeps its price.
    assert f"¥{old / 100:,.2f}" in advisor.get(f"/orders/{written.order.no}/quotation").text


def test_a_coming_price_is_taken_back_on_the_page(clerk: FlaskClient) -> None:
    part = make_part(price_fen=100_00)
    day = (TODAY + timedelta(days=1)).isoformat()
    data = {"price-price": "120", "price-valid_from": day, "price-reason": "厂家涨价"}
    clerk.post(f"/parts/register/{part.id}/price", data=data)
    page = clerk.get(f"/parts/stock/{part.id}").text
    assert "From 2026-11-24: ¥120.00" in page
    assert "厂家涨价" in page
    (row,) = prices.list_history(session.get_one(Part, part.id))
    clerk.post(f"/parts/register/{part.id}/prices/{row.id}/take-back")
    page = clerk.get(f"/parts/stock/{part.id}").text
    assert "Taken back: ¥120.00 from 2026-11-24" in page
    assert "From 2026-11-24" not in page


def test_who_may_not_see_costs_sees_none(sign_in: SignIn) -> None:
    part = make_part(price_fen=98_00, cost_fen=52_51)
    user = english(RoleName.PARTS_CLERK)
    for role in user.roles:
        role.permissions = [each for each in role.permissions if each != "see_cost"]
    session.flush()
    browser = sign_in(user)
    for address in (
        "/parts/register",
        f"/parts/stock/{part.id}",
        "/parts/stock",
        "/parts/receipts",
    ):
        page = browser.get(address).text
        assert "52.51" not in page
        # The margin, ¥98.00 − ¥52.51.
        assert "45.49" not in page
    assert browser.get("/parts/markup").status_code == 403
    made = browser.post("/parts/register/new", data=NEW)
    assert made.status_code == 302
    assert stock.get_part("WG12345B").cost_fen is None


def test_a_circle_of_replacements_and_a_needed_part_are_told_in_words(clerk: FlaskClient) -> None:
    old, new = make_part("OLD-1"), make_part("NEW-1")
    data = {"successor-successor_no": "new1"}
    clerk.post(f"/parts/register/{old.id}/successor", data=data)
    assert "NEW-1" in clerk.get(f"/parts/stock/{old.id}").text
    answer = clerk.post(
        f"/parts/register/{new.id}/successor", data={"successor-successor_no": "OLD-1"}
    )
    assert answer.status_code == 409
    assert "NEW-1 → OLD-1 → NEW-1" in answer.text
    brakes = make_brakes()
    part_id = brakes.parts[0].part_id
    page = clerk.get(f"/parts/stock/{part_id}").text
    assert f"Operations usually need it: {brakes.code}." in page
    assert clerk.post(f"/parts/register/{part_id}/use", data={"active": "no"}).status_code == 409


def test_suppliers_are_made_and_named_on_a_part(clerk: FlaskClient) -> None:
    data = {
        "name": "上海福特配件",
        "kind": "manufacturer",
        "lead_days": "2",
        "cut_off": "16:00",
        "minimum_order": "500",
        "terms_days": "30",
        "returns_days": "7",
        "invoice_tax": "13",
    }
    clerk.post("/parts/suppliers/new", data=data)
    page = clerk.get("/parts/suppliers?q=福特").text
    for words in ("上海福特配件", "16:00", "¥500.00", "within 30 days", "Manufacturer"):
        assert words in page
    supplier, part = session.query(Supplier).one(), make_part("PAD-9")
    offer = {"offer-supplier_id": str(supplier.id), "offer-their_no": "F-77", "offer-cost": "210"}
    clerk.post(f"/parts/register/{part.id}/suppliers", data=offer)
    assert "F-77 · ¥210.00" in clerk.get(f"/parts/stock/{part.id}").text
    assert "PAD-9" in clerk.get(f"/parts/suppliers/{supplier.id}").text
    assert "PAD-9" in clerk.get("/parts/register?q=f77").text
    clerk.post(f"/parts/register/{part.id}/suppliers/{supplier.id}/untie")
    assert "F-77" not in clerk.get(f"/parts/stock/{part.id}").text


def test_the_mark_up_is_edited_by_its_steps(clerk: FlaskClient) -> None:
    page = clerk.get("/parts/markup").text
    for words in ('value="50.00"', 'value="1.35"', 'value="1000.01"'):
        assert words in page
    answer = clerk.post("/parts/markup", data={"from_0": "0", "factor_0": "1.6"})
    assert answer.status_code == 302
    assert 'value="1.6"' in clerk.get("/parts/markup").text
    refused = clerk.post("/parts/markup", data={"from_0": "10", "factor_0": "1.6"})
    assert "The first step of the mark-up begins at a cost of 0." in refused.text


RECEIPT = {
    "part_no": "new-77",
    "quantity": "3",
    "supplier": "博世",
    "document": "DN-1",
    "cost": "100",
    "bin_code": "C-1",
}


def test_goods_of_an_unknown_number_become_a_part(clerk: FlaskClient) -> None:
    # when
    asked = clerk.post("/parts/receipts", data=RECEIPT)
    # then
    assert asked.status_code == 422
    assert "A new part: what is it?" in asked.text
    # when
    more = {"name": "火花塞", "part_class": "oem", "unit": "件", "price": ""}
    clerk.post("/parts/receipts", data=RECEIPT | more)
    told = clerk.get("/parts/receipts").text
    # then
    assert "Part new-77 is in the register." in told
    part = stock.get_part("NEW-77")
    level = stock.find_level(1, part.id)
    assert level is not None
    # ×1.5 of a cost of ¥100.
    assert (level.on_hand_milli, level.bin, part.price_fen) == (3_000, "C-1", 150_00)
    assert "博世" in clerk.get("/parts/suppliers").text


def test_who_may_not_add_parts_is_told_so(sign_in: SignIn) -> None:
    user = english(RoleName.PARTS_CLERK)
    for role in user.roles:
        role.permissions = [each for each in role.permissions if each != "manage_parts"]
    session.flush()
    answer = sign_in(user).post("/parts/receipts", data=RECEIPT)
    assert answer.status_code == 404
    assert "There is no part new-77." in answer.text
    assert "A new part: what is it?" not in answer.text


def test_a_receipt_serves_who_waits_and_is_corrected(sign_in: SignIn, at: datetime) -> None:
    # given
    part = make_part("PAD-1", on_hand=0, price_fen=380_00)
    order = make_scheduled((part, 1_000))
    service.release(order, by=order.advisor, at=at)
    clerk = sign_in(english(RoleName.PARTS_CLERK))
    # when
    data = RECEIPT | {"part_no": "PAD-1"}
    clerk.post("/parts/receipts", data=data)
    told = clerk.get("/parts/receipts").text
    # then
    assert f"Order {order.no} was waiting" in told
    page = clerk.get("/parts/receipts/all?q=DN-1").text
    for words in ("PAD-1", "DN-1", "博世", "¥100.00"):
        assert words in page
    (receipt_id,) = [row.id for row in _receipts()]
    # when
    wrong = clerk.post(
        f"/parts/receipts/{receipt_id}/correct", data={"quantity": "0.5", "reason": "点错"}
    )
    clerk.post(f"/parts/receipts/{receipt_id}/correct", data={"quantity": "1", "reason": "点错"})
    # then
    assert "Only 2 件 are free" in wrong.text
    page = clerk.get("/parts/receipts/all").text
    assert "counts 1" in page
    assert "Correction" in page
    assert stock.ledger_milli(1, part.id) == 1_000


def _receipts() -> list[GoodsReceipt]:
    return list(session.query(GoodsReceipt))


def test_a_receipt_above_the_price_is_told_and_kept_when_meant(clerk: FlaskClient) -> None:
    part = make_part("PAD-1", on_hand=0, price_fen=90_00)
    data = RECEIPT | {"part_no": "PAD-1"}
    refused = clerk.post("/parts/receipts", data=data)
    assert refused.status_code == 409
    assert "The price is below what the part costs us." in refused.text
    clerk.post("/parts/receipts", data=data | {"is_meant": "y"})
    assert stock.ledger_milli(1, part.id) == 3_000


def test_an_empty_register_says_how_to_begin(clerk: FlaskClient) -> None:
    assert "a number that nobody knows becomes a part" in clerk.get("/parts/register").text
    assert "No supplier was found" in clerk.get("/parts/suppliers").text
    assert "No receipt was found" in clerk.get("/parts/receipts/all").text


def test_a_long_register_has_pages(clerk: FlaskClient) -> None:
    for number in range(51):
        make_part(f"R-{number:03}", on_hand=0)
    assert "R-050" not in clerk.get("/parts/register").text
    assert "R-050" in clerk.get("/parts/register?page=2").text
    assert "R-050" in clerk.get("/parts/register?page=99").text


def test_an_advisor_neither_opens_the_register_nor_sets_a_price(sign_in: SignIn) -> None:
    part, supplier = make_part(), make_supplier()
    make_order(Stage.RECEPTION)
    browser = sign_in(make_user(RoleName.SERVICE_ADVISOR))
    assert browser.get("/parts/register").status_code == 403
    assert browser.post(f"/parts/register/{part.id}/price").status_code == 403
    assert browser.post(f"/parts/suppliers/{supplier.id}/use").status_code == 403


def test_a_part_with_a_tax_rate_of_its_own_is_taxed_by_it(sign_in: SignIn) -> None:
    own, usual = make_part("BOOK-1", tax_basis_points=900), make_part("PAD-1")
    draft = make_draft(make_brakes(part=own), make_brakes(part=usual))
    rates = {line.part_id: line.tax_basis_points for line in queries.list_lines(draft)}
    assert (rates[own.id], rates[usual.id]) == (900, 1_300)
