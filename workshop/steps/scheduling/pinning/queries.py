"""Which cards a person has fixed where they stand."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workshop.allocation.models import Allocation, AllocationStatus
from workshop.db import session
from workshop.steps.scheduling.models import PlacePin


def find_pin(allocation: Allocation | None) -> PlacePin | None:
    """What is fixed of this place; None when nothing is, or when the place is history."""
    return pins_of([allocation]).get(allocation.id) if allocation else None


def pins_of(found: Iterable[Allocation]) -> dict[int, PlacePin]:
    """What is fixed of these places, by allocation, read at once."""
    ids = [each.id for each in found if each.status is AllocationStatus.PLANNED]
    query = select(PlacePin).where(PlacePin.allocation_id.in_(ids), PlacePin.released_at.is_(None))
    return {pin.allocation_id: pin for pin in session.scalars(query)} if ids else {}
