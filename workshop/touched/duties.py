"""What a call list binds to one person: the things that are theirs to see to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Missing
from workshop.shop.models import Branch
from workshop.staff.duty import Duty
from workshop.staff.models import User
from workshop.touched import lists
from workshop.touched.models import TouchedThing


def _list_held(users: Collection[User], at: datetime) -> list[TouchedThing]:
    people = {each.id for each in users}
    branches = [session.get_one(Branch, each) for each in {each.branch_id for each in users}]
    rows = (each.row for branch in branches for each in lists.list_open(branch, at))
    return [row for row in rows if row is not None and row.owner_id in people]


def _find_obstacle(row: TouchedThing, to: User, _at: datetime) -> Missing | None:
    if to.may(lists.permission_for(row.subject)):
        return None
    return Missing(N_("%(name)s may not see to this."), "no_right", {"name": to.display_name})


def _hand(row: TouchedThing, to: User) -> None:
    row.owner_id, row.owner = to.id, to


def _name_of(row: TouchedThing) -> str:
    of = row.appointment or row.order
    return f"{of.no} {of.vehicle.called}" if of is not None else row.subject


DUTIES = (
    Duty(
        "call",
        N_("Calls of the call list"),
        "touched_thing.owner_id",
        N_("Whoever may see to it calls the customer"),
        _list_held,
        _name_of,
        lambda _row: "/call-list",
        _find_obstacle,
        _hand,
    ),
)
