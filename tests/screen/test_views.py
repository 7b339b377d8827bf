"""The television's page and the staff's list of televisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.factories import make_branch, make_order, make_user
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.screen import queries as screens
from workshop.screen import service as screen
from workshop.screen.models import ScreenDevice
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


def manager() -> User:
    user = make_user(RoleName.SERVICE_MANAGER)
    user.locale = "en"
    return user


def test_a_television_shows_a_code_until_staff_enter_it(
    client: FlaskClient, sign_in: SignIn
) -> None:
    # given: two browsers, the television and the staff's
    branch, user = make_branch(), manager()
    television = client.application.test_client()
    assert "data-pairing" in television.get(f"/screen/{branch.code}").text
    offered = television.post(f"/screen/{branch.code}/offer")
    code = offered.json["code"]
    [cookie] = [each for each in offered.headers.getlist("Set-Cookie") if "workshop_screen" in each]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert television.get(f"/screen/{branch.code}/state").json == {"paired": False}
    # when
    staff = sign_in(user)
    assert code in staff.get(f"/screens/pair?code={code}").text
    answer = staff.post(
        "/screens/pair", data={"code": code, "name": "Ground floor", "locale": "en", "chime": "y"}
    )
    # then
    assert answer.location == "/screens"
    assert "Ground floor" in staff.get("/screens").text
    assert television.get(f"/screen/{branch.code}/state").json == {"paired": True}
    board = television.get(f"/screen/{branch.code}").text
    assert "data-board" in board
    assert "data-chime" in board
    assert 'lang="en"' in board


def test_the_page_of_the_board_holds_nothing_of_a_customer(
    client: FlaskClient, at: datetime
) -> None:
    order = make_order(Stage.REPAIR)
    _, token = screen.pair_directly(order.branch, "TV", by=manager(), at=at)
    client.set_cookie("workshop_screen", token)
    board = client.get("/screen/main").text
    for secret in (order.customer.name, order.customer.phone, order.no, order.concern):
        assert secret not in board
    assert str(order.vehicle.plate)[-5:] not in board


def test_a_wrong_code_comes_back_with_what_was_typed(sign_in: SignIn) -> None:
    make_branch()
    answer = sign_in(manager()).post(
        "/screens/pair", data={"code": "AAAAAA", "name": "二楼", "locale": "zh_CN"}
    )
    assert answer.status_code == 422
    assert "No screen of this branch shows this code." in answer.text
    assert "AAAAAA" in answer.text
    assert "二楼" in answer.text


def test_a_revoked_television_shows_the_pairing_page(
    client: FlaskClient, sign_in: SignIn, at: datetime
) -> None:
    user = manager()
    device, token = screen.pair_directly(make_branch(), "TV", by=user, at=at)
    session.flush()
    television = client.application.test_client()
    television.set_cookie("workshop_screen", token)
    assert "data-board" in television.get("/screen/main").text
    assert sign_in(user).post(f"/screens/{device.id}/revoke").status_code == 302
    assert "data-pairing" in television.get("/screen/main").text
    assert "Revoked" in sign_in(user).get("/screens").text


def test_a_token_opens_its_own_branch_only(client: FlaskClient, at: datetime) -> None:
    _, token = screen.pair_directly(make_branch(), "TV", by=manager(), at=at)
    make_branch("west")
    client.set_cookie("workshop_screen", token)
    assert "data-pairing" in client.get("/screen/west").text
    assert client.get("/screen/nowhere").status_code == 404


def test_a_television_can_be_renamed(sign_in: SignIn, at: datetime) -> None:
    user = manager()
    device, _ = screen.pair_directly(make_branch(), "TV", by=user, at=at)
    session.flush()
    staff = sign_in(user)
    refused = staff.post(f"/screens/{device.id}", data={"name": " ", "locale": "en"})
    assert refused.status_code == 422
    staff.post(f"/screens/{device.id}", data={"name": "VIP", "locale": "en"})
    [device] = screens.list_devices(user.branch_id)
    assert (device.name, device.locale) == ("VIP", "en")


@pytest.mark.parametrize("role", [RoleName.SERVICE_ADVISOR, RoleName.LOUNGE_ATTENDANT])
def test_who_may_not_pair_has_no_way_in(sign_in: SignIn, at: datetime, role: RoleName) -> None:
    device, _ = screen.pair_directly(make_branch(), "TV", by=manager(), at=at)
    session.flush()
    client = sign_in(make_user(role))
    assert client.get("/screens").status_code == 403
    assert client.post(f"/screens/{device.id}/revoke").status_code == 403
    assert session.get_one(ScreenDevice, device.id).is_live


def test_a_television_of_another_branch_cannot_be_revoked(sign_in: SignIn, at: datetime) -> None:
    device, _ = screen.pair_directly(make_branch(), "TV", by=manager(), at=at)
    session.flush()
    stranger = make_user(RoleName.SERVICE_MANAGER, branch=make_branch("west"))
    assert sign_in(stranger).post(f"/screens/{device.id}/revoke").status_code == 404


def test_a_television_reads_all_rows_and_is_told_in_short_that_nothing_has_happened(
    client: FlaskClient, sign_in: SignIn, at: datetime
) -> None:
    # given
    user = manager()
    device, token = screen.pair_directly(make_branch(), "TV", by=user, at=at)
    make_order(Stage.REPAIR)
    session.flush()
    television = client.application.test_client()
    assert television.get("/screen/main/rows").status_code == 403
    television.set_cookie("workshop_screen", token)
    # when
    first = television.get("/screen/main/rows").json
    has = {"If-None-Match": f'"{first["tag"]}"'}
    # then
    assert [row["stage"] for row in first["rows"]] == ["repair"]
    again = television.get("/screen/main/rows", headers=has)
    assert (again.status_code, again.data) == (304, b"")
    # when somebody has done something
    screen.change(device, name="Hall", locale="en", chime=False, by=user, at=at)
    session.flush()
    assert television.get("/screen/main/rows", headers=has).status_code == 200
    # when it is revoked
    sign_in(user).post(f"/screens/{device.id}/revoke")
    assert television.get("/screen/main/rows", headers=has).status_code == 403


def test_a_television_is_seen_when_it_says_so(client: FlaskClient, at: datetime) -> None:
    device, token = screen.pair_directly(make_branch(), "TV", by=manager(), at=at)
    session.flush()
    television = client.application.test_client()
    assert television.post("/screen/main/seen").status_code == 403
    television.set_cookie("workshop_screen", token)
    assert television.post("/screen/main/seen").status_code == 204
    assert session.get_one(ScreenDevice, device.id).last_seen_at == at


def test_a_desk_without_a_socket_asks_for_the_number_of_the_last_act(
    client: FlaskClient, sign_in: SignIn, at: datetime
) -> None:
    assert client.get("/changes").status_code == 302
    user = manager()
    desk = sign_in(user)
    first = desk.get("/changes").json["tag"]
    assert desk.get("/changes", headers={"If-None-Match": f'"{first}"'}).status_code == 304
    screen.pair_directly(make_branch(), "TV", by=user, at=at)
    session.flush()
    assert desk.get("/changes", headers={"If-None-Match": f'"{first}"'}).json["tag"] != first
