"""What a cancelled order leaves behind: each effect is said before, and taken back by the act.

The page and the act read one list, so the page cannot say less than the act does. What the steps
know of an order they add themselves: the application registers the source in each package's face.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workshop.orders.models import RepairOrder
from workshop.staff.models import User

TakeBack = Callable[[User, datetime], None]


@dataclass(frozen=True)
class Effect:
    """One thing that the order did: a msgid with its values, and how it is taken back.

    Without `take_back` the program cannot do it: people have to, and it stays on their list.
    """

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    take_back: TakeBack | None = None

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody has to do it."""
        return self.take_back is None


Source = Callable[[RepairOrder], list[Effect]]

_sources: dict[str, Source] = {}


def register(name: str, source: Source | None) -> None:
    """Ask this source too; a name counts once, in the order in which the names first came."""
    if source is not None:
        _sources[name] = source


def list_effects(order: RepairOrder) -> list[Effect]:
    """All that a cancellation of the order takes back now, by the packages in their order."""
    return [effect for source in _sources.values() for effect in source(order)]
