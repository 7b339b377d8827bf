"""Rows as a file: CSV that Excel and WPS open with its characters whole, or XLSX with its types.

A text that begins like a formula stays a text: a name that somebody typed must not run in the
accountant's spreadsheet. `read` takes the marks off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from workshop.sheets.texts import GUARDED
from workshop.sheets.worksheets import as_text

Value = str | int | Decimal | date | datetime | bool | None
Format = Literal["csv", "xlsx"]

# So much of a cell XLSX keeps.
_LONGEST_CELL = 32_767
_NARROWEST, _WIDEST = 8, 48
# The widths go by so many rows; the rest is as wide as them.
_MEASURED = 100
_LONGEST_TITLE = 31
_DAY, _MOMENT, _TEXT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "@"


def write(
    file: BinaryIO,
    kind: Format,
    header: Sequence[str],
    rows: Iterable[Sequence[Value]],
    title: str = "",
) -> None:
    """Write names and rows to a file that stays open; `title` names the sheet of a workbook.

    A moment is the shop's own time, without a zone. Rows are written as they come.
    """
    if kind == "csv":
        _write_text(file, header, rows)
    else:
        _write_workbook(file, header, rows, title)


def _write_text(file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
    # Every text in quotes: a semicolon in a name is a separator to half of Europe's spreadsheets.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_as_text_cell(name) for name in header])
    for row in rows:
        writer.writerow([_as_text_cell(value) for value in row])
    text.flush()
    text.detach()


def _as_text_cell(value: Value) -> str | int | Decimal:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    plain = as_text(value)
    return "'" + plain if GUARDED.match("'" + plain) else plain


def _write_workbook(
    file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Value]], title: str
) -> None:
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
