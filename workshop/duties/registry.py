"""All duties that are bound to one person, as the packages tell of them."""

from __future__ import annotations

from functools import cache

from workshop import steps
from workshop.cases.duties import DUTIES as OF_CASES
from workshop.duties.waiting import DUTIES as OF_WAITING
from workshop.orders.duties import DUTIES as OF_ORDERS
from workshop.staff.duty import Duty
from workshop.touched.duties import DUTIES as OF_CALLS


@cache
def list_duties() -> tuple[Duty, ...]:
    """Every kind of duty: the spine's first, then the steps' in their order."""
    of_steps = [duty for face in steps.faces().values() for duty in face.duties]
    return (*OF_ORDERS, *OF_CASES, *of_steps, *OF_CALLS, *OF_WAITING)


def find_duty(key: str) -> Duty | None:
    """The kind of duty with this key."""
    return next((each for each in list_duties() if each.key == key), None)
