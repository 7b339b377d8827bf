"""A duty that is bound to one person, as the package that binds it tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workshop.errors import Missing
from workshop.staff.models import User


@dataclass(frozen=True)
class Duty:
    """One column in which an open record names the person whose it is.

    `column` is "table.column"; `deputy` says in words who may act when the person is not there;
    `list_held` reads what somebody still has to do, `name_of` and `url_of` show one of it.
    `find_obstacle` says why a person cannot take it over, `hand` gives it to them. A duty without
    `hand` moves on a page of its own: `url_of` leads there.
    """

    key: str
    label: str
    column: str
    deputy: str
    list_held: Callable[[User, datetime], list[Any]]
    name_of: Callable[[Any], str]
    url_of: Callable[[Any], str]
    find_obstacle: Callable[[Any, User, datetime], Missing | None] | None = None
    hand: Callable[[Any, User], None] | None = None
