"""What people hold, as a list that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator

from workshop.duties import service
from workshop.duties.held import Held, list_held_by_each
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Msgid
from workshop.staff import service as staff
from workshop.staff.models import User


def _held(asked: Asked) -> Iterator[tuple[User, Held]]:
    """One's own; for who hands over for others, everybody's."""
    reader: User | None = asked.by
    only = reader if reader is not None and not service.may_set(reader) else None
    users = [only] if only else staff.list_all(asked.branch.id)
    held = list_held_by_each(users, asked.at)
    for user in users:
        yield from ((user, each) for each in held[user.id])


SHEETS = (
    ListSheet(
        "duties",
        N_("Duties"),
        "duties.index",
        (
            Column(N_("Person"), lambda row: row[0].display_name),
            Column(N_("Kind"), lambda row: Msgid(row[1].duty.label)),
            Column(N_("What it is"), lambda row: row[1].name),
        ),
        _held,
    ),
)
