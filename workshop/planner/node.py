"""A place in a JSON document that knows its own path, so that a fault can name the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ABSENT = object()

# Far enough for minutes of any calendar, small enough that no sum of them overflows the solver.
FARTHEST = 1_000_000_000


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


@dataclass(frozen=True)
class Node:
    """A value, where it stands, and the list that all faults of the document go to.

    The readers give a harmless value of their type back after a fault, so that reading goes on
    and finds the others too.
    """

    value: Any
    path: str
    faults: list[str]

    def fault(self, reason: str) -> None:
        self.faults.append(f"{self.path or 'problem'}: {reason}")

    def child(self, name: str) -> Node:
        """The field of an object; absent when the object does not have it."""
        value = self.value.get(name, ABSENT) if isinstance(self.value, dict) else ABSENT
        return Node(value, f"{self.path}.{name}" if self.path else name, self.faults)

    def is_object(self) -> bool:
        if not isinstance(self.value, dict):
            self._wants("an object")
        return isinstance(self.value, dict)

    def items(self) -> Iterator[Node]:
        """The entries of a list, each with its own path."""
        if not isinstance(self.value, list):
            self._wants("a list")
            return
        for place, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{place}]", self.faults)

    def text(self) -> str:
        if isinstance(self.value, str) and self.value:
            return self.value
        self._wants("a text that is not empty")
        return ""

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self._wants("true or false")
        return self.value is True

    def number(self, least: int = -FARTHEST, what: str = "a whole number") -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self._wants(what)
        elif self.value < least and least > -FARTHEST:
            self.fault(f"must be at least {least}, not {_shown(self.value)}")
        elif abs(self.value) > FARTHEST:
            self.fault(f"{_shown(self.value)} is too far from the origin")
        else:
            return self.value
        return 0

    def minute(self, least: int = -FARTHEST) -> int:
        return self.number(least, "a whole number of minutes")

    def is_given(self) -> bool:
        """Whether the field is there at all; what may be left out asks this first."""
        return self.value is not ABSENT

    def is_null(self) -> bool:
        """Whether the field says nothing: null, or not there."""
        return self.value is None or self.value is ABSENT

    def _wants(self, what: str) -> None:
        if self.value is ABSENT:
            self.fault("is missing")
        else:
            self.fault(f"must be {what}, not {_shown(self.value)}")
