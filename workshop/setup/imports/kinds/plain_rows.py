"""Rows of a plain list, such as suppliers or operations: known by one key, compared field by field.

What the file leaves empty stays as it is. The same key twice in a file is a copy, or refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import Column, Difference, Judgement, Note, Row
from workshop.sheets import Words


class Lines:
    """The rows of a file by their key."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._seen: dict[str, tuple[int, Mapping[str, Any]]] = {}

    def refuse_twice(self, key: str, row: Row) -> Judgement | None:
        """What becomes of a row whose key an earlier one has; None when it is the first."""
        earlier = self._seen.setdefault(key, (row.line, row.values))
        if earlier[0] == row.line:
            return None
        if dict(earlier[1]) == dict(row.values):
            said = Words(N_("Line %(line)s says the same."), {"line": earlier[0]})
            return kinds.same([Note(said)])
        words = N_("Line %(line)s has the same with other values. Put both into one line.")
        return kinds.refused(words, self._column, line=earlier[0])


def differences(
    row: Row, known: Any, columns: Sequence[Column], but: Sequence[str] = ()
) -> Iterator[tuple[str, Difference]]:
    """Each column whose value the row gives otherwise, and before and after as they are shown."""
    for column in columns:
        after = row.get(column.key)
        if after is None or column.key in but:
            continue
        before = getattr(known, column.key)
        if before != after:
            shown = Difference(
                column.label, shown_as(column.key, before), shown_as(column.key, after)
            )
            yield column.key, shown


def shown_as(key: str, value: Any) -> Any:
    """A value as people read it."""
    if key.endswith("_fen") and isinstance(value, int):
        return f"{value / 100:.2f}"
    if key.endswith("_basis_points") and isinstance(value, int):
        return f"{value / 100:g} %"
    if isinstance(value, (LabelledEnum, list)) or value is None:
        return value
    return value if isinstance(value, int) else str(value)
