"""Rows as a file that a table program opens: CSV or XLSX, in which no text becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

Value = str | int | Decimal | date | datetime | None
Row = Sequence[Value]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(
    file: BinaryIO, kind: str, header: Sequence[str], rows: Iterable[Row], title: str = ""
) -> None:
    """Write the rows below their header, one by one."""
    if kind == "csv":
        _write_csv(file, header, rows)
    else:
        _write_xlsx(file, header, rows, title)


def _write_csv(file: BinaryIO, header: Sequence[str], rows: Iterable[Row]) -> None:
    # Without the mark at its beginning a table program takes the file for another charset.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([_plain(each) for each in header])
    writer.writerows([_plain(each) for each in row] for row in rows)
    text.detach()


def _plain(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return "" if value is None else str(value)


_FORMATS: dict[type, str] = {
    datetime: "yyyy-mm-dd hh:mm",
    date: "yyyy-mm-dd",
}
_LONGEST_CELL = 32_767


def _write_xlsx(file: BinaryIO, header: Sequence[str], rows: Iterable[Row], title: str) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, each, bold=True) for each in header])
    for row in rows:
        sheet.append([_cell(sheet, each) for each in row])
    book.save(file)


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        # Text stays text, also where it begins like a formula.
        cell.data_type = "s"
    if isinstance(value, Decimal):
        cell.number_format = "0.00" if value.as_tuple().exponent == -2 else "General"
    elif type(value) in _FORMATS:
        cell.number_format = _FORMATS[type(value)]
    if bold:
        cell.font = Font(bold=True)
    return cell
