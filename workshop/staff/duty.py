"""A duty that is bound to one person, as the package that binds it tells of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workshop.errors import Missing
from workshop.staff.models import User


@dataclass(frozen=True)
class Duty:
    """One column in which an open record names the person whose it is.

    `column` is "table.column"; `deputy` says in words who may act when the person is not there;
    `list_held` reads what these people still have to do, `name_of` and `url_of` show one of it.
    `find_obstacle` says why a person cannot take it over, `hand` gives it to them. A duty without
    `hand` moves on a page of its own: `url_of` leads there. `order_of` is the repair order that the
    record belongs to, where it belongs to one.
    """

    key: str
    label: str
    column: str
    deputy: str
    list_held: Callable[[Collection[User], datetime], list[Any]]
    name_of: Callable[[Any], str]
    url_of: Callable[[Any], str]
    find_obstacle: Callable[[Any, User, datetime], Missing | None] | None = None
    hand: Callable[[Any, User], None] | None = None
    order_of: Callable[[Any], Any] = lambda _record: None

    def holder_id(self, record: Any) -> int:
        """Whose the record is: the person's id, also where it names a technician."""
        name = self.column.partition(".")[2]
        found: int = record.technician.user_id if name == "technician_id" else getattr(record, name)
        return found


_KINDS: dict[str, Duty] = {}


def register(duties: Iterable[Duty]) -> None:
    """Make the kinds of duty known, as the application does when it starts."""
    _KINDS.update({each.key: each for each in duties})


def list_kinds() -> list[Duty]:
    """Every kind of duty, whatever package tells of it."""
    return list(_KINDS.values())
