"""Factories of the shop's time."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from PIL import Image
from sqlalchemy import select

from tests.factories import AT
from workshop.db import session
from workshop.shop.models import Technician, TechnicianSkill


def hour(hours: float, days: int = 0) -> datetime:
    """A time of the test's Monday (plus days), by the shop's clock: hour(9.5) is half past nine."""
    return AT + timedelta(hours=hours - 10, days=days)


def skill_of(technician: Technician) -> TechnicianSkill:
    """The one skill that the factories give a technician."""
    query = select(TechnicianSkill).where(TechnicianSkill.technician_id == technician.id)
    return session.scalars(query).one()


def make_logo(size: tuple[int, int] = (300, 120), kind: str = "PNG") -> bytes:
    """A picture as somebody would send it for the head of the papers."""
    out = io.BytesIO()
    Image.new("RGB", size, "#2150d0").save(out, kind)
    return out.getvalue()
