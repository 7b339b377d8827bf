"""Pairing, revoking, and the rows of a branch, without HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.databases import Database
from tests.factories import AT, make_branch, make_job, make_order, make_user, make_vehicle
from workshop import events
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import JobKind
from workshop.screen import queries as screens
from workshop.screen import service as screen
from workshop.screen.events import ScreenRevoked
from workshop.screen.models import ScreenDevice
from workshop.screen.rules import Row
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SECRET = "a secret"


@pytest.fixture
def branch(database: Database) -> Branch:
    return make_branch()


@pytest.fixture
def manager(branch: Branch) -> User:
    return make_user(RoleName.SERVICE_MANAGER, branch=branch)


def pair(code: str | None, by: User, at: datetime) -> ScreenDevice:
    return screen.pair(code or "", name="客休室", locale="zh_CN", chime=False, by=by, at=at)


def rows_of(branch: Branch) -> dict[str, Row]:
    return {row.plate: row for row in screens.list_rows(branch, SECRET, AT)}


def test_a_code_makes_the_token_good_once(branch: Branch, manager: User, at: datetime) -> None:
    # given
    device, token = screen.offer(branch, None, at=at)
    code = device.pairing_code or ""
    assert not device.is_live
    # when
    pair(f" {code[:3].lower()}-{code[3:].lower()} ", manager, at)
    # then
    assert device.is_live
    assert screens.find_device(token) is device
    assert token not in (device.token_hash, device.name)
    with pytest.raises(Invalid):
        pair(code, manager, at)


def test_the_same_television_keeps_its_code_and_an_old_offer_is_void(
    branch: Branch, manager: User, at: datetime
) -> None:
    device, token = screen.offer(branch, None, at=at)
    again, same = screen.offer(branch, token, at=at)
    assert (again, same) == (device, token)
    # It is on, and asks again in time.
    for_long = at + timedelta(minutes=screen.OFFER_MINUTES - 1)
    assert screen.offer(branch, token, at=for_long) == (device, token)
    later = for_long + timedelta(minutes=screen.OFFER_MINUTES)
    with pytest.raises(Invalid):
        pair(device.pairing_code, manager, later)
    fresh, other = screen.offer(branch, token, at=later)
    assert other != token
    assert session.query(ScreenDevice).all() == [fresh]


def test_only_staff_of_the_branch_with_the_right_may_pair(
    branch: Branch, manager: User, at: datetime
) -> None:
    device, _ = screen.offer(branch, None, at=at)
    with pytest.raises(NotAllowed):
        pair(device.pairing_code, make_user(RoleName.SERVICE_ADVISOR), at)
    stranger = make_user(RoleName.SERVICE_MANAGER, branch=make_branch("west"))
    with pytest.raises(Invalid):
        pair(device.pairing_code, stranger, at)
    assert not device.is_live


def test_a_crowd_of_offers_is_refused(branch: Branch, at: datetime) -> None:
    for _ in range(200):
        screen.offer(branch, None, at=at)
    with pytest.raises(RuleBroken):
        screen.offer(branch, None, at=at)


def test_a_revoked_screen_is_live_no_more(branch: Branch, manager: User, at: datetime) -> None:
    device, _ = screen.pair_directly(branch, "客休室", by=manager, at=at)
    session.flush()
    assert screens.list_live_device_ids(branch.id) == [device.id]
    events.take()
    screen.revoke(device, by=manager, at=at)
    screen.revoke(device, by=manager, at=at + timedelta(hours=1))
    assert events.take() == (ScreenRevoked(device.id),)
    assert device.revoked_at == at
    session.flush()
    assert screens.list_live_device_ids(branch.id) == []


def test_a_row_tells_stage_and_promise_of_a_car_in_the_shop(branch: Branch, at: datetime) -> None:
    # given
    make_order(Stage.INSPECTED)
    make_order(Stage.DELIVERED, ready_at=at)
    order = make_order(
        Stage.PAUSED,
        vehicle=make_vehicle(plate="粤B12345"),
        first_promised_at=at,
        promised_at=at + timedelta(hours=2),
    )
    make_job(order, kind=JobKind.ADDITION)
    # when
    [row] = screens.list_rows(branch, SECRET, AT)
    # then
    assert (row.plate, row.stage, row.reason) == ("粤B·12•••5", "repair", "addition")
    assert (row.first, row.promise) == ("2026-11-23T10:00", "2026-11-23T12:00")
    assert row.version == order.version


def test_masks_on_one_screen_are_unique_and_are_made_again(branch: Branch, at: datetime) -> None:
    # given
    first = make_order(Stage.REPAIR, vehicle=make_vehicle(plate="粤B12345"))
    assert list(rows_of(branch)) == ["粤B·12•••5"]
    # when
    twin = make_order(Stage.REPAIR, vehicle=make_vehicle(plate="粤B12395"))
    change = screens.find_change(branch, twin.id, SECRET, AT)
    # then
    assert len(rows_of(branch)) == 2
    assert "粤B·12•••5" not in rows_of(branch)
    assert {row.id for row in change.rows} == {
        screens.meaningless_id(first.id, SECRET),
        screens.meaningless_id(twin.id, SECRET),
    }
    # when
    twin.stage = Stage.CANCELLED
    session.flush()
    change = screens.find_change(branch, twin.id, SECRET, AT)
    # then
    assert change.gone == [screens.meaningless_id(twin.id, SECRET)]
    assert [row.plate for row in change.rows] == ["粤B·12•••5"]


def test_a_car_without_a_plate_has_its_ticket(branch: Branch) -> None:
    vehicle = make_vehicle()
    vehicle.plate = None
    order = make_order(Stage.WASH, vehicle=vehicle)
    assert list(rows_of(branch)) == [f"#{order.no[-4:]}"]


def test_an_id_tells_nothing_and_depends_on_the_secret(branch: Branch) -> None:
    order = make_order(Stage.WASH)
    one, two = screens.meaningless_id(order.id, "one"), screens.meaningless_id(order.id, "two")
    assert one != two
    assert order.no not in one
    assert len(one) == 12


def test_the_screen_is_lit_around_the_opening_hours(branch: Branch, at: datetime) -> None:
    monday_18_30 = at.astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=18, minute=30)
    assert screens.closes_at(branch, at) == monday_18_30
    assert screens.closes_at(branch, monday_18_30) is None
    assert screens.closes_at(branch, at - timedelta(hours=2, minutes=30)) == monday_18_30
    assert screens.closes_at(branch, at - timedelta(days=1)) is None
    bare = Branch(code="new", name="新店", created_at=at)
    session.add(bare)
    session.flush()
    assert screens.closes_at(bare, at) is not None
