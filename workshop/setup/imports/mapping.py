"""Which column of a file is which column of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workshop.setup.imports.kind import Column, Kind
from workshop.sheets import normal_name


def names_of(column: Column) -> list[str]:
    """What the head of the column may be, as names are compared."""
    return [normal_name(each) for each in (column.label, column.key, *column.aliases)]


def all_names(kind: Kind) -> frozenset[str]:
    """All heads that the kind knows."""
    return frozenset(name for column in kind.columns for name in names_of(column))


def guess(kind: Kind, header: Sequence[str]) -> dict[str, int]:
    """The place of each column that its head names; a head belongs to one column."""
    places = {normal_name(head): place for place, head in reversed(list(enumerate(header))) if head}
    found: dict[str, int] = {}
    for column in kind.columns:
        for name in names_of(column):
            place = places.get(name)
            if place is not None and place not in found.values():
                found[column.key] = place
                break
    return found


def unread(header: Sequence[str], mapping: Mapping[str, int]) -> list[str]:
    """The heads of the file that nothing reads."""
    read = set(mapping.values())
    return [head for place, head in enumerate(header) if head and place not in read]


def checked(kind: Kind, width: int, chosen: Iterable[tuple[str, Any]]) -> dict[str, int]:
    """The places that somebody chose, as they are kept: each of a column that is there."""
    keys = {each.key for each in kind.columns}
    return {
        key: place
        for key, place in chosen
        if key in keys and isinstance(place, int) and 0 <= place < width
    }
