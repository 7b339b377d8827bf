from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import make_branch, make_order, make_part, make_technician, make_user
from tests.steps.parts.factories import make_scheduled, sign
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import gates as parts_gates
from workshop.steps.parts import picking, queries, returns, service
from workshop.steps.parts.jobs import tidy
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import PickState
from workshop.steps.quotation.models import QuotationKind
from workshop.stock import queries as stock
from workshop.stock import service as shelf

SignIn = Callable[[User], FlaskClient]


def english(role: RoleName, name: str | None = None) -> User:
    user = make_user(role, name=name)
    user.locale = "en"
    return user


def follow(browser: FlaskClient, address: str, data: dict[str, str] | None = None) -> TestResponse:
    """Send the form, and open the page that it leads to."""
    answer = browser.post(address, data=data)
    assert answer.status_code == 302, answer.text
    return browser.get(answer.headers["Location"].split("#")[0])


def released(
    at: datetime, *, on_hand: int = 5, milli: int = 2000
) -> tuple[RepairOrder, PickList, PickLine]:
    order = make_scheduled((make_part("PAD-1", on_hand=on_hand), milli))
    pick_list = service.release(order, by=order.advisor, at=at)
    assert pick_list is not None
    (line,) = queries.list_lines(pick_list)
    return order, pick_list, line


def test_the_advisor_releases_and_the_counter_sees_the_list(sign_in: SignIn) -> None:
    # given
    advisor, clerk = english(RoleName.SERVICE_ADVISOR), english(RoleName.PARTS_CLERK)
    order = make_scheduled((make_part("PAD-1"), 2000))
    # when
    answer = follow(sign_in(advisor), f"/orders/{order.no}/parts/release")
    # then
    assert answer.status_code == 200
    assert "Pick list PL20261123-0001 is at the parts counter" in answer.text
    page = sign_in(clerk).get("/parts").text
    assert "PL20261123-0001" in page
    assert "45 min left" in page
    assert "0 of 1 picked" in page


def test_an_unscheduled_order_is_refused_in_the_words_of_the_page(sign_in: SignIn) -> None:
    browser = sign_in(english(RoleName.SERVICE_ADVISOR))
    order = make_scheduled((make_part(), 1000), stage=Stage.AUTHORISED)
    words = "Not every job has a technician, a bay and a time yet."
    assert words in browser.get(f"/orders/{order.no}/parts").text
    # when
    answer = browser.post(f"/orders/{order.no}/parts/release")
    # then
    assert answer.status_code == 409
    assert words in answer.text


def test_an_unsigned_order_is_refused(sign_in: SignIn) -> None:
    order = make_order(Stage.SCHEDULED)
    answer = sign_in(english(RoleName.SERVICE_ADVISOR)).post(f"/orders/{order.no}/parts/release")
    assert answer.status_code == 409
    assert "The service authorisation is not signed." in answer.text


def test_a_basket_is_picked_tap_by_tap_and_issued(sign_in: SignIn, at: datetime) -> None:
    # given
    order, pick_list, line = released(at)
    technician = make_technician()
    browser = sign_in(english(RoleName.PARTS_CLERK))
    address = f"/parts/{pick_list.no}"
    # when the basket is still empty
    answer = browser.post(f"{address}/issue", data={"technician_id": technician.id})
    assert answer.status_code == 409
    assert "The basket is empty: pick the parts first." in answer.text
    # when
    browser.post(f"/parts/lines/{line.id}/pick")
    assert "Picked into the basket" in browser.get(address).text
    assert "No basket is waiting" not in browser.get("/parts?view=issue").text
    answer = follow(browser, f"{address}/issue", {"technician_id": str(technician.id)})
    # then
    assert f"Issued to {technician.name}." in answer.text
    assert parts_gates.missing_to_start(order) == []
    assert "Keep" in browser.get(f"/orders/{order.no}/parts").text


