"""Frames on the wire: real clients, a live server, and no personal data in any of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import socketio
from flask import Flask

from tests.databases import Database
from tests.factories import (
    make_bay,
    make_branch,
    make_job,
    make_order,
    make_technician,
    make_user,
    make_vehicle,
)
from tests.screen.sockets import Listener, session_cookie
from tests.serve.thread import serving
from workshop import db
from workshop.attendance import service as attendance
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.screen import jobs, rules
from workshop.screen import service as screen
from workshop.screen.models import ScreenDevice
from workshop.screen.rules import Row
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.reception import arrivals
from workshop.steps.scheduling.dispatch import service as scheduling

Connect = Callable[..., Listener]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as url:
        yield url


@pytest.fixture
def connect(address: str) -> Iterator[Connect]:
    """Connect a client; all are hung up at the end."""
    made: list[Listener] = []

    def new(namespace: str, cookie: str = "") -> Listener:
        db.commit()  # A writer on SQLite would keep the server waiting.
        made.append(Listener(address, namespace, cookie))
        return made[-1]

    yield new
    for listener in made:
        listener.leave()


@pytest.fixture
def manager(database: Database) -> User:
    return make_user(RoleName.SERVICE_MANAGER)


def make_screen(by: User, at: datetime) -> tuple[ScreenDevice, str]:
    device, token = screen.pair_directly(make_branch(), "客休室", by=by, at=at)
    return device, f"workshop_screen={token}"


def move(order: RepairOrder, stage: Stage, at: datetime) -> None:
    order.move_to(stage, order.advisor, at)
    db.commit()


def beat(listener: Listener | None = None) -> Any:
    """Let the timer run once; what the listener hears of it."""
    jobs.beat()
    return listener.wait_for("heartbeat") if listener is not None else None


def test_a_tap_shows_on_the_screen_within_a_second(
    connect: Connect, manager: User, at: datetime
) -> None:
    # given
    order = make_order(Stage.REPAIR, vehicle=make_vehicle(plate="粤B12345"))
    listener = connect("/screen", make_screen(manager, at)[1])
    snapshot = listener.read()
    assert [(row["plate"], row["stage"]) for row in snapshot["rows"]] == [("粤B·12•••5", "repair")]
    # when
    tapped = time.perf_counter()
    move(order, Stage.QUALITY_CHECK, at)
    row = listener.wait_for("row")
    # then
    assert time.perf_counter() - tapped < 1
    assert (row["id"], row["stage"]) == (snapshot["rows"][0]["id"], "quality_check")


def test_a_delivered_car_leaves_and_a_car_that_comes_makes_the_masks_unique(
    connect: Connect, manager: User, at: datetime
) -> None:
    order = make_order(Stage.READY, ready_at=at, vehicle=make_vehicle(plate="粤B12345"))
    twin = make_order(Stage.QUOTED, vehicle=make_vehicle(plate="粤B12395"))
    listener = connect("/screen", make_screen(manager, at)[1])
    [first] = listener.read()["rows"]
    # when
    move(twin, Stage.AUTHORISED, at)
    rows = [listener.wait_for("row"), listener.wait_for("row")]
    # then
    assert len({row["plate"] for row in rows}) == 2
    assert first["plate"] not in {row["plate"] for row in rows}
    # when
    move(order, Stage.DELIVERED, at)
    # then
    assert listener.wait_for("row")["plate"] == "粤B·12•••5"
    assert listener.wait_for("gone") == {"id": first["id"]}


@pytest.mark.parametrize("cookie", ["", "workshop_screen=guessed", "pending", "revoked"])
def test_a_stranger_an_unpaired_and_a_revoked_screen_are_refused(
    connect: Connect, manager: User, at: datetime, cookie: str
) -> None:
    if cookie == "pending":
        cookie = f"workshop_screen={screen.offer(make_branch(), None, at=at)[1]}"
    elif cookie == "revoked":
        device, cookie = make_screen(manager, at)
        screen.revoke(device, by=manager, at=at)
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("/screen", cookie)


def test_revoking_cuts_the_live_line_and_no_frame_follows(
    connect: Connect, manager: User, at: datetime
) -> None:
    # given
    order = make_order(Stage.REPAIR)
    device, cookie = make_screen(manager, at)
    listener = connect("/screen", cookie)
    # when
    screen.revoke(device, by=manager, at=at)
    db.commit()
    # then
    assert listener.closed.wait(5)
    move(order, Stage.QUALITY_CHECK, at)
    assert "row" not in [kind for kind, _ in listener.frames]
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("/screen", cookie)


def test_a_screen_whose_revocation_was_told_nobody_hears_nothing_any_more(
    connect: Connect, manager: User, at: datetime
) -> None:
    order = make_order(Stage.REPAIR)
    make_screen(manager, at)
    device, cookie = make_screen(manager, at)
    listener = connect("/screen", cookie)
    device.revoked_at = at  # As if the word of it had been lost.
    db.commit()
    move(order, Stage.PAUSED, at)
    beat()
    assert not listener.closed.wait(0.5)
    assert listener.frames == []


def test_a_lost_frame_is_noticed_by_the_digest_and_repaired_by_a_snapshot(
    connect: Connect, manager: User, at: datetime
) -> None:
    # given
    order = make_order(Stage.REPAIR)
    make_order(Stage.WASH)
    listener = connect("/screen", make_screen(manager, at)[1])
    known = [Row(**row) for row in listener.read()["rows"]]
    assert beat(listener)["digest"] == rules.digest(known)
    # when: the row's frame is lost
    move(order, Stage.PAUSED, at)
    listener.wait_for("row")
    heard = beat(listener)
    # then
    assert heard["digest"] != rules.digest(known)
    repaired = [Row(**row) for row in listener.read()["rows"]]
    assert heard["digest"] == rules.digest(repaired)


def test_a_heartbeat_carries_the_shop_clock_its_speed_and_the_closing_time(
    connect: Connect, manager: User, at: datetime
) -> None:
    listener = connect("/screen", make_screen(manager, at)[1])
    assert beat(listener) == {
        "now": "2026-11-23T10:00:00",
        "speed": 0.0,
        "closes": "2026-11-23T18:30",
        "digest": rules.digest([]),
    }


def test_no_frame_holds_a_plate_a_name_a_phone_a_fault_a_price_or_a_number(
    connect: Connect, manager: User, at: datetime
) -> None:
    # given
    order = make_order(
        Stage.REPAIR,
        vehicle=make_vehicle(plate="粤B12345"),
        concern="刹车异响",
        promised_at=at + timedelta(hours=1),
        first_promised_at=at + timedelta(hours=1),
        bringer_name="李四",
        bringer_phone="13912345678",
    )
    listener = connect("/screen", make_screen(manager, at)[1])
    snapshot = listener.read()
    # when: all that a screen ever hears
    orders.change_promise(
        order,
        at + timedelta(hours=3),
        reason="王小明的刹车盘要 1280 元",
        told_how="电话 13800138000",
        by=order.advisor,
        at=at,
    )
    db.commit()
    assert listener.wait_for("row")["reason"] == "longer"
    for stage in (Stage.QUALITY_CHECK, Stage.FINAL_CHECK, Stage.READY):
        move(order, stage, at)
    order.ready_at = at
    move(order, Stage.DELIVERED, at)
    listener.wait_for("gone")
    beat(listener)
    # then
    said = json.dumps([snapshot, *listener.frames], ensure_ascii=False)
    assert {kind for kind, _ in listener.frames} == {"row", "gone", "heartbeat"}
    assert "粤B·12•••5" in said
    advisor = order.advisor.display_name
    phones = (order.customer.phone, "13912345678", "13800138000")
    for secret in (
        "12345",
        order.no,
        order.no[-9:],
        order.customer.name,
        "李四",
        advisor,
        *phones,
        "刹车",
        "1280",
        "¥",
        "_fen",
    ):
        assert secret not in said, secret
    allowed = set(Row.__dataclass_fields__)
    assert all(set(frame) == allowed for kind, frame in listener.frames if kind == "row")


def test_a_screen_hears_its_own_branch_only(connect: Connect, manager: User, at: datetime) -> None:
    far = make_order(Stage.REPAIR, branch=make_branch("west"))
    near = make_order(Stage.REPAIR)
    listener = connect("/screen", make_screen(manager, at)[1])
    assert len(listener.read()["rows"]) == 1
    move(far, Stage.PAUSED, at)
    move(near, Stage.PAUSED, at)
    listener.wait_for("row")
    beat(listener)
    assert [kind for kind, _ in listener.frames].count("row") == 1


def test_staff_hear_which_order_of_their_branch_changed(
    app: Flask, connect: Connect, at: datetime
) -> None:
    # given
    user = make_user(RoleName.SERVICE_ADVISOR)
    far = make_order(Stage.REPAIR, branch=make_branch("west"))
    order = make_order(Stage.REPAIR)
    listener = connect("/staff", session_cookie(app, user))
    # when
    move(far, Stage.PAUSED, at)
    move(order, Stage.PAUSED, at)
    # then
    frame = listener.wait_for("order")
    assert frame == {"no": order.no, "stage": "paused", "version": order.version}
    assert len(listener.frames) == 1


def test_staff_hear_of_a_car_that_arrives(app: Flask, connect: Connect, at: datetime) -> None:
    # given
    user = make_user(RoleName.SERVICE_ADVISOR)
    listener = connect("/staff", session_cookie(app, user))
    # when
    arrivals.register_walk_in(make_branch("west"), "粤B12345", by=user, at=at)
    arrivals.register_walk_in(make_branch(), "粤B12345", by=user, at=at)
    db.commit()
    # then it is told without the plate, and once
    assert listener.wait_for("arrival") == {}
    assert len(listener.frames) == 1


def test_staff_hear_that_a_technician_has_come(app: Flask, connect: Connect, at: datetime) -> None:
    # given
    listener = connect("/staff", session_cookie(app, make_user(RoleName.SERVICE_ADVISOR)))
    who = make_technician(here_since=None)
    # when
    attendance.clock_in(who, by=who.user, at=at)
    db.commit()
    # then
    assert listener.wait_for("presence") == {"technician": who.id}
    assert len(listener.frames) == 1


def test_staff_hear_who_has_moved_a_card_of_the_board(
    app: Flask, connect: Connect, at: datetime
) -> None:
    # given
    mover, job = make_user(RoleName.SERVICE_ADVISOR), make_job()
    technician, bay = make_technician(), make_bay()
    listener = connect("/staff", session_cookie(app, make_user(RoleName.JOB_CONTROLLER)))
    # when
    card = scheduling.assign(job, technician, bay, at, by=mover, at=at)
    db.commit()
    # then
    who = {"by": mover.display_name, "by_id": mover.id}
    assert listener.wait_for("moved") == {"id": card.id, "job": job.id, **who}


def test_staff_frames_are_not_for_strangers_or_screens(
    connect: Connect, manager: User, at: datetime
) -> None:
    for cookie in ("", make_screen(manager, at)[1]):
        with pytest.raises(socketio.exceptions.ConnectionError):
            connect("/staff", cookie)


def test_what_was_rolled_back_is_never_told(connect: Connect, manager: User, at: datetime) -> None:
    order = make_order(Stage.REPAIR)
    listener = connect("/screen", make_screen(manager, at)[1])
    order.move_to(Stage.PAUSED, order.advisor, at)
    db.session.flush()
    db.rollback()
    beat(listener)
    assert "row" not in [kind for kind, _ in listener.frames]
