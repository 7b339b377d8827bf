from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch, make_order, make_user, make_vehicle
from tests.steps.handover.factories import prepare
from tests.steps.settlement.factories import make_checked, make_settled, make_settlement
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.handover import delivery, queries

AsRole = Callable[[RoleName], FlaskClient]


@pytest.fixture
def as_role(sign_in: Callable[[User], FlaskClient]) -> AsRole:
    def become(role: RoleName) -> FlaskClient:
        person = make_user(role)
        person.locale = "en"
        return sign_in(person)

    return become


def _post(client: FlaskClient, url: str, data: dict[str, str] | None = None) -> str:
    """Send a form that is accepted, and return the page that follows."""
    answer = client.post(url, data=data)
    assert answer.status_code == 302, answer.text
    return client.get(answer.location).text


def test_the_washer_finishes_a_wash_with_one_button(database: Database, as_role: AsRole) -> None:
    # given
    no = make_checked(Stage.WASH, vehicle=make_vehicle(plate="粤B12345")).no
    client = as_role(RoleName.WASHER)
    page = client.get("/washes").text
    assert "粤B·12345" in page
    assert "王小明" not in page
    # when
    page = _post(client, f"/orders/{no}/wash")
    # then
    assert "粤B·12345 is washed." in page
    assert "No car waits for a wash" in page
    assert orders.get_order(no).stage is Stage.READY
    assert client.post(f"/orders/{no}/wash").status_code == 409


def test_the_whole_handover_through_the_pages(database: Database, as_role: AsRole) -> None:
    # given
    order = make_settled()
    client, url = as_role(RoleName.SERVICE_ADVISOR), f"/orders/{order.no}/handover"
    assert order.no in client.get("/handover").text
    # when
    page = _post(client, f"{url}/notice", {"notice-channel": "phone", "reached": "yes"})
    assert "Told" in page
    _post(client, f"{url}/walk", {"walk-new_damage": "no"})
    for item in [each.code for each in queries.list_items(order)]:
        page = _post(client, f"{url}/tick", {"item": item})
    assert "8 / 8" in page
    due = {"next-mileage_km": "５２,010", "next-due_on": "2027-05-23", "next-due_km": "62 010 km"}
    _post(client, f"{url}/next", due)
    _post(client, f"{url}/collector", {"collector-collector": "owner"})
    wish = {
        "followup-followup_day": "2026-11-25",
        "followup-followup_time": "10:00",
        "followup-channel": "wechat",
    }
    said = {"words": order.concern, "outcome": "finding", "note": "已检查"}
    _post(client, f"/orders/{order.no}/repair/concerns/1", said)
    page = _post(client, f"{url}/followup", wish)
    assert "still missing" not in page
    page = _post(client, f"{url}/deliver", {"deliver-signature_typed": "王小明"})
    # then
    assert "GP20261123-0001" in page
    for paper in ("sheet.pdf", "gate-pass.pdf"):
        assert client.get(f"{url}/{paper}").data.startswith(b"%PDF")
    assert "Handed over today" in client.get("/handover").text


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_settlement().order, "The bill is not paid, and no credit is approved."),
        (lambda: make_settled(Stage.WASH), "The car still waits for its wash."),
        (make_settled, "The second walk-round is not done."),
        (lambda: make_order(Stage.REPAIR), "The order is “In repair”."),
    ],
)
def test_the_gate_of_the_delivery_refuses_in_words(
    database: Database, as_role: AsRole, make: Callable[[], RepairOrder], words: str
) -> None:
    no = make().no
    client = as_role(RoleName.SERVICE_ADVISOR)
    assert words in client.get(f"/orders/{no}/handover").text
    signed = {"deliver-signature_typed": "王小明"}
    refused = client.post(f"/orders/{no}/handover/deliver", data=signed)
    assert refused.status_code == 409
    assert words in refused.text
    assert orders.get_order(no).delivered_at is None


def test_who_takes_the_car_signs(database: Database, as_role: AsRole) -> None:
    no = prepare(make_settled()).no
    client = as_role(RoleName.SERVICE_ADVISOR)
    refused = client.post(f"/orders/{no}/handover/deliver", data={})
    assert refused.status_code == 422
    assert "signs with their name" in refused.text


