"""The pages of customer care, as the attendant and the advisor use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.factories import make_branch, make_order, make_user
from tests.steps.lounge.factories import make_loaner, make_sheet, sheet_fields
from workshop import clock
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.lounge import departure as departures
from workshop.steps.lounge import queries, rounds
from workshop.steps.lounge.enums import CareKind, Transport

SignIn = Callable[[User], FlaskClient]


def attendant() -> User:
    user = make_user(RoleName.LOUNGE_ATTENDANT)
    user.locale = "en"
    return user


def make_guest(at: datetime) -> RepairOrder:
    return make_order(
        Stage.REPAIR, stays=True, authorised_at=at, promised_at=at + timedelta(hours=3)
    )


def test_the_list_begins_with_who_must_be_told_and_shows_the_open_acts(
    sign_in: SignIn, at: datetime
) -> None:
    order = make_guest(at)
    page = sign_in(attendant()).get("/lounge").text
    assert page.index("To be told now") < page.index("waiting-title")
    assert order.customer.name in page
    assert page.count('name="kind"') == 5
    assert "¥" not in page


def test_an_empty_lounge_says_so(sign_in: SignIn) -> None:
    page = sign_in(attendant()).get("/lounge").text
    assert "Nobody waits here now" in page
    assert "To be told now" not in page


def test_one_press_records_one_act(sign_in: SignIn, at: datetime) -> None:
    order = make_guest(at)
    answer = sign_in(attendant()).post(
        f"/orders/{order.no}/lounge/act", data={"kind": "seat", "back": "index"}
    )
    assert answer.status_code == 302
    assert answer.location == "/lounge"
    assert [act.kind for act in queries.list_acts(order)] == [CareKind.SEAT]


def test_an_act_for_a_customer_who_left_is_refused_in_words(sign_in: SignIn, at: datetime) -> None:
    order = make_order(Stage.REPAIR, stays=False)
    answer = sign_in(attendant()).post(f"/orders/{order.no}/lounge/act", data={"kind": "seat"})
    assert answer.status_code == 409
    assert "This customer does not wait here." in answer.text


def test_an_unknown_act_is_a_wrong_value(sign_in: SignIn, at: datetime) -> None:
    order = make_guest(at)
    answer = sign_in(attendant()).post(f"/orders/{order.no}/lounge/act", data={"kind": "all"})
    assert answer.status_code == 422


def test_a_report_is_recorded_from_the_list(sign_in: SignIn, at: datetime) -> None:
    order = make_guest(at)
    client = sign_in(attendant())
    answer = client.post(
        f"/orders/{order.no}/lounge/report",
        data={"occasion": "start", "said": "已经开始", "channel": "in_person", "back": "index"},
    )
    assert answer.status_code == 302
    assert "已经开始" in client.get(f"/orders/{order.no}/lounge").text
    assert "To be told now" not in client.get("/lounge").text


def test_a_report_without_words_comes_back_with_the_reason(sign_in: SignIn, at: datetime) -> None:
    order = make_guest(at)
    answer = sign_in(attendant()).post(
        f"/orders/{order.no}/lounge/report",
        data={"occasion": "delay", "said": "", "channel": "sms"},
    )
    assert answer.status_code == 422
    assert "Write down what the customer was told." in answer.text
    assert 'value="sms" checked' in answer.text


def test_a_complaint_without_words_keeps_what_was_typed(sign_in: SignIn, at: datetime) -> None:
    order = make_guest(at)
    answer = sign_in(attendant()).post(
        f"/orders/{order.no}/lounge/record",
        data={"version": "0", "seat": "靠窗 A3", "complained": "y"},
    )
    assert answer.status_code == 422
    assert "Write down what the customer complained about." in answer.text
    assert "靠窗 A3" in answer.text


def test_leaving_is_a_sheet_with_a_code_and_a_paper(sign_in: SignIn, at: datetime) -> None:
    order = make_order(Stage.REPAIR, promised_at=at + timedelta(hours=3))
    client = sign_in(attendant())
    client.post(f"/orders/{order.no}/lounge/stay", data={"stays": "0"})
    assert "Departure information sheet" in client.get(f"/orders/{order.no}/lounge").text
    answer = client.post(f"/orders/{order.no}/lounge/departure", data=sheet_fields())
    assert answer.status_code == 302
    departure = queries.find_departure(order)
    assert departure is not None
    assert departure.reachable_phone == "13800138000"
    assert departure.report_at == at + timedelta(hours=2)
    page = client.get(f"/orders/{order.no}/lounge").text
    assert f"{departure.pick_up_code[:3]} {departure.pick_up_code[3:]}" in page
    paper = client.get(f"/orders/{order.no}/lounge/departure.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")


def test_who_left_is_told_as_was_agreed_on_the_sheet(sign_in: SignIn, at: datetime) -> None:
    # given a customer whose own channel is the phone, and a sheet that says WeChat
    user, order = attendant(), make_order(Stage.REPAIR, stays=False)
    departures.save_sheet(order, make_sheet(), seen_version=0, by=user, at=at)
    client = sign_in(user)
    # then both pages begin with WeChat
    chosen = 'name="channel" value="wechat" checked'
    assert chosen in client.get(f"/orders/{order.no}/lounge").text
    clock.freeze(at + timedelta(hours=3))
    assert chosen in " ".join(client.get("/lounge").text.split())


def test_a_wrong_phone_keeps_the_whole_sheet(sign_in: SignIn, at: datetime) -> None:
    order = make_order(Stage.REPAIR, stays=False)
    answer = sign_in(attendant()).post(
        f"/orders/{order.no}/lounge/departure",
        data=sheet_fields(reachable_phone="12", destination="虹桥站"),
    )
    assert answer.status_code == 422
    assert "虹桥站" in answer.text
    assert 'id="reachable_phone-error"' in answer.text
    assert queries.find_departure(order) is None


def test_a_loaner_car_without_a_licence_stays_in_the_yard(sign_in: SignIn, at: datetime) -> None:
    order = make_order(Stage.REPAIR, stays=False)
    fields = sheet_fields(
        transport="loaner",
        contract_no="LC-9",
        loaner_plate="沪A66K88",
        km_out="100",
        energy_out="80",
        due_back="2026-11-23T18:00",
    )
    client = sign_in(attendant())
    answer = client.post(f"/orders/{order.no}/lounge/departure", data=fields)
    assert answer.status_code == 409
    assert "Look at the driving licence before you hand over a loaner car." in answer.text
    assert "LC-9" in answer.text
    fields["licence_checked"] = "y"
    assert client.post(f"/orders/{order.no}/lounge/departure", data=fields).status_code == 302


def test_a_stale_sheet_is_a_conflict(sign_in: SignIn, at: datetime) -> None:
    order, user = make_order(Stage.REPAIR, stays=False), attendant()
    departures.save_sheet(order, make_sheet(), seen_version=0, by=user, at=at)
    answer = sign_in(user).post(f"/orders/{order.no}/lounge/departure", data=sheet_fields())
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile." in answer.text


def test_a_loaner_car_comes_back_with_its_readings(sign_in: SignIn, at: datetime) -> None:
    order, user = make_order(Stage.REPAIR, stays=False), attendant()
    sheet = make_sheet(transport=Transport.LOANER, loaner=make_loaner())
    departures.save_sheet(order, sheet, seen_version=0, by=user, at=at)
    client = sign_in(user)
    assert "Loaner cars out" in client.get("/lounge").text
    low = client.post(f"/orders/{order.no}/lounge/loaner", data={"km_in": "5", "energy_in": "50"})
    assert low.status_code == 409
    assert "below the one it left with" in low.text
    done = client.post(
        f"/orders/{order.no}/lounge/loaner", data={"km_in": "35300", "energy_in": "50"}
    )
    assert done.status_code == 302
    assert "Loaner cars out" not in client.get("/lounge").text


def test_the_round_is_walked_item_by_item(sign_in: SignIn, at: datetime) -> None:
    branch, client = make_branch(), sign_in(attendant())
    assert client.post("/lounge/round", data={"item": "air", "ok": "1"}).status_code == 302
    refused = client.post("/lounge/round", data={"item": "cups", "ok": "0", "action": ""})
    assert refused.status_code == 422
    assert "Say what is done about it." in refused.text
    client.post("/lounge/round", data={"item": "cups", "ok": "0", "action": "去库房拿"})
    assert "2 of 19 looked at" in client.get("/lounge/round").text
    [fault] = rounds.list_open_faults(branch)
    assert fault.item == "cups"
    client.post(f"/lounge/faults/{fault.id}/close", data={"back": "index"})
    assert rounds.list_open_faults(branch) == []
    assert client.post("/lounge/faults/9999/close").status_code == 404


@pytest.mark.parametrize("role", [RoleName.PARTS_CLERK, RoleName.TECHNICIAN, RoleName.CASHIER])
def test_who_does_not_care_for_customers_has_no_way_in(
    sign_in: SignIn, at: datetime, role: RoleName
) -> None:
    order, client = make_guest(at), sign_in(make_user(role))
    assert client.get("/lounge").status_code == 403
    assert client.get(f"/orders/{order.no}/lounge").status_code == 403
    assert client.post(f"/orders/{order.no}/lounge/act", data={"kind": "seat"}).status_code == 403


def test_an_order_of_another_branch_is_not_found(sign_in: SignIn, at: datetime) -> None:
    order = make_order(Stage.REPAIR, branch=make_branch("west"))
    session.flush()
    stranger = make_user(RoleName.LOUNGE_ATTENDANT, branch=make_branch())
    assert sign_in(stranger).get(f"/orders/{order.no}/lounge").status_code == 404


def test_the_page_reads_in_chinese_too(sign_in: SignIn, at: datetime) -> None:
    order = make_guest(at)
    page = sign_in(make_user(RoleName.SERVICE_ADVISOR)).get(f"/orders/{order.no}/lounge")
    assert page.status_code == 200
    assert 'lang="zh-CN"' in page.text


def test_staying_or_leaving_is_one_of_two_buttons(sign_in: SignIn, at: datetime) -> None:
    order = make_guest(at)
    answer = sign_in(attendant()).post(f"/orders/{order.no}/lounge/stay", data={"stays": "x"})
    assert answer.status_code == 422
    assert "Say whether the customer waits here or leaves." in answer.text
    assert order.stays is True
