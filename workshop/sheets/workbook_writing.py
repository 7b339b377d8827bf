"""Rows as a workbook, each value with its type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from workshop.sheets.values import Value
from workshop.sheets.worksheets import as_text

# So much of a cell XLSX keeps.
_LONGEST_CELL = 32_767
_NARROWEST, _WIDEST = 8, 48
# The widths go by so many rows; the rest is as wide as them.
_MEASURED = 100
_LONGEST_TITLE = 31
_DAY, _MOMENT, _TEXT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "@"


def write(
    file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Value]], title: str
) -> None:
    """Write names and rows as the one sheet of a workbook, as they come."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    first, rest = _begin(rows)
    for index, width in enumerate(_widths([header, *first]), 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_heading(sheet, name) for name in header])
    for part in (first, rest):
        for row in part:
            sheet.append([_cell(sheet, value) for value in row])
    book.save(file)


def _begin(
    rows: Iterable[Sequence[Value]],
) -> tuple[list[Sequence[Value]], Iterable[Sequence[Value]]]:
    """The rows that are measured, and those after them."""
    rest = iter(rows)
    return [row for _, row in zip(range(_MEASURED), rest, strict=False)], rest


def _widths(rows: Iterable[Sequence[Value]]) -> list[int]:
    widths: list[int] = []
    for row in rows:
        widths += [_NARROWEST] * (len(row) - len(widths))
        for index, value in enumerate(row):
            widths[index] = min(_WIDEST, max(widths[index], _width(as_text(value)) + 2))
    return widths


def _width(text: str) -> int:
    """How wide a text is in digits; a Chinese character takes two."""
    longest = max(text.split("\n"), key=len)
    return sum(1 if sign < "\u2e80" else 2 for sign in longest)


def _heading(sheet: Any, name: str) -> Any:
    cell = _cell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    """A cell of its type; a text is marked as one, whatever it begins with."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, "")
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL]
        cell.data_type = "s"
        cell.number_format = _TEXT
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, datetime):
        cell.number_format = _MOMENT
    elif isinstance(value, date):
        cell.number_format = _DAY
    return cell


def _sheet_title(title: str) -> str:
    """A name as workbooks allow it: 31 characters, without the signs of formulas."""
    plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip()
    return plain[:_LONGEST_TITLE] or "Sheet1"
