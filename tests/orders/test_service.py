"""Orders, promises, pictures and stale pages."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.databases import Database
from tests.factories import make_order, make_user, make_vehicle
from workshop import db
from workshop.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from workshop.orders import pictures
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import AttachmentKind
from workshop.staff.permissions import RoleName


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "blue")
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(out, kind, exif=exif)
    return out.getvalue()


def test_a_car_has_one_open_order(database: Database) -> None:
    vehicle = make_vehicle()
    first = make_order(vehicle=vehicle)
    with pytest.raises(RuleBroken, match=first.no):
        make_order(vehicle=vehicle)


def test_a_delivered_car_may_come_again(database: Database, at: datetime) -> None:
    vehicle = make_vehicle()
    make_order(Stage.DELIVERED, vehicle=vehicle, ready_at=at)
    assert make_order(vehicle=vehicle).stage is Stage.RECEPTION


def test_numbers_are_given_once_and_name_the_day(database: Database) -> None:
    numbers = [make_order().no for _ in range(3)]
    assert numbers == [f"RO20261123-000{count}" for count in (1, 2, 3)]


def test_an_unknown_number_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        orders.get_order("RO1")


def test_the_first_promise_is_kept_beside_the_revised_one(database: Database, at: datetime) -> None:
    # given
    order = make_order(Stage.SCHEDULED)
    orders.promise(order, at + timedelta(hours=2))
    # when
    orders.change_promise(
        order,
        at + timedelta(hours=3),
        reason="等配件",
        told_how="电话",
        by=order.advisor,
        at=at,
    )
    # then
    assert order.first_promised_at == at + timedelta(hours=2)
    assert order.promised_at == at + timedelta(hours=3)


@pytest.mark.parametrize(
    ("reason", "told_how", "hours", "field"),
    [
        (" ", "电话", 3, "reason"),
        ("等配件", "", 3, "told_how"),
        ("等配件", "电话", -1, "promised_at"),
    ],
)
def test_a_changed_promise_needs_reason_telling_and_a_future_time(
    database: Database, at: datetime, reason: str, told_how: str, hours: int, field: str
) -> None:
    order = make_order(Stage.SCHEDULED)
    with pytest.raises(Invalid) as refusal:
        orders.change_promise(
            order,
            at + timedelta(hours=hours),
            reason=reason,
            told_how=told_how,
            by=order.advisor,
            at=at,
        )
    assert refusal.value.field == field


def test_only_an_advisor_changes_a_promise(database: Database, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        orders.change_promise(
            make_order(Stage.SCHEDULED),
            at + timedelta(hours=3),
            reason="等配件",
            told_how="电话",
            by=make_user(RoleName.JOB_CONTROLLER),
            at=at,
        )


def test_a_stale_page_shows_both_versions(database: Database) -> None:
    order = make_order()
    with pytest.raises(Conflict) as refusal:
        orders.check_version(order, order.version - 1, {"concern": "别的"})
    assert refusal.value.theirs == {"concern": order.concern}
    assert refusal.value.yours == {"concern": "别的"}


def test_a_kept_photo_is_small_upright_and_tells_no_place(database: Database, at: datetime) -> None:
    kept = orders.add_attachment(
        make_order(), photo(size=(4000, 3000)), AttachmentKind.PHOTO, at=at, by=None
    )
    with Image.open(io.BytesIO(kept.data)) as image:
        assert max(image.size) == 1600
        assert not image.getexif()


@pytest.mark.parametrize(
    "data", [b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", photo()[:200]]
)
def test_what_is_no_picture_by_its_content_is_refused(
    database: Database, at: datetime, data: bytes
) -> None:
    with pytest.raises(Invalid, match="not a picture"):
        orders.add_attachment(make_order(), data, AttachmentKind.PHOTO, at=at, by=None)


def test_a_picture_over_the_limit_is_refused(database: Database, at: datetime) -> None:
    data = b"\xff" * (pictures.MOST_BYTES + 1)
    with pytest.raises(Invalid, match="12 MB"):
        orders.add_attachment(make_order(), data, AttachmentKind.PHOTO, at=at, by=None)


@pytest.mark.parametrize("table", ["stage_change", "audit_entry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_edit_history(
    database: Database, table: str, statement: str
) -> None:
    make_order(Stage.INSPECTED)
    db.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(statement.format(table)))


def test_the_database_refuses_a_delivery_of_a_car_that_was_never_ready(
    database: Database, at: datetime
) -> None:
    order = make_order(Stage.SETTLED)
    order.delivered_at = at
    with pytest.raises(DatabaseError):
        db.session.flush()


@pytest.mark.parametrize(
    ("stage", "is_late"),
    [(Stage.REPAIR, True), (Stage.WASH, True), (Stage.DECLINED, False), (Stage.DELIVERED, False)],
)
def test_an_order_is_late_while_the_car_is_here_and_not_ready_after_its_promise(
    database: Database, at: datetime, stage: Stage, is_late: bool
) -> None:
    order = make_order(stage, promised_at=at)
    assert order.is_late(at + timedelta(seconds=1)) is is_late
    assert not order.is_late(at)
    order.ready_at = at
    assert not order.is_late(at + timedelta(hours=1))
