"""The rows of one sheet of a workbook, as they stream out of its XML.

The library builds an object for each cell, which takes a table of cars half a minute. Here only
texts are made, and a row is let go before the next begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from workshop.errors import N_
from workshop.sheets.words import Unreadable

_PIECE = 64 * 1024
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
# All the text of a row; a table of 300 columns with long notes has a tenth of it.
_LARGEST_ROW = 10 * 1024 * 1024
# A spreadsheet keeps fifteen digits of a number, so from here on the last ones are lost.
_FIRST_LOST, _SURE_DIGITS = 10**15, 15
_DIGITS = "0123456789"
_TOO_LARGE = N_("A row of the workbook is too large for a table.")


@dataclass(frozen=True)
class Book:
    """What the sheets of a workbook share: its texts, which styles are dates, its day 0."""

    strings: Sequence[str]
    dates: Set[int]
    spans: Set[int]
    epoch: datetime


def read_rows(stream: IO[bytes], book: Book) -> Iterator[tuple[int, list[str]]]:
    """Each row that is there with its number, its cells as texts.

    Raises Unreadable for what no table has, expat's own error for XML that is cut off.
    """
    rows = _Rows(book)
    while piece := stream.read(_PIECE):
        rows.parser.Parse(piece, False)
        yield from rows.take()
    rows.parser.Parse(b"", True)
    yield from rows.take()


class _Rows:
    """Hears the elements of a sheet, and puts rows together."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._done: list[tuple[int, list[str]]] = []
        self._row: dict[int, str] = {}
        self._number, self._column, self._size = 0, 0, 0
        self._type, self._style = "n", 0
        self._text: list[str] | None = None
        self._value = ""
        self._is_aside = False
        self._columns: dict[str, int] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._hear
        self.parser.StartDoctypeDeclHandler = _refuse_declarations

    def take(self) -> list[tuple[int, list[str]]]:
        """The rows that are whole by now."""
        done, self._done = self._done, []
        return done

    def _start(self, name: str, of: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._column = self._place(of["r"]) if "r" in of else self._column + 1
            if self._column > _LAST_COLUMN:
                raise Unreadable(_TOO_LARGE)
            self._type, self._style = of.get("t", "n"), int(of.get("s", 0))
            self._value = ""
        elif name in ("v", "t"):
            self._text = None if self._is_aside else []
        elif name == "row":
            self._number = int(of["r"]) if "r" in of else self._number + 1
            self._column, self._size, self._row = 0, 0, {}
            if self._number > _LAST_ROW:
                raise Unreadable(N_("The workbook has more rows than a workbook can have."))
        elif name == "rPh":
            self._is_aside = True

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "t"):
            if self._text is not None:
                self._value += "".join(self._text)
            self._text = None
        elif name == "c":
            if self._value:
                self._row[self._column] = self._shown()
        elif name == "row":
            cells = [""] * max(self._row, default=0)
            for column, text in self._row.items():
                cells[column - 1] = text
            self._done.append((self._number, cells))
        elif name == "rPh":
            self._is_aside = False

    def _hear(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
            self._size += len(text)
            if self._size > _LARGEST_ROW:
                raise Unreadable(_TOO_LARGE)

    def _place(self, reference: str) -> int:
        letters = reference.rstrip(_DIGITS)
        place = self._columns.get(letters)
        if place is None:
            place = self._columns[letters] = column_index_from_string(letters)
        return place

    def _shown(self) -> str:
        kind, value = self._type, self._value
        if kind == "s":
            return self._book.strings[int(value)]
        if kind == "n":
            return self._number_shown(value)
        if kind == "b":
            return as_text(value == "1")
        return as_text(from_ISO8601(value)) if kind == "d" else value

    def _number_shown(self, value: str) -> str:
        if self._style in self._book.dates:
            is_span = self._style in self._book.spans
            try:
                return as_text(from_excel(float(value), self._book.epoch, timedelta=is_span))
            except (OverflowError, ValueError):
                return "#VALUE!"
        if value.isdecimal() and len(value) <= _SURE_DIGITS:
            return value
        return as_text(float(value))


def _refuse_declarations(*declared: Any) -> None:
    """No workbook declares a document type; whoever does wants entities to multiply."""
    raise ValueError(declared)


def as_text(value: Any) -> str:
    """What a cell shows: 13800138000, 0.1, 2026-01-05, 2026-01-05 08:30.

    A number of more digits than a spreadsheet keeps is written as it is known, 1.23457E+16: what
    is lost is not made up.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_as_text(value)
    if isinstance(value, datetime):
        return _moment_as_text(value)
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return _span_as_text(value) if isinstance(value, timedelta) else str(value)


def _number_as_text(number: int | float) -> str:
    if number != number or number in (float("inf"), float("-inf")):
        return ""
    if abs(number) >= _FIRST_LOST:
        return f"{number:.15G}"
    if number == int(number):
        return str(int(number))
    text = f"{number:.15g}"
    return f"{number:.15f}".rstrip("0") if "e" in text else text


def _moment_as_text(moment: datetime) -> str:
    # Half a second is what a spreadsheet's fraction of a day is wrong by.
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


def _span_as_text(span: timedelta) -> str:
    hours, rest = divmod(int(span.total_seconds()), 3600)
    return f"{hours}:{rest // 60:02}"
