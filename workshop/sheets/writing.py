"""Rows as a file: CSV that Excel and WPS open with its characters whole, or XLSX with its types.

A text that begins like a formula stays a text: a name that somebody typed must not run in the
accountant's spreadsheet. `read` takes the marks off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import BinaryIO, Literal

from workshop.sheets import workbook_writing, worksheets
from workshop.sheets.texts import GUARDED
from workshop.sheets.values import Value

Format = Literal["csv", "xlsx"]


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
        workbook_writing.write(file, header, rows, title)


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
    plain = worksheets.as_text(value)
    return "'" + plain if GUARDED.match("'" + plain) else plain
