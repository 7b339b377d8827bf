"""Appointments for tests, made by the same service that people use."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests import factories
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import making
from workshop.steps.booking.making import Wish
from workshop.steps.booking.models import Appointment

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(clock: str, days: int = 0) -> datetime:
    """A wall-clock time like "14:15", so many days after Monday 2026-11-23."""
    day = factories.AT.astimezone(SHANGHAI).date() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=SHANGHAI).astimezone(UTC)


def make_shop(advisors: int = 1, technicians: int = 1) -> tuple[Branch, list[User]]:
    """A branch with advisors, and technicians of the engine skill with a lift each."""
    branch = factories.make_branch()
    people = [factories.make_user(RoleName.SERVICE_ADVISOR) for _ in range(advisors)]
    for _ in range(technicians):
        factories.make_technician()
        factories.make_bay()
    factories.make_rate()
    return branch, people


def make_appointment(
    advisor: User, slot: str = "14:00", days: int = 0, **values: Any
) -> Appointment:
    """A booked car, by default for this afternoon."""
    vehicle = values.pop("vehicle", None) or factories.make_vehicle()
    wish = Wish(concern=values.pop("concern", "刹车时有异响"), **values)
    return making.book(
        vehicle,
        vehicle.customer,
        wish,
        advisor=advisor,
        slot_at=local(slot, days),
        branch=factories.make_branch(),
        by=advisor,
        at=factories.AT,
    )
