"""Files that people take with them: templates to fill in, and rows that were not taken over."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Response, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import sheets, web
from workshop.errors import N_, NotFound
from workshop.setup.blueprint import bp
from workshop.setup.imports import listed, queries, saying, service
from workshop.setup.imports.kind import Column
from workshop.setup.imports.models import ImportBatch, ImportRow
from workshop.setup.imports.reading import NOTE
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission

_IMPORT = requires(Permission.IMPORT_DATA)
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/setup/imports/template/<kind>.<ending>")
@_IMPORT
def import_template(kind: str, ending: str) -> ResponseReturnValue:
    """An empty table with the heads, one example, and what each column is."""
    found = listed.get_kind(kind)
    heads = [gettext(column.label) for column in found.columns]
    rows = [_marked([column.example for column in found.columns])]
    rows += [_marked([_hint(column) for column in found.columns])]
    return _file(gettext(found.label), ending, heads, iter(rows))


def _marked(cells: list[str]) -> list[str]:
    """A row that says how to fill in the others; it is passed over when the file comes back."""
    return [f"{NOTE} {cells[0]}".strip(), *cells[1:]]


def _hint(column: Column) -> str:
    """What is filled in, and whether it must be."""
    said = gettext(column.hint) if column.hint else ""
    needed = gettext("needed") if column.is_needed else ""
    return " · ".join(filter(None, (needed, said)))


@bp.get("/setup/imports/<int:import_id>/left.<ending>")
@_IMPORT
def left_rows(import_id: int, ending: str) -> ResponseReturnValue:
    """The rows that were not taken over, each with its reason, to be mended and brought again."""
    batch = queries.get_batch(g.branch, import_id)
    service.require_rights(listed.get_kind(batch.kind), me())
    heads = [*batch.found["header"], gettext("Why not")]
    rows = (_left(batch, row) for row in queries.list_left(batch))
    name = gettext("Not taken over from %(file)s", file=batch.file_name.rsplit(".", 1)[0])
    return _file(name, ending, heads, rows)


def _left(batch: ImportBatch, row: ImportRow) -> list[str]:
    width = len(batch.found["header"])
    cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
    return [*cells, " ".join(_reasons(row))]


def _reasons(row: ImportRow) -> Iterator[str]:
    said: dict[str, Any] = row.said or {}
    question = said.get("question")
    told = [saying.tell(each) for each in said.get("notes", ())]
    for each in (*told, *(saying.tell_question(question) if question else ())):
        yield web.words(each.message, each.values)


def _file(name: str, ending: str, heads: list[str], rows: Iterator[Any]) -> Response:
    if ending not in _TYPES:
        raise NotFound(N_("There is no such page."))
    data = io.BytesIO()
    sheets.write(data, "csv" if ending == "csv" else "xlsx", heads, rows, name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.{ending}"}
    return Response(data.getvalue(), mimetype=_TYPES[ending], headers=headers)
