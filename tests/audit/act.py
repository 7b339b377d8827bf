"""What a case of the trail is made of."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.factories import AT, make_branch
from workshop.db import Model
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

LATER = AT + timedelta(minutes=5)
_count = itertools.count(1)


@dataclass(frozen=True)
class Act:
    """What is about to be done. `on` is the record; without it, what `do` gives back.

    `by` is None for what the program does itself. `said` must stand in the line's details, `along`
    are the lines of acts that this one includes.
    """

    by: User | None
    do: Callable[[], Any]
    on: Model | None = None
    said: dict[str, Any] = field(default_factory=dict)
    along: tuple[str, ...] = ()


Acts = tuple[tuple[str, Callable[[], Act]], ...]


def boss() -> User:
    """Somebody who may do everything."""
    name = f"boss{next(_count)}"
    return staff.create_user(name, "老板", list(RoleName), make_branch().id, at=AT)


def collect(module: str, found: dict[str, Any]) -> Acts:
    """The cases among the module's names: `package_verb` makes one of `package.verb`."""
    return tuple(
        (_name(each), each)
        for name, each in list(found.items())
        if getattr(each, "__module__", "") == module
        and getattr(each, "__annotations__", {}).get("return") == "Act"
        and not name.startswith("_")
    )


def _name(function: Callable[[], Act]) -> str:
    # What follows two underlines tells apart two ways to the same act.
    package, _, verb = function.__name__.partition("__")[0].partition("_")
    return f"{package}.{'payment' if verb == 'refund' else verb}"
