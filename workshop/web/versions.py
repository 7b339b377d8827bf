"""Two people, one record: a mark of what a page showed, where the record has no version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from workshop.errors import N_, Conflict


class Unit(Enum):
    """What a number of a record counts."""

    KM = "km"
    MINUTES = "minutes"
    PERCENT = "percent"
    BASIS_POINTS = "basis_points"
    FEN = "fen"


@dataclass(frozen=True)
class Quantity:
    """A number of a record together with its unit, so that both versions of it show the unit."""

    number: int
    unit: Unit


def quantity(number: int | None, unit: Unit) -> Quantity | None:
    """The number with its unit; None while it is not known."""
    return None if number is None else Quantity(number, unit)


State = Mapping[str, Any]
"""What people see of a record: msgid of the label → value."""


def mark(state: State) -> str:
    """A short mark of a state: another one when any of its values has changed."""
    text = json.dumps(state, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> str:
    return str(getattr(value, "value", value))


def refuse_stale(seen: str | None, now: State, yours: State) -> None:
    """Raise Conflict with both versions when the page that was sent showed another state.

    `seen` is the mark that the page carried; None asks nothing. Who writes what is there already
    takes nothing from anybody.
    """
    if not seen or seen == mark(now):
        return
    differ = [label for label in yours if now.get(label) != yours[label]]
    if not differ:
        return
    raise Conflict(
        N_("Somebody else changed this meanwhile. Look at both versions and save again."),
        theirs={label: now.get(label) for label in differ},
        yours={label: yours[label] for label in differ},
        version=mark(now),
    )