def test_refused_forms_keep_what_was_typed(database: Database, as_role: AsRole) -> None:
    no = make_settled().no
    client, url = as_role(RoleName.SERVICE_ADVISOR), f"/orders/{no}/handover"
    walk = client.post(f"{url}/walk", data={"walk-new_damage": "yes"})
    assert walk.status_code == 422
    assert "Describe the new damage" in walk.text
    other = {
        "collector-collector": "other",
        "collector-name": "李四",
        "collector-proof": "code",
        "collector-code": "123456",
    }
    collector = client.post(f"{url}/collector", data=other)
    assert collector.status_code == 409
    assert 'value="李四"' in collector.text
    assert 'value="123456"' in collector.text
    due = {"next-mileage_km": "12", "next-due_on": "2027-05-23", "next-due_km": "abc"}
    later = client.post(f"{url}/next", data=due)
    assert later.status_code == 422
    assert 'value="abc"' in later.text
    wish = {
        "followup-followup_day": "2026-11-30",
        "followup-followup_time": "10:00",
        "followup-channel": "phone",
    }
    followup = client.post(f"{url}/followup", data=wish)
    assert followup.status_code == 422
    assert 'value="2026-11-30"' in followup.text
    assert client.post(f"{url}/tick", data={"item": "nonsense"}).status_code == 422


def test_the_guard_stamps_a_pass_and_refuses_a_car_without_one(
    database: Database, as_role: AsRole, at: datetime
) -> None:
    # given
    unpaid = make_settlement(make_checked(vehicle=make_vehicle(plate="粤B11111"))).order.no
    paid = prepare(make_settled(vehicle=make_vehicle(plate="粤B22222")))
    no = delivery.deliver(paid, signer_name="王", by=paid.advisor, at=at).no
    client = as_role(RoleName.GREETER)
    # then
    page = client.get("/gate?wanted=粤b·11111").text
    assert "May not leave" in page
    assert "The bill is not paid" in page
    assert "620.00" not in page
    refused = client.post("/gate/leave", data={"wanted": "粤B11111"})
    assert refused.status_code == 409
    assert "it has no gate pass" in refused.text
    assert "The bill is not paid" in refused.text
    # when
    assert "May leave" in client.get(f"/gate?wanted={no}").text
    page = _post(client, "/gate/leave", {"wanted": no})
    # then
    assert "粤B·22222 has left the premises." in page
    assert client.post("/gate/leave", data={"wanted": no}).status_code == 409
    assert "Gate pass used already" in client.get("/gate?wanted=粤B22222").text
    assert client.get("/gate?wanted=粤B99999").status_code == 404
    assert queries.find_gate_pass(orders.get_order(unpaid)) is None


def test_a_declined_car_is_released_from_the_list(database: Database, as_role: AsRole) -> None:
    no = make_order(Stage.DECLINED).no
    client = as_role(RoleName.SERVICE_ADVISOR)
    assert "Release without a bill" in client.get("/handover").text
    page = _post(client, f"/orders/{no}/handover/release")
    assert "Bill explained" not in page
    assert orders.get_order(no).stage is Stage.READY


def test_empty_lists_say_what_they_would_hold(database: Database, as_role: AsRole) -> None:
    assert "No car stands ready" in as_role(RoleName.SERVICE_ADVISOR).get("/handover").text
    assert "No car waits for a wash" in as_role(RoleName.WASHER).get("/washes").text
    assert "No car is on its way out" in as_role(RoleName.GREETER).get("/gate").text


def test_roles_without_the_right_are_refused(database: Database, as_role: AsRole) -> None:
    no = make_settled().no
    cashier = as_role(RoleName.CASHIER)
    assert cashier.get("/handover").status_code == 403
    assert cashier.post(f"/orders/{no}/handover/deliver").status_code == 403
    assert cashier.get("/gate").status_code == 403
    washer = as_role(RoleName.WASHER)
    assert washer.get(f"/orders/{no}/handover").status_code == 403
    assert washer.post("/gate/leave", data={"wanted": no}).status_code == 403


def test_what_does_not_exist_is_not_found(database: Database, as_role: AsRole) -> None:
    other = make_order(Stage.READY, branch=make_branch("west")).no
    no = make_settled().no
    client = as_role(RoleName.SERVICE_ADVISOR)
    assert client.get(f"/orders/{other}/handover").status_code == 404
    assert client.get(f"/orders/{no}/handover/gate-pass.pdf").status_code == 404
