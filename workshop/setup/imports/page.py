"""What the pages of an import show."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from workshop import db
from workshop.db import session
from workshop.errors import N_, Missing
from workshop.setup.imports import clearing, gates, listed, mapping, queries, rules, saying, service
from workshop.setup.imports.kind import Kind
from workshop.setup.imports.models import ImportBatch, ImportKept, ImportRow
from workshop.setup.imports.rules import ImportState, Verdict
from workshop.setup.imports.shown import Asked, Line, answers_to
from workshop.sheets import Words
from workshop.staff.models import User
from workshop.web.words import show_value

S = ImportState
TONES = {
    Verdict.NEW: "good",
    Verdict.CHANGED: "info",
    Verdict.SAME: "neutral",
    Verdict.DOUBTFUL: "warn",
    Verdict.REFUSED: "bad",
}
_SHOWN_CELLS = 5
_PARTS = {
    **dict.fromkeys((S.CHECKING, S.APPLYING, S.UNDOING), "working"),
    **dict.fromkeys((S.APPLIED, S.UNDONE, S.CANCELLED), "result"),
    S.UPLOADED: "columns",
    S.CHECKED: "checked",
}
_WORKING = {
    S.CHECKING: N_("Each row is being checked"),
    S.APPLYING: N_("The rows are being taken over"),
    S.UNDOING: N_("The import is being taken back"),
}


class ImportPage:
    """All that the page of one file shows."""

    def __init__(self, batch: ImportBatch, verdict: Verdict | None = None, page: int = 1) -> None:
        self.batch = batch
        self.kind: Kind = listed.get_kind(batch.kind)
        self.counts = service.counts(batch)
        self.verdict = verdict or self._first()
        self._page = page
        self.brought_by = session.get_one(User, batch.by_id)

    def _first(self) -> Verdict:
        """What needs somebody comes first."""
        for each in (Verdict.DOUBTFUL, Verdict.REFUSED, Verdict.NEW, Verdict.CHANGED):
            if self.counts[each]:
                return each
        return Verdict.SAME

    @property
    def is_open(self) -> bool:
        """Whether somebody may still go on with the file, or give it up."""
        return self.batch.state in (S.UPLOADED, S.CHECKED)

    @property
    def is_applied(self) -> bool:
        """Whether it was taken over, and can be taken back."""
        return self.batch.state is S.APPLIED

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back."""
        return self.batch.state is S.UNDONE

    @property
    def is_cleared(self) -> bool:
        """Whether its rows were let go since."""
        return clearing.is_cleared(self.batch)

    @property
    def note_icon(self) -> str:
        """What stands beside a note of these rows."""
        return "circle-x" if self.verdict is Verdict.REFUSED else "triangle-alert"

    @property
    def part(self) -> str:
        """Which part of the page its state shows."""
        return _PARTS[self.batch.state]

    @property
    def working(self) -> str:
        """What runs for the file (msgid)."""
        return _WORKING[self.batch.state]

    @property
    def result(self) -> list[tuple[str, int]]:
        """How many rows were new, changed and decided."""
        return [
            (str(gettext(each.label)), self.counts[each])
            for each in (Verdict.NEW, Verdict.CHANGED, Verdict.SAME)
        ]

    @property
    def failure(self) -> Words | None:
        """Why the last run ended without its aim."""
        return saying.tell(self.batch.failure) if self.batch.failure else None

    @property
    def told(self) -> list[Words]:
        """What the reading passed over."""
        return [saying.tell(each) for each in self.batch.found["told"]]

    @property
    def header(self) -> list[str]:
        """The heads of the file."""
        found: list[str] = self.batch.found["header"]
        return found

    @property
    def unread(self) -> list[str]:
        """The heads that nothing reads."""
        return mapping.unread(self.header, self.batch.mapping)

    @property
    def samples(self) -> dict[str, str]:
        """What stands first in each column that is read, by key."""
        rows: list[list[str]] = self.batch.found["samples"]
        return {
            key: next((row[place] for row in rows if place < len(row) and row[place]), "")
            for key, place in self.batch.mapping.items()
        }

    @property
    def same_file(self) -> ImportBatch | None:
        """The same file, taken over before."""
        return queries.find_same(self.batch)

    @property
    def turn(self) -> ImportBatch | None:
        """Another file that is being written, for which this one waits."""
        found = queries.find_turn()
        return found if found is not None and found.id != self.batch.id else None

    @property
    def turn_by(self) -> str:
        """Who takes the other file over."""
        turn = self.turn
        by = session.get(User, turn.runner_by_id) if turn and turn.runner_by_id else None
        return by.display_name if by else ""

    @property
    def total(self) -> int:
        """How many rows the file has; 0 while nobody knows."""
        return 0 if self.batch.state is S.CHECKING else sum(self.counts.values())

    # ---- The dry run ----

    @property
    def tabs(self) -> list[tuple[str, str, str, int]]:
        """A tab for each verdict, with its count."""
        return [
            (
                each.value,
                show_value(each),
                url_for("setup.show_import", import_id=self.batch.id, show=each.value),
                self.counts[each],
            )
            for each in Verdict
        ]

    @property
    def rows(self) -> Any:
        """The rows of this verdict, a page of them."""
        return queries.list_rows(self.batch, self.verdict, self._page)

    def line(self, row: ImportRow) -> Line:
        """A row as the page shows it."""
        said = row.said or {}
        question = said.get("question")
        return Line(
            row,
            self._cells(row),
            [saying.tell(each) for each in said.get("notes", ())],
            [
                (label, saying.show_value(before), saying.show_value(after))
                for label, before, after in said.get("differences", ())
            ],
            saying.tell_question(question) if question else [],
            answers_to(question, row.answer) if question else [],
        )

    def _cells(self, row: ImportRow) -> list[tuple[str, str]]:
        """The first cells of the row that are read and filled, each with its head."""
        places = sorted(self.batch.mapping.values())
        found = [
            (self.header[place], row.cells[place])
            for place in places
            if place < len(row.cells) and row.cells[place]
        ]
        return found[:_SHOWN_CELLS]

    @property
    def questions(self) -> list[Asked]:
        """What somebody has to decide."""
        return [
            Asked(
                name,
                saying.tell_labels(first.said["question"]["label"]),
                count,
                count - answered,
                answers_to(first.said["question"], self.batch.answers.get(name, "")),
            )
            for name, count, answered, first in queries.list_questions(self.batch)
            if first.said
        ]

    @property
    def ambiguous(self) -> list[tuple[str, str, int, str]]:
        """Columns of days that can be read in two ways: key, label, how many, and one of them."""
        found = self.batch.found.get("ambiguous", {})
        return [
            (key, self.kind.column(key).label, count, sample)
            for key, (count, sample) in found.items()
        ]

    @property
    def taken(self) -> int:
        """How many rows would do something."""
        return queries.count_taken(self.batch)

    @property
    def wait_seconds(self) -> int:
        """How long others wait with saving while the rows are written; 0 where it is no matter."""
        return rules.seconds_of_writing(self.taken) if db.is_sqlite() else 0

    @property
    def missing_for_apply(self) -> list[Missing]:
        """Why the button of taking over cannot be pressed."""
        return gates.missing_for_apply(self.batch, self.taken)

    @property
    def left(self) -> int:
        """How many rows are not taken over as it stands."""
        return self.counts[Verdict.REFUSED] + sum(
            each.count - queries.count_answered(self.batch, each.name) for each in self.questions
        )

    # ---- Taken back ----

    @property
    def kept(self) -> Any:
        """What stayed when the file was taken back."""
        return queries.list_kept(self.batch, self._page)

    def place(self, kept: ImportKept) -> tuple[str, str | None, str, str | None]:
        """What a row that stayed is, its address; where it is used, and the address of that."""
        what, url = self._place(kept.table_name, kept.row_id)
        where, used = self._place(kept.used_table, kept.used_id) if kept.used_table else ("", None)
        return what, url, where, used

    def _place(self, table: str, row_id: int | None) -> tuple[str, str | None]:
        place = listed.place_of(table)
        if place is None or row_id is None:
            return listed.OTHER_RECORDS, None
        if not place.endpoint:
            return place.label, None
        return place.label, url_for(place.endpoint, **_values(place.argument, row_id))


def _values(name: str, value: int) -> dict[str, Any]:
    return {name: value}
