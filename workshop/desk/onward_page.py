"""What comes next for the order of a page on which something was just done, and who does it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from workshop import clock
from workshop.desk import queries as desk
from workshop.desk.rights import right_of
from workshop.orders import service as orders
from workshop.orders.flow import Step
from workshop.staff.access import find_me
from workshop.staff.permissions import Permission


@dataclass(frozen=True)
class Onward:
    """The order's next act: its words as a msgid, its step, and where it is done."""

    act: str
    step: Step
    url: str

    @property
    def is_here(self) -> bool:
        """Whether the page that is shown is the place."""
        return request.path.rstrip("/") == self.url

    @property
    def right(self) -> str:
        """The right of who does it."""
        return str(right_of(self.step).name)


def find() -> Onward | None:
    """The next act of the order whose page is shown; None elsewhere, and when all is over."""
    no = (request.view_args or {}).get("no")
    user = find_me()
    if not no or not request.path.startswith("/orders/") or user is None:
        return None
    if not user.may(Permission.VIEW_ORDERS):
        return None
    order = orders.get_order(no, user.branch_id)
    found = desk.find_next_act(order, clock.now())
    if found is None:
        return None
    act, step = found
    return Onward(act, step, f"/orders/{order.no}/{step.value}")
