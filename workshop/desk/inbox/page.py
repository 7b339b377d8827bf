"""What the inbox shows: the lines of a person, and what the frame of every page says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from workshop.desk.inbox import rows as waiting
from workshop.desk.inbox.rows import Row
from workshop.desk.inbox.rules import Item, Kind
from workshop.orders.rows import Need
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import display


@dataclass(frozen=True)
class Inbox:
    """What waits for one person, or all that they may see to."""

    branch: Branch
    user: User
    at: datetime
    whose: str

    @cached_property
    def rows(self) -> list[Row]:
        """The lines, the most urgent first."""
        everybody = self.whose == "all"
        return waiting.list_rows(self.branch, self.user, self.at, everybody=everybody)

    @cached_property
    def names(self) -> dict[int, str]:
        """What the people of the branch are called."""
        return {each.id: each.display_name for each in staff.list_users(self.branch.id)}

    def minutes(self, item: Item) -> int | None:
        """For how many minutes it has waited."""
        if item.since is None:
            return None
        return max(0, int((self.at - item.since).total_seconds() // 60))

    def whose_is(self, row: Row) -> str:
        """Who sees to it by name, or whose customer it is."""
        owner = row.first.owner_id or (row.car.advisor_id if row.car is not None else None)
        return self.names.get(owner, "") if owner is not None else ""

    def has_taken(self, row: Row) -> bool:
        """Whether the reader took it."""
        return row.taken_by == self.user.id

    def may_take(self, row: Row) -> bool:
        """Whether the reader could see to it in the place of somebody else."""
        is_own = row.first.owner_id is None and row.car is None
        held_by = row.first.owner_id or (row.car.advisor_id if row.car is not None else None)
        is_named = row.first.only_ids is not None
        return not (is_own or is_named or held_by == self.user.id)

    def customer(self, row: Row) -> str:
        """Whose car it is, for who may know."""
        may = self.user.may(Permission.VIEW_CUSTOMERS)
        return row.car.customer if may and row.car is not None else ""

    def order_no(self, row: Row) -> str:
        """The order, for who may open it."""
        may = self.user.may(Permission.VIEW_ORDERS)
        return row.car.no if may and row.car is not None else ""

    def further(self, order_id: int, need: Need) -> list[Kind]:
        """What else waits about a car, beside the need that stands first."""
        return [each for each in self._kinds.get(f"R{order_id}", ()) if each.label != need.label]

    @cached_property
    def _kinds(self) -> dict[str, list[Kind]]:
        rows = waiting.rows_of(waiting.list_items(self.branch, self.at))
        return {row.subject: list(dict.fromkeys(each.kind for each in row.items)) for row in rows}

    @property
    def told(self) -> dict[str, object]:
        """What the frame counts and says: each thing by its name, with its words."""
        return {
            "count": len(self.rows),
            "items": {each.name: _said(each) for row in self.rows for each in row.items},
        }


def _said(item: Item) -> str:
    label = display.translate(item.kind)
    return f"{item.car.called} · {label}" if item.car is not None and item.car.called else label


def find(branch: Branch, user: User, at: datetime, whose: str = "mine") -> Inbox:
    """The inbox of a person."""
    return Inbox(branch, user, at, whose if whose == "all" else "mine")
