"""Tables that come and go as files: CSV, XLSX, or pasted from a spreadsheet.

    with sheets.read(file, "cars.xlsx", known=names) as sheet:
        for row in sheet.rows():
            plate = cells.text(row.cells[2])

    sheets.write(file, "xlsx", header, rows)

A cell that is read is text, as its owner sees it in a spreadsheet; a date is written 2026-01-05.
This package knows no database and no page: what a cell must be for a car, says who asks.
"""

from __future__ import annotations

from workshop.sheets.headers import normal_name
from workshop.sheets.reading import Sheet, SheetRow, read
from workshop.sheets.values import Value
from workshop.sheets.words import Unreadable, Words
from workshop.sheets.writing import write

__all__ = ["Sheet", "SheetRow", "Unreadable", "Value", "Words", "normal_name", "read", "write"]
