"""A file as a table: its names, and its rows one after the other.

Nothing is kept of what was read, so a hundred thousand rows need no more memory than one. What the
file has beside the table is told: titles, totals and repeated names that were passed over.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Set
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from workshop.errors import N_
from workshop.sheets import workbooks
from workshop.sheets.headers import LOOKED_AT, Found, find_header, is_total, trimmed
from workshop.sheets.sniffing import FileKind, tell
from workshop.sheets.texts import TextTable, open_text
from workshop.sheets.words import Unreadable, Words

MOST_COLUMNS = 300
EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class SheetRow:
    """One row: the line of the file on which it begins, and a text for each column."""

    line: int
    cells: tuple[str, ...]


class Sheet:
    """A table that was opened; close it, or open it with `with`.

    `header` are the names as they are written, the last of them on `header_line`. `epoch` is the
    day 0 of dates that are written as numbers. `told` grows while rows are read.
    """

    def __init__(
        self,
        name: str,
        table: TextTable | workbooks.WorkbookTable,
        known: Set[str],
        opened: ExitStack,
    ) -> None:
        """Look for the names and take over what was opened; raises Unreadable without a name."""
        self.name = name
        self.encoding = table.encoding
        self.delimiter = table.delimiter
        self.epoch = EPOCH if isinstance(table, TextTable) else table.epoch
        self._table = table
        self._told = [] if isinstance(table, TextTable) else list(table.told)
        self._passed: list[Words] = []
        found, self.header_line = self._find_header(known)
        self.header = found.names
        self._last_of_header = found.index
        self._open = opened.pop_all()

    @property
    def told(self) -> list[Words]:
        """What was passed over, so far as rows were read."""
        return [*self._told, *self._passed]

    def rows(self) -> Iterator[SheetRow]:
        """Each row below the names, as often as asked; blank ones and totals are passed over.

        A row has a cell for each column, and more where more was filled in. Raises Unreadable for
        a file that ends in the middle or has a row wider than any table.
        """
        self._passed = []
        wide = len(self.header)
        header = [each.casefold() for each in self.header]
        for line, cells in islice(self._records(), self._last_of_header + 1, None):
            if is_total(cells):
                self._passed.append(Words(N_("Line %(line)s is a total."), {"line": line}))
            elif [" ".join(each.split()).casefold() for each in cells] == header:
                self._passed.append(
                    Words(N_("Line %(line)s repeats the names of the columns."), {"line": line})
                )
            else:
                yield SheetRow(line, cells + ("",) * (wide - len(cells)))

    def close(self) -> None:
        """Let go of the file; what was opened for somebody else stays open."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _find_header(self, known: Set[str]) -> tuple[Found, int]:
        head = list(islice(self._records(), LOOKED_AT))
        found = find_header([cells for _, cells in head], known)
        if found is None:
            raise Unreadable(N_("The table is empty."))
        if titles := [line for line, _ in head[: found.first]]:
            self._told.append(
                Words(
                    N_("Above the names of the columns, passed over: line %(lines)s."),
                    {"lines": titles},
                )
            )
        return found, head[found.index][0]

    def _records(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The rows that are not blank."""
        for line, record in self._table.records():
            cells = trimmed(record)
            if len(cells) > MOST_COLUMNS:
                raise Unreadable(
                    N_(
                        "Line %(line)s has %(columns)s columns; a table has at most %(most)s. Is "
                        "it the right file, and the right separator?"
                    ),
                    line=line,
                    columns=len(cells),
                    most=MOST_COLUMNS,
                )
            if cells:
                yield line, cells


def read(
    source: bytes | Path | BinaryIO,
    name: str,
    *,
    known: Set[str] = frozenset(),
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Sheet:
    """Open a file as a table; `name` is what its owner calls it.

    `known` are the names of columns that may be there, as `normal_name` writes them: by them the
    header is found. What was pasted from a spreadsheet is its text as UTF-8. Raises Unreadable.
    """
    with ExitStack() as on_failure:
        file = _opened(source, on_failure)
        table: TextTable | workbooks.WorkbookTable
        if tell(file) is FileKind.WORKBOOK:
            table = workbooks.WorkbookTable(file, known)
            on_failure.callback(table.close)
        else:
            table = open_text(file, known, encoding, delimiter)
        return Sheet(name, table, known, on_failure)


def _opened(source: bytes | Path | BinaryIO, until: ExitStack) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    return until.enter_context(source.open("rb")) if isinstance(source, Path) else source
