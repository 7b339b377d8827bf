"""What of a car's owner is still open, so that who changes the owner sees it before and after.

What the steps know they add themselves: the application registers the source in each package's
face.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workshop.customers.models import Customer, Vehicle
from workshop.errors import Way
from workshop.shop.models import Branch


@dataclass(frozen=True)
class Tie:
    """One open thing between an owner and a car: a msgid with its values, and where to open it.

    What `moves` can be given to the new owner; the rest stays with whom it was agreed.
    """

    message: str
    way: Way
    values: Mapping[str, Any] = field(default_factory=dict)
    moves: bool = False


Source = Callable[[Vehicle, Customer, Branch], list[Tie]]

_sources: dict[str, Source] = {}


def register(name: str, source: Source | None) -> None:
    """Ask this source too; a name counts once, in the order in which the names first came."""
    if source is not None:
        _sources[name] = source


def list_ties(vehicle: Vehicle, owner: Customer, branch: Branch) -> list[Tie]:
    """All that is open between the owner and the car."""
    return [tie for source in _sources.values() for tie in source(vehicle, owner, branch)]
