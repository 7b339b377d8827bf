"""What is bound to a person and still open, of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workshop.db import session
from workshop.duties import registry
from workshop.duties.models import HandOver, HandOverItem
from workshop.errors import Missing
from workshop.staff.duty import Duty
from workshop.staff.models import User


@dataclass(frozen=True)
class Held:
    """One open record of a person; `pending` is the hand-over that names it already."""

    duty: Duty
    record: Any
    pending: HandOver | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.duty.key}:{self.record.id}"

    @property
    def name(self) -> str:
        """How people call it."""
        return self.duty.name_of(self.record)

    @property
    def url(self) -> str:
        """Where it is shown."""
        return self.duty.url_of(self.record)

    @property
    def may_be_handed(self) -> bool:
        """Whether it can be chosen for a hand-over."""
        return self.duty.hand is not None and self.pending is None

    def find_obstacle(self, to: User, at: datetime) -> Missing | None:
        """Why this person cannot take it over."""
        return self.duty.find_obstacle(self.record, to, at) if self.duty.find_obstacle else None


def list_held(user: User, at: datetime) -> list[Held]:
    """All that is bound to a person and still open, by kind."""
    return list_held_by_each([user], at)[user.id]


def list_held_by_each(users: Sequence[User], at: datetime) -> dict[int, list[Held]]:
    """What is bound to each of these people and still open, by kind; read at once."""
    pending = _pending_of(users)
    found: dict[int, list[Held]] = {each.id: [] for each in users}
    for duty in registry.list_duties():
        for record in duty.list_held(users, at):
            held = Held(duty, record, pending.get((duty.key, record.id)))
            found[duty.holder_id(record)].append(held)
    return found


def _pending_of(users: Sequence[User]) -> dict[tuple[str, int], HandOver]:
    query = (
        select(HandOver, HandOverItem)
        .join(HandOverItem, HandOverItem.hand_over_id == HandOver.id)
        .where(HandOver.from_id.in_([each.id for each in users]), HandOverItem.is_open)
    )
    return {(item.duty, item.record_id): made for made, item in session.execute(query)}
