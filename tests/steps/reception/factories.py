"""Receptions for tests, made by the same services that people use."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from PIL import Image

from tests import factories, ink
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.reception import condition, walkaround
from workshop.steps.reception import service as reception
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.rules import REQUIRED_COVERS


def make_reception(
    at: datetime,
    *,
    advisor: User | None = None,
    vehicle: Vehicle | None = None,
    concern: str = "刹车时左前轮有异响",
) -> RepairOrder:
    """A walk-in that has just been greeted."""
    vehicle = vehicle or factories.make_vehicle()
    order = reception.receive(
        vehicle,
        vehicle.customer,
        concern=concern,
        branch=factories.make_branch(),
        by=advisor or factories.make_user(RoleName.SERVICE_ADVISOR),
        at=at,
    )
    session.flush()
    return order


def complete(
    order: RepairOrder, at: datetime, *, leave_out: str = "", mileage_km: int = 50_000
) -> None:
    """Do all that the signature needs, but for one thing that may be left out."""
    by = order.advisor
    if leave_out != "vin" and order.vehicle.vin is None:
        condition.record_vin(order, "", "铭牌已锈蚀，无法辨认", by=by, at=at)
    if leave_out != "gauges":
        walkaround.record_gauges(order, mileage_km, 38, by=by, at=at)
    for view in CarView:
        if leave_out != view.value:
            walkaround.check_view(order, view, True, by=by, at=at)
    for kind in REQUIRED_COVERS:
        if leave_out != kind.value:
            walkaround.fit_cover(order, kind, True, by=by, at=at)
    if leave_out != "valuables":
        walkaround.ask_for_valuables(order, by=by, at=at)
    session.flush()


def make_photo(kind: str = "JPEG") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#8899aa").save(out, kind)
    return out.getvalue()


def make_ink() -> str:
    """A drawn signature as the page posts it."""
    return ink.data_url()


SignIn = Callable[[User], FlaskClient]


def advisor_in(sign_in: SignIn, locale: str = "en") -> tuple[FlaskClient, User]:
    """An advisor who reads `locale`, signed in."""
    advisor = factories.make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = locale
    return sign_in(advisor), advisor


def address(order: RepairOrder, act: str = "") -> str:
    """The address of an act on the order's reception."""
    return f"/orders/{order.no}/reception{'/' + act if act else ''}"


def reload(order: RepairOrder) -> RepairOrder:
    """The order as it is in the database now."""
    session.expire_all()
    return orders.get_order(order.no)
