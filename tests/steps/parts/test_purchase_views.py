"""What people see of the booked days, of what is to buy, and of an order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests import walks
from tests.factories import AT, make_branch, make_part, make_user
from tests.steps.booking.factories import make_appointment, make_shop
from tests.steps.parts.factories import make_scheduled
from tests.steps.quotation.factories import make_brakes
from tests.stock.factories import TODAY, make_purchase, make_supplier
from workshop import clock
from workshop.db import session
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import service
from workshop.steps.parts.ahead import page as ahead
from workshop.stock import queries as stock
from workshop.stock import service as shelf
from workshop.stock.models import Part
from workshop.stock.purchase import queries as bought
from workshop.stock.purchase import service as purchasing
from workshop.stock.purchase.models import Purchase
from workshop.stock.suppliers import service as supplying

SignIn = Callable[[User], FlaskClient]


def english(role: RoleName) -> User:
    user = make_user(role)
    user.locale = "en"
    return user


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in(english(RoleName.PARTS_CLERK))


def book(part: Part, milli: int, days: int = 1) -> None:
    """A car that is booked for work that usually needs the part."""
    _, (advisor,) = make_shop()
    make_appointment(advisor, "14:00", days, operations=[make_brakes(part=part, milli=milli)])


def test_the_booked_days_share_what_the_shelf_has(clerk: FlaskClient) -> None:
    # given
    part = make_part("PAD-1", on_hand=3)
    book(part, 2_000, days=1)
    book(part, 2_000, days=2)
    # when
    days = ahead.load(make_branch(), AT).days
    # then
    (tomorrow,), (after,) = (day.needs for day in days)
    assert (tomorrow.wanted_milli, tomorrow.free_milli, tomorrow.gap_milli) == (2_000, 3_000, 0)
    assert (after.wanted_milli, after.free_milli, after.gap_milli) == (2_000, 1_000, 1_000)
    page = clerk.get("/parts/ahead").text
    for words in ("2026-11-24", "2026-11-25", "PAD-1", "Tomorrow"):
        assert words in page
    assert clerk.get("/parts/ahead.pdf").data.startswith(b"%PDF")


def test_a_signature_beats_a_booking_and_the_gap_is_seen(clerk: FlaskClient, at: datetime) -> None:
    part = make_part("PAD-1", on_hand=2)
    book(part, 2_000)
    order = make_scheduled((part, 2_000))
    # when
    shelf.reserve(part, order, 2_000, by=order.advisor, at=at)
    # then
    (need,) = ahead.load(make_branch(), AT).gaps
    assert need.gap_milli == 2_000
    assert "It is past 16:00" not in clerk.get("/parts/ahead").text
    clock.freeze(AT + timedelta(hours=6))
    assert "It is past 16:00" in clerk.get("/parts/ahead").text


def test_the_list_says_why_and_becomes_an_order(clerk: FlaskClient, at: datetime) -> None:
    # given
    oil = make_part("OIL-1", on_hand=1, unit="升", pack_milli=4_000, price_fen=98_00)
    book(oil, 4_500)
    supplier = make_supplier("壳牌")
    boss = make_user(RoleName.PARTS_CLERK)
    supplying.tie(oil, supplier, "SH-5", 40_00, None, by=boss, at=at)
    # when
    page = clerk.get("/parts/purchases").text
    # then
    # 4.5 L are wanted, 1 is there: 3.5 are one drum of 4.
    for words in ("壳牌", "SH-5", "booked cars need 4.5", 'value="4"', 'value="40.00"'):
        assert words in page
    # when
    data = {"supplier_id": supplier.id, "expected_on": "2026-11-24", "take": oil.id}
    more = {f"quantity-{oil.id}": "4", f"cost-{oil.id}": "40"}
    answer = clerk.post("/parts/purchases", data=data | more)
    # then
    purchase = session.query(Purchase).one()
    assert answer.headers["Location"].endswith(f"/parts/purchases/{purchase.no}")
    assert "Nothing has to be ordered" in clerk.get("/parts/purchases").text
    assert purchase.no in clerk.get("/parts/purchases?view=open").text
    assert "It is on order" in clerk.get("/parts/receipts?part=OIL-1").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"quantity": ""}, "Enter a quantity for PAD-1."),
        ({"quantity": "x"}, "Enter a quantity such as 2 or 4.5."),
        ({"take": ""}, "Say how much to order of one part at least."),
        ({"expected_on": "2026-11-22"}, "cannot be expected in the past"),
    ],
)
def test_a_wrong_order_is_told(clerk: FlaskClient, change: dict[str, str], words: str) -> None:
    part, supplier = make_part("PAD-1"), make_supplier()
    typed = {"quantity": "1", "take": str(part.id), "expected_on": "2026-11-24"} | change
    data = {
        "supplier_id": supplier.id,
        "expected_on": typed["expected_on"],
        "take": typed["take"],
        f"quantity-{part.id}": typed["quantity"],
        "part": "PAD-1",
    }
    answer = clerk.post("/parts/purchases", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "PAD-1" in answer.text


def test_a_delivery_serves_who_waits_and_the_invoice_is_checked(
    sign_in: SignIn, at: datetime
) -> None:
    # given
    part = make_part("PAD-1", on_hand=0, price_fen=380_00)
    order = make_scheduled((part, 1_000))
    pick_list = service.release(order, by=order.advisor, at=at)
    assert pick_list is not None
    purchase = make_purchase((part, 3_000), cost_fen=200_00)
    (line,) = bought.list_lines(purchase)
    browser = sign_in(english(RoleName.PARTS_CLERK))
    address = f"/parts/purchases/{purchase.no}"
    assert "orders wait for 1" in browser.get(address).text
    # when
    data = {"delivery-document": "DN-1", f"came-{line.id}": "2", f"cost-{line.id}": "205"}
    browser.post(f"{address}/deliveries", data=data)
    # then
    page = browser.get(address).text
    for words in (f"Order {order.no} was waiting", "DN-1", "¥205.00", "Delivered in part"):
        assert words in page
    assert stock.ledger_milli(order.branch_id, part.id) == 2_000
    # when
    invoice = {"invoice-invoice_no": "INV-1", f"billed-{line.id}": "3", f"cost-{line.id}": "200"}
    browser.post(f"{address}/invoices", data=invoice)
    # then
    page = browser.get(address).text
    assert "PAD-1: 1 件 are still to come." in page
    assert "PAD-1: 3 件 are billed, 2 came." in page
    assert browser.post(f"{address}/close").status_code == 409
    # when
    rest = {"delivery-document": "DN-2", f"came-{line.id}": "1", f"cost-{line.id}": "200"}
    browser.post(f"{address}/deliveries", data=rest)
    browser.post(f"{address}/close")
    # then
    assert "Closed" in browser.get(address).text
    assert purchase.no in browser.get("/parts/purchases?view=over&q=福特").text


def test_the_order_on_paper_says_what_the_supplier_must_know(sign_in: SignIn, at: datetime) -> None:
    # given
    part, other = make_part("PAD-1"), make_part("OIL-1", unit="升")
    supplier, boss = make_supplier("上海福特配件"), make_user(RoleName.PARTS_CLERK)
    supplying.tie(part, supplier, "FT-77", 200_00, None, by=boss, at=at)
    purchase = make_purchase((part, 3_000), (other, 4_500), cost_fen=200_00, supplier=supplier)
    (oil,) = (line for line in bought.list_lines(purchase) if line.part is other)
    buyer = session.get_one(User, purchase.made_by_id)
    # when
    clerk = sign_in(english(RoleName.PARTS_CLERK))
    paper = walks.words(walks.read(clerk.get(f"/parts/purchases/{purchase.no}.pdf")))
    # then
    # 3 and, in whole litres, 5 at ¥200.00.
    for words in (purchase.no, "上海福特配件", "2026-11-23", "2026-11-24", "PAD-1", "FT-77"):
        assert words in paper
    for words in ("¥200.00", "¥600.00", "¥1,000.00", "¥1,600.00", buyer.display_name):
        assert words in paper
    # when
    purchasing.cancel_line(oil, "停产", by=boss, at=at)
    # then
    paper = walks.words(walks.read(clerk.get(f"/parts/purchases/{purchase.no}.pdf")))
    assert "OIL-1" not in paper
    assert "¥1,600.00" not in paper
    # when
    purchasing.cancel(purchase, "停产", by=boss, at=at)
    # then
    assert "Cancelled" in walks.read(clerk.get(f"/parts/purchases/{purchase.no}.pdf"))


def test_an_order_that_does_not_come_is_cancelled(clerk: FlaskClient) -> None:
    purchase = make_purchase((make_part("PAD-1"), 3_000))
    (line,) = bought.list_lines(purchase)
    address = f"/parts/purchases/{purchase.no}"
    assert "Say why it is cancelled." in clerk.post(f"{address}/cancel").text
    clerk.post(f"{address}/lines/{line.id}/cancel", data={"end-reason": "停产"})
    assert "cancelled 3" in clerk.get(address).text
    clerk.post(f"{address}/cancel", data={"end-reason": "停产"})
    page = clerk.get(address).text
    assert "Cancelled" in page
    assert "停产" in page


def test_empty_pages_say_what_they_would_hold(clerk: FlaskClient) -> None:
    assert "No booked car needs parts" in clerk.get("/parts/ahead").text
    assert "Nothing has to be ordered" in clerk.get("/parts/purchases").text
    assert "No order was found" in clerk.get("/parts/purchases?view=open").text
    assert "There is no part NOPE." in clerk.get("/parts/purchases?part=NOPE").text
    assert TODAY.isoformat() not in clerk.get("/parts/ahead").text