def test_a_quantity_that_cannot_be_comes_back_with_what_was_typed(
    sign_in: SignIn, at: datetime
) -> None:
    _, pick_list, line = released(at)
    browser = sign_in(english(RoleName.PARTS_CLERK))
    # when
    wrong = browser.post(f"/parts/lines/{line.id}/pick", data={"quantity": "two"})
    much = browser.post(f"/parts/lines/{line.id}/pick", data={"quantity": "９"})
    # then
    assert wrong.status_code == 422
    assert 'value="two"' in wrong.text
    assert "Enter a quantity such as 2 or 4.5." in wrong.text
    assert much.status_code == 409
    assert "Only 2 件 of PAD-1 are reserved and not picked yet." in much.text
    assert pick_list.state is PickState.OPEN


def test_a_line_that_is_picked_is_not_picked_again(sign_in: SignIn, at: datetime) -> None:
    _, _, line = released(at)
    browser = sign_in(english(RoleName.PARTS_CLERK))
    browser.post(f"/parts/lines/{line.id}/pick")
    answer = browser.post(f"/parts/lines/{line.id}/pick")
    assert answer.status_code == 409
    assert "Part PAD-1 is picked already." in answer.text


def test_a_short_part_is_not_picked(sign_in: SignIn, at: datetime) -> None:
    _, _, line = released(at, on_hand=0)
    answer = sign_in(english(RoleName.PARTS_CLERK)).post(f"/parts/lines/{line.id}/pick")
    assert answer.status_code == 409
    assert "Part PAD-1 is short; it has to arrive first." in answer.text


def test_a_shortage_shows_when_it_comes_and_whether_the_customer_knows(
    sign_in: SignIn, at: datetime
) -> None:
    # given
    order, _, _ = released(at, on_hand=1)
    (backorder,) = stock.list_waiting(order.branch_id)
    clerk, advisor = english(RoleName.PARTS_CLERK), english(RoleName.SERVICE_ADVISOR)
    address = f"/orders/{order.no}/parts"
    assert "Customer not told" in sign_in(clerk).get("/parts?view=short").text
    assert "Part PAD-1 is missing; it is expected at" in sign_in(advisor).get(address).text
    # when
    told = follow(sign_in(advisor), f"/parts/shortages/{backorder.id}/told")
    # then
    assert "Customer told" in told.text
    assert sign_in(clerk).post(f"/parts/shortages/{backorder.id}/told").status_code == 403
    # when the supplier moves the date
    data = {"day": "2026-11-26", "time": "09:30", "purchase_no": "PO-7"}
    moved = follow(sign_in(clerk), f"/parts/shortages/{backorder.id}/expected", data)
    # then
    assert "11-26 09:30" in moved.text
    assert "PO-7" in moved.text
    assert "Customer not told" in moved.text
    # when the date lies in the past
    past = {"day": "2026-11-20", "time": "09:30"}
    refused = sign_in(clerk).post(f"/parts/shortages/{backorder.id}/expected", data=past)
    # then
    assert refused.status_code == 422
    assert 'value="2026-11-20"' in refused.text
    assert "The parts cannot be expected in the past." in refused.text


RECEIPT = {
    "part_no": "pad-1",
    "quantity": "２",
    "supplier": "博世",
    "document": "DN-88",
    "bin_code": "B-01",
}


def test_goods_are_taken_in_with_their_origin_for_who_waits(sign_in: SignIn, at: datetime) -> None:
    # given
    order, pick_list, line = released(at, on_hand=0)
    browser = sign_in(english(RoleName.PARTS_CLERK))
    assert 'value="2"' in browser.get("/parts/receipts?part=PAD-1").text
    # when
    answer = follow(browser, "/parts/receipts", RECEIPT)
    # then
    assert f"Order {order.no} was waiting: put it into basket {pick_list.basket_no}." in answer.text
    assert (line.reserved_milli, line.short_milli) == (2000, 0)
    ledger = browser.get(f"/parts/stock/{line.part_id}").text
    assert "博世 · DN-88" in ledger
    assert "B-01" in ledger


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"quantity": "0"}, 422, "more than zero"),
        ({"quantity": "x"}, 422, "Enter a quantity such as 2 or 4.5."),
        ({"supplier": ""}, 422, "Say who delivered."),
        ({"document": ""}, 422, "Enter the number of the delivery note."),
        ({"part_no": "NOPE"}, 422, "The number is new here."),
    ],
)
def test_a_wrong_receipt_comes_back_with_what_was_typed(
    sign_in: SignIn, change: dict[str, str], status: int, words: str
) -> None:
    make_part("PAD-1", on_hand=0)
    browser = sign_in(english(RoleName.PARTS_CLERK))
    # when
    answer = browser.post("/parts/receipts", data=RECEIPT | change)
    # then
    assert answer.status_code == status
    assert words in answer.text
    assert 'value="B-01"' in answer.text


