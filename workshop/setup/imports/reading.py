"""A row of the file as its kind judges it: each column that was found is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workshop.errors import N_
from workshop.setup.imports.kind import Column, Kind, Note, Row
from workshop.setup.imports.rules import Labelled
from workshop.sheets import Sheet, SheetRow, Words, days

NOTE = "※"
"""A row of a template that begins so explains the others, and brings nothing."""


def rows(sheet: Sheet) -> Iterator[SheetRow]:
    """The rows of a file that bring something."""
    for row in sheet.rows():
        if not row.cells[0].startswith(NOTE):
            yield row


@dataclass(frozen=True)
class Read:
    """What the cells of a row say; with a refusal it is not judged."""

    row: Row
    warnings: list[Note]
    refusals: list[Note]


class Reader:
    """Reads the rows of one file."""

    def __init__(
        self,
        kind: Kind,
        mapping: Mapping[str, int],
        *,
        epoch: date,
        day_first: Mapping[str, bool],
    ) -> None:
        self._epoch = epoch
        self._day_first = day_first
        self._columns = [
            (column, mapping[column.key]) for column in kind.columns if column.key in mapping
        ]
        self._needed = [each.key for each, _ in self._columns if each.is_needed]
        self._one_of = [[kind.column(key) for key in group] for group in kind.one_of]
        self._kind = kind
        # Columns of days that can be read in two ways: how many cells, and one of them.
        self.ambiguous: dict[str, tuple[int, str]] = {}

    def read(self, line: int, cells: Sequence[str]) -> Read:
        """The values of a row, what is odd about them, and what cannot be taken."""
        values: dict[str, Any] = {}
        warnings: list[Note] = []
        refusals: list[Note] = []
        for column, place in self._columns:
            text = cells[place] if place < len(cells) else ""
            if not text:
                continue
            cell = self._cell(column, text)
            if cell.refusal is not None:
                refusals.append(Note(cell.refusal, column.key))
            elif cell.value is not None:
                values[column.key] = cell.value
            if cell.warning is not None:
                warnings.append(Note(cell.warning, column.key))
        if not refusals:
            refusals = self._missing(values)
        return Read(Row(line, values), warnings, refusals)

    def _cell(self, column: Column, text: str) -> Any:
        if not column.is_day:
            return column.read(text)
        day_first = self._day_first.get(column.key)
        if day_first is None and days.is_ambiguous(text):
            count, sample = self.ambiguous.get(column.key, (0, text))
            self.ambiguous[column.key] = (count + 1, sample)
        return column.read(text, self._epoch, day_first)

    def _missing(self, values: Mapping[str, Any]) -> list[Note]:
        found = [
            _empty(self._kind.column(key))
            for key in self._needed
            if values.get(key) is None
        ]  # fmt: skip
        for group in self._one_of:
            if not any(values.get(each.key) for each in group):
                names = [Labelled(each.label) for each in group]
                said = Words(N_("One of these must be filled in: %(columns)s."), {"columns": names})
                found.append(Note(said, group[0].key))
        return found


def _empty(column: Column) -> Note:
    said = Words(N_("“%(column)s” is empty."), {"column": Labelled(column.label)})
    return Note(said, column.key)
