"""The advisor's day, the order page, search and pictures."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.databases import Database
from tests.factories import (
    make_branch,
    make_customer,
    make_order,
    make_part,
    make_user,
    make_vehicle,
)
from tests.steps.settlement import factories as settlements
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import AttachmentKind
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.reception import arrivals
from workshop.stock import backorders

SignIn = Callable[[User], FlaskClient]


def advisor(locale: str = "en") -> User:
    user = make_user(RoleName.SERVICE_ADVISOR)
    user.locale = locale
    return user


def test_the_day_shows_own_cars_first_and_all_on_request(
    database: Database, sign_in: SignIn
) -> None:
    # given
    me = advisor()
    mine, other = make_order(advisor=me), make_order()
    browser = sign_in(me)
    # when
    own, everybody = browser.get("/").text, browser.get("/?whose=all").text
    # then
    assert mine.no in own
    assert other.no not in own
    assert other.no in everybody


def test_what_is_urgent_stands_above(database: Database, sign_in: SignIn, at: datetime) -> None:
    me = advisor()
    calm = make_order(Stage.REPAIR, advisor=me, promised_at=at + timedelta(hours=5))
    late = make_order(Stage.REPAIR, advisor=me, promised_at=at + timedelta(minutes=5))
    page = sign_in(me).get("/").text
    assert page.index(late.no) < page.index(calm.no)
    assert "Promise at risk" in page


def test_an_empty_day_says_so_in_both_languages(database: Database, sign_in: SignIn) -> None:
    assert "No car needs anything now" in sign_in(advisor("en")).get("/").text
    assert "目前没有待处理的车辆" in sign_in(advisor("zh_CN")).get("/").text


def test_the_list_can_be_narrowed_to_one_need(database: Database, sign_in: SignIn) -> None:
    me = advisor()
    quoted, received = make_order(Stage.QUOTED, advisor=me), make_order(advisor=me)
    page = sign_in(me).get("/?need=customer_decision").text
    assert quoted.no in page
    assert received.no not in page


def test_somebody_who_sees_no_orders_is_led_to_the_own_first_page(
    database: Database, sign_in: SignIn
) -> None:
    answer = sign_in(make_user(RoleName.WASHER)).get("/")
    assert answer.headers["Location"] == "/washes"


@pytest.mark.parametrize("stage", list(Stage), ids=lambda stage: stage.value)
def test_the_order_page_opens_in_every_stage(
    database: Database, sign_in: SignIn, stage: Stage
) -> None:
    order = make_order(stage)
    answer = sign_in(advisor()).get(f"/orders/{order.no}")
    assert answer.status_code == 200
    assert order.concern in answer.text


def test_the_order_page_names_what_the_next_step_needs(database: Database, sign_in: SignIn) -> None:
    order = make_order()
    page = sign_in(advisor()).get(f"/orders/{order.no}").text
    assert "The mileage is not read." in page


def test_an_unknown_order_is_not_found(database: Database, sign_in: SignIn) -> None:
    answer = sign_in(advisor()).get("/orders/RO0")
    assert answer.status_code == 404
    assert "There is no repair order RO0." in answer.text


def test_an_order_of_another_branch_is_not_found(database: Database, sign_in: SignIn) -> None:
    me = advisor()
    foreign = make_order(branch=make_branch("north"))
    assert sign_in(me).get(f"/orders/{foreign.no}").status_code == 404


@pytest.mark.parametrize(
    "text", ["A12W", "12345", "wxm", "王小明", "王", "RO2026", "ｒｏ２０２６", "沪·a1"]
)
def test_search_finds_by_plate_phone_initials_name_and_number(
    database: Database, sign_in: SignIn, text: str
) -> None:
    # given
    customer = make_customer("王小明", "13800012345", initials="wxm")
    order = make_order(vehicle=make_vehicle(customer=customer, plate="沪A12W35"))
    # when
    page = sign_in(advisor()).get("/search", query_string={"q": text}).text
    # then
    assert f"/orders/{order.no}" in page


def test_search_for_one_letter_or_nothing_finds_nothing(
    database: Database, sign_in: SignIn
) -> None:
    make_order()
    browser = sign_in(advisor())
    assert browser.get("/search?q=A").text.strip() == ""
    assert browser.get("/search?q=zzzzzz").text.strip() == ""


def test_a_picture_is_shown_only_inside_its_branch(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    # given
    order = make_order()
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "PNG")
    kept = orders.add_attachment(order, out.getvalue(), AttachmentKind.PHOTO, at=at, by=None)
    stranger = make_user(RoleName.SERVICE_ADVISOR, branch=make_branch("north"))
    # when
    shown = sign_in(advisor()).get(f"/attachments/{kept.id}")
    hidden = sign_in(stranger).get(f"/attachments/{kept.id}")
    # then
    assert shown.mimetype == "image/jpeg"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert hidden.status_code == 404


def test_a_shortage_whose_customer_does_not_know_stands_on_the_list(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    # given
    me = advisor()
    order = make_order(Stage.SCHEDULED, advisor=me, released_at=at)
    shortage = backorders.note(make_part(on_hand=0), order, 1_000, None, by=me, at=at)
    browser = sign_in(me)
    # when
    page = browser.get("/").text
    # then
    assert "Short of parts, customer not told" in page
    assert f'href="/orders/{order.no}/parts"' in page
    # when
    browser.post(f"/parts/shortages/{shortage.id}/told")
    # then
    assert "Short of parts" not in browser.get("/").text


def test_the_order_page_lists_the_papers_and_each_can_be_printed(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = settlements.make_settlement().order
    browser = sign_in(order.advisor)
    # when
    page = browser.get(f"/orders/{order.no}").text
    urls = re.findall(rf'href="(/orders/{order.no}/[^"]+pdf)"', page)
    # then
    names = ["authorisation", "jobcard", "PL20261123-0001", "inspection", "list"]
    assert [url.rsplit("/", 1)[1].removesuffix(".pdf") for url in urls] == names
    for url in urls:
        assert browser.get(url).data.startswith(b"%PDF"), url
    assert "gate-pass.pdf" not in page


def test_an_unpaid_bill_waits_for_who_sees_to_money(database: Database, sign_in: SignIn) -> None:
    # given: a bill that nobody has paid
    bill = settlements.make_settlement()
    cashier, controller = make_user(RoleName.CASHIER), make_user(RoleName.JOB_CONTROLLER)
    for user in (cashier, controller):
        user.locale = "en"
    # when
    pages = [sign_in(user).get("/inbox").text for user in (cashier, controller)]
    # then
    assert f"/orders/{bill.order.no}/settlement" in pages[0]
    assert f"/orders/{bill.order.no}/settlement" not in pages[1]


def test_the_order_page_says_what_is_missing_who_does_it_and_where(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = make_order(Stage.INSPECTED)
    me = make_user(RoleName.JOB_CONTROLLER)
    me.locale = "en"
    # when
    page = sign_in(me).get(f"/orders/{order.no}").text
    # then
    rail = page[page.index('id="order-rail"') :]
    assert "Next: Quotation" in rail
    assert f"{order.advisor.display_name}" in rail
    assert "may do it" in rail
    assert f'href="/orders/{order.no}/quotation"' in rail


def test_the_order_page_folds_the_ten_steps_and_opens_the_one_for_who_does_it(
    database: Database, sign_in: SignIn
) -> None:
    order = make_order(Stage.INSPECTED)
    does, looks = advisor(), make_user(RoleName.JOB_CONTROLLER)
    own, others = (sign_in(each).get(f"/orders/{order.no}").text for each in (does, looks))
    assert own.count("data-step=") == others.count("data-step=") == 10
    opened = re.compile(r'id="step-quotation" data-step="[^"]+" open')
    assert opened.search(own)
    assert not opened.search(others)


def test_the_order_page_leads_to_the_customer_and_their_phone(
    database: Database, sign_in: SignIn
) -> None:
    order = make_order(Stage.RECEPTION)
    page = sign_in(advisor()).get(f"/orders/{order.no}").text
    assert f'href="tel:{order.customer.phone}"' in page
    assert f'href="/customers/{order.customer_id}"' in page


def test_after_an_act_the_page_leads_to_what_comes_next(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = make_order(Stage.INSPECTED)
    browser = sign_in(advisor())
    with browser.session_transaction() as session:
        session["_flashes"] = [("good", "Saved.")]
    # when
    told = browser.get(f"/orders/{order.no}/reception").text
    quiet = browser.get(f"/orders/{order.no}/reception").text
    # then
    assert "Next: Quotation" in told
    assert "Make the quotation" in told
    assert "Make the quotation" not in quiet


def test_what_comes_next_names_who_does_it_when_it_is_somebody_elses_turn(
    database: Database, sign_in: SignIn
) -> None:
    order, controller = make_order(Stage.INSPECTED), make_user(RoleName.JOB_CONTROLLER)
    controller.locale = "en"
    browser = sign_in(controller)
    with browser.session_transaction() as session:
        session["_flashes"] = [("good", "Saved.")]
    page = browser.get(f"/orders/{order.no}/scheduling").text
    onward = page[page.index('class="onward"') :]
    assert f"{order.advisor.display_name}" in onward[: onward.index("</p>")]


def test_who_has_just_arrived_stands_on_the_home_with_one_button(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    # given
    me = advisor()
    came = arrivals.register_walk_in(make_branch(), "沪A77777", by=me, at=at)
    # when
    page = sign_in(me).get("/").text
    # then
    assert "沪A·77777" in page
    assert f"/reception/new?walk_in={came.id}" in page


def test_the_frame_asks_how_much_waits_and_for_what(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    # given
    me = advisor()
    make_order(Stage.REPAIR, advisor=me, promised_at=at + timedelta(minutes=5))
    make_order()
    # when
    told = sign_in(me).get("/inbox/count").json
    # then
    assert told is not None
    assert told["count"] == 1
    assert [words.rpartition(" · ")[2] for words in told["items"].values()] == ["Promise at risk"]


def test_an_inbox_with_nothing_says_so(database: Database, sign_in: SignIn) -> None:
    washer = make_user(RoleName.WASHER)
    washer.locale = "en"
    assert "Nothing waits for you" in sign_in(washer).get("/inbox").text


def test_the_palette_looks_prices_up_without_an_order(database: Database, sign_in: SignIn) -> None:
    # given
    part = make_part(no="PAD-77", price_fen=32_000)
    customer = make_customer(name="Padma Lin")
    browser = sign_in(advisor())
    # when
    found = browser.get("/search?q=PAD").text
    # then
    assert part.no in found
    assert "¥320.00" in found
    assert f"/customers/{customer.id}" in found


def test_the_palette_shows_nobody_what_they_may_not_see(
    database: Database, sign_in: SignIn
) -> None:
    customer = make_customer(name="Padma Lin")
    found = sign_in(make_user(RoleName.JOB_CONTROLLER)).get("/search?q=Padma").text
    assert f"/customers/{customer.id}" not in found