def test_unused_parts_are_listed_until_they_are_back(sign_in: SignIn, at: datetime) -> None:
    # given
    _, pick_list, line = released(at)
    clerk, advisor = english(RoleName.PARTS_CLERK), english(RoleName.SERVICE_ADVISOR)
    picking.pick(line, by=clerk, at=at)
    picking.issue(pick_list, make_technician(), by=clerk, at=at)
    # when
    sign_in(advisor).post(f"/parts/lines/{line.id}/unused", data={"quantity": "1"})
    # then
    assert "Issued, not used" in sign_in(clerk).get("/parts?view=back").text
    # when
    browser = sign_in(clerk)
    much = browser.post(f"/parts/lines/{line.id}/return", data={"quantity": "3"})
    assert much.status_code == 409
    assert "Only 2 件 of PAD-1 are out for this order." in much.text
    browser.post(f"/parts/lines/{line.id}/return", data={"quantity": "1"})
    # then
    assert "Nothing has to come back" in browser.get("/parts?view=back").text
    assert queries.issued_milli(line.quotation_line_id) == 1000


def test_a_count_below_the_reservations_is_refused_and_kept(sign_in: SignIn, at: datetime) -> None:
    _, _, line = released(at)
    browser = sign_in(english(RoleName.PARTS_CLERK))
    address = f"/parts/stock/{line.part_id}"
    # when
    answer = browser.post(f"{address}/count", data={"counted": "1", "reason": "盘点"})
    # then
    assert answer.status_code == 409
    assert "2 件 are reserved for orders. Release them first." in answer.text
    assert 'value="1"' in answer.text
    # when
    done = follow(browser, f"{address}/count", {"counted": "3", "reason": "破损"})
    assert "−2" in done.text


def test_a_basket_in_use_is_refused(sign_in: SignIn, at: datetime) -> None:
    _, first, _ = released(at)
    other = make_scheduled((make_part(), 1000))
    second = service.release(other, by=other.advisor, at=at)
    assert second is not None
    browser = sign_in(english(RoleName.PARTS_CLERK))
    # when
    answer = browser.post(f"/parts/{second.no}/basket", data={"basket_no": first.basket_no})
    # then
    assert answer.status_code == 409
    assert f"Basket {first.basket_no} is in use for another order." in answer.text
    browser.post(f"/parts/{second.no}/basket", data={"basket_no": "12"})
    assert second.basket_no == 12


def test_the_basket_of_a_cancelled_order_is_put_back(sign_in: SignIn, at: datetime) -> None:
    # given
    order, pick_list, line = released(at)
    clerk = english(RoleName.PARTS_CLERK)
    picking.pick(line, by=clerk, at=at)
    shelf.release_all(order.id, by=order.advisor, at=at)
    order.move_to(Stage.CANCELLED, order.advisor, at)
    browser = sign_in(clerk)
    assert "Order cancelled" in browser.get("/parts?view=back").text
    issue = browser.post(
        f"/parts/{pick_list.no}/issue", data={"technician_id": make_technician().id}
    )
    assert issue.status_code == 409
    # when
    browser.post(f"/parts/{pick_list.no}/clear")
    # then
    assert pick_list.state is PickState.CANCELLED
    assert "Nothing has to come back" in browser.get("/parts?view=back").text


def test_the_sheet_is_a_pdf_for_the_order_and_only_for_it(sign_in: SignIn, at: datetime) -> None:
    order, pick_list, _ = released(at)
    browser = sign_in(english(RoleName.PARTS_CLERK))
    answer = browser.get(f"/orders/{order.no}/parts/{pick_list.no}.pdf")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert browser.get(f"/orders/{order.no}/parts/PL1.pdf").status_code == 404
    other = make_scheduled()
    assert browser.get(f"/orders/{other.no}/parts/{pick_list.no}.pdf").status_code == 404


