"""All that waits in a branch, read once for all desks, and what of it is one person's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from workshop import kept
from workshop.desk.inbox import cars, others, taking
from workshop.desk.inbox.rules import Car, Item, Kind, Reader, place
from workshop.shop.models import Branch
from workshop.staff.models import User


@dataclass(frozen=True)
class Row:
    """One car, or what stands alone, with everything that waits about it, most urgent first."""

    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        """What comes next."""
        return self.items[0]

    @property
    def car(self) -> Car | None:
        """The car, where it is about one."""
        return self.first.car

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.first.subject

    @property
    def taken_by(self) -> int | None:
        """Who took it, if somebody did."""
        return next((each.owner_id for each in self.items if each.is_taken), None)

    @property
    def since(self) -> datetime | None:
        """Since when the first of it waits."""
        return min((each.since for each in self.items if each.since is not None), default=None)


def list_items(branch: Branch, at: datetime) -> tuple[Item, ...]:
    """Everything that waits in the branch: the same for all desks, and for a minute."""

    def read() -> tuple[Item, ...]:
        here = cars.Cars.read(branch, at)
        found = (*cars.list_items(here), *others.list_items(branch, at, here))
        return taking.with_owners(branch, found)

    minute = at.replace(second=0, microsecond=0)
    return kept.until_written(("inbox", branch.id, minute), read)


def list_rows(branch: Branch, user: User, at: datetime, *, everybody: bool = False) -> list[Row]:
    """What waits for this person, or all that they might see to; the most urgent first."""
    reader = Reader(user.id, user.rights)
    found = list_items(branch, at)
    chosen = reader.may_see if everybody else reader.is_for
    return rows_of(each for each in found if chosen(each))


def list_arrivals(branch: Branch, advisor: User | None, at: datetime) -> list[Item]:
    """Who stands at the door and has no order yet; of one advisor those that are no other's."""
    arrived = [each for each in list_items(branch, at) if each.kind is Kind.ARRIVED]
    if advisor is None:
        return arrived
    return [each for each in arrived if each.car and each.car.advisor_id in (None, advisor.id)]


def rows_of(items: Iterable[Item]) -> list[Row]:
    """One row for each car, and for what stands alone."""
    by_subject: dict[str, list[Item]] = {}
    for each in sorted(items, key=place):
        by_subject.setdefault(each.subject, []).append(each)
    return [Row(tuple(each)) for each in by_subject.values()]
