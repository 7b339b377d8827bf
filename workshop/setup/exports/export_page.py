"""A list as its reader may take it along: who may, which columns, and the rows as cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from flask import current_app
from flask_babel import gettext

from workshop import sheets
from workshop.errors import N_, NotFound
from workshop.listing import Asked, Column, ListSheet
from workshop.sheets import Value
from workshop.sheets.writing import Format
from workshop.staff import access
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import lists

TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def format_of(kind: str) -> Format:
    """The kind of file that an address ends with; raises NotFound."""
    for each in TYPES:
        if each == kind:
            return each
    raise NotFound(N_("There is no such list."))


def require_may_take(sheet: ListSheet, by: User) -> None:
    """Raise NotAllowed for who may not open the list's page, or does not see the list there."""
    allowed = access.declared(sheet.endpoint, current_app)
    if not isinstance(allowed, frozenset):
        raise NotFound(N_("There is no such list."))
    for wanted in (allowed, sheet.rights):
        if wanted and wanted != frozenset(Permission):
            staff.require_one_of(by, wanted)


def write(sheet: ListSheet, asked: Asked, kind: Format, file: BinaryIO) -> int:
    """Write the list as it is filtered; returns how many rows it has."""
    columns = sheet.columns_for(asked)
    rows = _Counted(sheet, asked, columns)
    header = [str(gettext(each.label)) for each in columns]
    sheets.write(file, kind, header, rows, str(gettext(sheet.label)))
    return rows.count


class _Counted:
    """The rows as cells, one by one, and how many there were."""

    def __init__(self, sheet: ListSheet, asked: Asked, columns: list[Column]) -> None:
        self.sheet, self.asked, self.columns = sheet, asked, columns
        self.count = 0

    def __iter__(self) -> Iterator[list[Value]]:
        for row in self.sheet.rows(self.asked):
            self.count += 1
            yield [lists.cell(each.value(row)) for each in self.columns]