def test_what_is_not_there_is_not_found(sign_in: SignIn) -> None:
    browser = sign_in(english(RoleName.PARTS_CLERK))
    addresses = ("/parts/PL1", "/parts/stock/9999", "/orders/RO1/parts")
    assert {browser.get(address).status_code for address in addresses} == {404}
    assert browser.post("/parts/lines/9999/pick").status_code == 404


def test_another_branch_sees_nothing_of_it(sign_in: SignIn, at: datetime) -> None:
    order, pick_list, line = released(at)
    stranger = make_user(RoleName.PARTS_CLERK, branch=make_branch("west"))
    browser = sign_in(stranger)
    assert browser.get(f"/parts/{pick_list.no}").status_code == 404
    assert browser.get(f"/orders/{order.no}/parts").status_code == 404
    assert browser.post(f"/parts/lines/{line.id}/pick").status_code == 404


@pytest.mark.parametrize("role", [RoleName.TECHNICIAN, RoleName.SERVICE_ADVISOR, RoleName.CASHIER])
def test_only_the_parts_counter_picks(sign_in: SignIn, at: datetime, role: RoleName) -> None:
    _, pick_list, line = released(at)
    browser = sign_in(make_user(role))
    assert browser.get("/parts").status_code == 403
    assert browser.post(f"/parts/lines/{line.id}/pick").status_code == 403
    assert browser.post(f"/parts/{pick_list.no}/issue").status_code == 403


def test_the_shelf_is_searched_by_any_word(sign_in: SignIn) -> None:
    make_part("PAD-1", name_en="Front brake pads")
    make_part("OIL-5", name_en="Engine oil")
    page = sign_in(english(RoleName.PARTS_CLERK)).get("/parts/stock?q=brake+pad").text
    assert "PAD-1" in page
    assert "OIL-5" not in page


def test_empty_pages_say_what_they_would_hold(sign_in: SignIn) -> None:
    browser = sign_in(english(RoleName.PARTS_CLERK))
    for view, words in [
        ("pick", "Nothing to pick"),
        ("issue", "No basket is waiting"),
        ("short", "Nothing is short"),
        ("back", "Nothing has to come back"),
        ("release", "Everything is released"),
    ]:
        assert words in browser.get(f"/parts?view={view}").text
    assert "No part was found" in browser.get("/parts/stock").text


def test_the_timer_serves_who_waits_and_frees_baskets(database: object, at: datetime) -> None:
    # given
    part = make_part(on_hand=1)
    first, second = make_scheduled((part, 1000)), make_scheduled((part, 1000))
    service.release(first, by=first.advisor, at=at)
    waiting = service.release(second, by=second.advisor, at=at)
    assert waiting is not None
    shelf.release_all(first.id, by=first.advisor, at=at)
    first.move_to(Stage.CANCELLED, first.advisor, at)
    session.flush()
    # when
    tidy()
    # then
    assert queries.list_lines(waiting)[0].reserved_milli == 1000
    assert queries.list_baskets_in_use(second.branch_id) == [waiting.basket_no]


def test_a_supplementary_list_is_sorted_by_its_own_work(sign_in: SignIn, at: datetime) -> None:
    # given
    order, first, line = released(at)
    clerk = english(RoleName.PARTS_CLERK)
    picking.pick(line, by=clerk, at=at)
    picking.issue(first, make_technician(), by=clerk, at=at)
    later = at + timedelta(hours=3)
    sign(order, (make_part(), 1000), kind=QuotationKind.ADDITION, starts_at=later)
    browser = sign_in(clerk)
    assert "Additional work" in browser.get("/parts?view=release").text
    # when
    browser.post(f"/orders/{order.no}/parts/release", data={"back": "list"})
    # then
    page = browser.get("/parts").text
    assert "Supplementary" in page
    assert "11-23 12:45" in page
    returns.close_for_order(order, at=at)
