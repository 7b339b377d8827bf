"""Forms of the imports: the file, its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from workshop import web
from workshop.errors import N_, Invalid
from workshop.setup.imports import listed
from workshop.setup.imports.kind import Kind
from workshop.setup.imports.service import LARGEST

NOT_THERE = "-"
PASTED = "paste.txt"


class FileForm(web.PartForm):
    """Which kind of rows, and the file or the pasted table."""

    key = "file"
    kind = RadioField(N_("What is in the file?"))
    file = FileField(N_("File (.xlsx or .csv)"))
    pasted = TextAreaField(N_("Or paste the table here"))

    @classmethod
    def of(cls, kinds: list[Kind], posted: bool, chosen: str = "") -> FileForm:
        """The form with the kinds that somebody may bring."""
        form = cls.posted() if posted else cls.blank(kind=chosen or kinds[0].name)
        form.kind.choices = [SelectChoice(each.name, each.label) for each in kinds]
        return form

    def read(self) -> tuple[Kind, str, bytes]:
        """Kind, name and bytes of what was sent; raises Invalid when there is nothing."""
        kind = listed.get_kind(self.kind.data)
        sent = self.file.data
        if isinstance(sent, FileStorage) and sent.filename:
            # One byte more than may be, so that the service sees that it is too much.
            return kind, sent.filename, sent.read(LARGEST + 1)
        if (self.pasted.data or "").strip():
            return kind, PASTED, self.pasted.data.encode()
        raise Invalid(N_("Choose a file, or paste a table."), field="file")


_ENCODINGS = {
    "": N_("found by itself"), "utf-8": "UTF-8", "gb18030": "GB18030 (GBK)", "utf-16": "UTF-16",
    "big5": "Big5",
}  # fmt: skip
_SEPARATORS = {
    "": N_("found by itself"), ",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": "|",
}  # fmt: skip


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class ReadingForm(web.PartForm):
    """With which signs the file was written."""

    key = "reading"
    seen = HiddenField()
    encoding = SelectField(N_("Encoding"), choices=_choices(_ENCODINGS))
    delimiter = SelectField(N_("Separator"), choices=_choices(_SEPARATORS))


def mapping_form(
    kind: Kind, header: list[str], mapping: Mapping[str, int] | None = None, seen: int = 0
) -> Any:
    """A form with a list of the file's columns for each column of the kind."""
    places = [SelectChoice(NOT_THERE, N_("not in the file"))]
    places += [
        SelectChoice(str(place), name or f"{place + 1}") for place, name in enumerate(header)
    ]
    fields: dict[str, Any] = {
        column.key: SelectField(column.label, choices=list(places)) for column in kind.columns
    }
    made = type("MappingForm", (web.PartForm,), {"key": "map", "seen": HiddenField(), **fields})
    if mapping is None:
        return made.posted()  # type: ignore[attr-defined]  # It is a PartForm.
    values = {column.key: str(mapping.get(column.key, NOT_THERE)) for column in kind.columns}
    return made.blank(seen=seen, **values)  # type: ignore[attr-defined]


def chosen(kind: Kind, form: Any) -> dict[str, int]:
    """The places that were chosen."""
    found = {column.key: form[column.key].data for column in kind.columns}
    return {key: web.whole(value, -1) for key, value in found.items() if value != NOT_THERE}
