"""A part goes out of use only when no operation is left without one."""

from __future__ import annotations

from datetime import datetime

from workshop.errors import require
from workshop.staff.models import User
from workshop.steps.parts.register import gates
from workshop.stock.models import Part
from workshop.stock.parts import service as parts
from workshop.stock.parts import succession


def use(part: Part, active: bool, *, by: User, at: datetime) -> None:
    """Retire a part, or take it into use again. Raises RuleBroken while an operation needs it."""
    if not active:
        require(gates.missing_to_retire(part))
    parts.use(part, active, by=by, at=at)


def replace(part: Part, successor: Part | None, *, by: User, at: datetime) -> None:
    """Say what replaces the part. Raises RuleBroken for a circle, and for nothing in the place of
    a retired part that operations need.
    """
    succession.replace(part, successor, by=by, at=at)
    if not part.active:
        require(gates.missing_to_retire(part))
