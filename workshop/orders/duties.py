"""What an open repair order binds to one person: its advisor."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Missing
from workshop.orders.flow import OPEN
from workshop.orders.models import RepairOrder
from workshop.staff.duty import Duty
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def _list_held(users: Collection[User], _at: datetime) -> list[RepairOrder]:
    query = select(RepairOrder).where(
        RepairOrder.advisor_id.in_([each.id for each in users]), RepairOrder.stage.in_(OPEN)
    )
    return list(session.scalars(query.order_by(RepairOrder.id)))


def _find_obstacle(_order: RepairOrder, to: User, _at: datetime) -> Missing | None:
    if to.may(Permission.FINAL_CHECK):
        return None
    message = N_("%(name)s may not lead a car to its final check.")
    return Missing(message, "no_advisor", {"name": to.display_name})


def _hand(order: RepairOrder, to: User) -> None:
    order.advisor_id, order.advisor = to.id, to


def _name_of(order: RepairOrder) -> str:
    return f"{order.no} {order.vehicle.called}"


DUTIES = (
    Duty(
        "order",
        N_("Repair orders as advisor"),
        "repair_order.advisor_id",
        N_("While the advisor is not at work somebody else makes the final check, with a reason"),
        _list_held,
        _name_of,
        lambda order: f"/orders/{order.no}",
        _find_obstacle,
        _hand,
        lambda order: order,
    ),
)
