"""A branch that takes bookings online, and what customers ask for there."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from tests import factories
from tests.steps.booking.factories import local, make_shop
from workshop.customers.models import VehicleClass
from workshop.db import session
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking.online import holding, settings
from workshop.steps.booking.online.holding import Details, Work
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.online.settings import Values

_numbers = itertools.count(1)


def make_online(advisors: int = 1, technicians: int = 2, **rules: Any) -> tuple[Branch, list[User]]:
    """A branch with advisors whose booking page is open; all its times may be taken online."""
    branch, people = make_shop(advisors, technicians)
    branch.phone = "0755-8888 0000"
    boss = factories.make_user(RoleName.ADMINISTRATOR)
    values = Values(**{"is_open": True, "share_percent": 100, **rules})
    settings.set_rules(branch, values, by=boss, at=factories.AT)
    session.flush()
    return branch, people


def new_token() -> str:
    """The number of another form."""
    return f"form-{next(_numbers)}"


def hold(branch: Branch, slot: str = "14:00", days: int = 1, **values: Any) -> OnlineBooking:
    """A time that somebody keeps, by default tomorrow afternoon."""
    return holding.hold(
        branch,
        values.pop("work", Work(None, VehicleClass.MID)),
        local(slot, days),
        values.pop("phone", "13800138000"),
        token=values.pop("token", None) or new_token(),
        locale="zh_CN",
        at=values.pop("at", factories.AT),
    )


def ask(
    booking: OnlineBooking,
    *,
    at: datetime = factories.AT,
    slot_at: datetime | None = None,
    **details: Any,
) -> OnlineBooking:
    """The request of a time that is kept."""
    given = Details(**{"name": "王芳", "concern": "刹车有异响", **details})
    return holding.ask(booking, given, at=at, slot_at=slot_at)
