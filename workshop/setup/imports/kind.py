"""What a kind of rows says of itself: its columns, and how a row meets what the shop has.

A kind writes nothing. For each row it gives a plan: rows to put, columns to change. The engine
carries all plans of a file out in one transaction, keeps what it did, and can take it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from workshop.errors import N_
from workshop.setup.imports.rules import SKIP, Verdict
from workshop.sheets import Words
from workshop.sheets.cells import Cell
from workshop.staff.permissions import Permission


@dataclass(frozen=True)
class Column:
    """A column that the kind reads: what its head may be called, and how a cell is read.

    `label` is the head in the template (msgid). `read` takes the cell; that of a day takes the
    order of its figures too, for it may be asked. `example` stands in the template's example row.
    """

    key: str
    label: str
    read: Callable[..., Cell[Any]]
    aliases: tuple[str, ...] = ()
    is_needed: bool = False
    is_day: bool = False
    example: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """A row as the kind judges it: `values` by column key, without what is empty in the file."""

    line: int
    values: Mapping[str, Any]

    def get(self, key: str, otherwise: Any = None) -> Any:
        """The value of a column, `otherwise` when the file says nothing."""
        return self.values.get(key, otherwise)


# ---- Plans ----


@dataclass(frozen=True)
class Ref:
    """Stands in a plan for the id of the row that a Put with this `ref` makes."""

    name: str


@dataclass(frozen=True)
class Mark:
    """Stands in a plan for what is known only when it is carried out."""

    name: str


AT, BY = Mark("at"), Mark("by")
"""The time at which the file is taken over, and the id of who takes it over."""
LOCALE, ONCE = Mark("locale"), Mark("once")
"""The language of who takes the file over, and a name that nothing else ever has."""


@dataclass(frozen=True)
class Put:
    """Make a row of a table. `values` name every column that needs one, but `id` and `version`.

    A table without ids links two others: its row is a part of the one that it hangs on.

    Of several Puts with the same `ref` in a file only the first is made, so each row may ask for
    the owner that it shares with others. `part_of` is the ref, or table and id, of the row without
    which this one means nothing: they stay or go together when the file is taken back.
    """

    table: str
    values: Mapping[str, Any]
    ref: str = ""
    part_of: Ref | tuple[str, int] | None = None


@dataclass(frozen=True)
class Set:
    """Change columns of a row that is there, or that an earlier line has put.

    Its `version` is counted up by itself. Nothing is done when nobody wanted the earlier line.
    """

    table: str
    id: int | Ref
    values: Mapping[str, Any]


Plan = tuple[Put | Set, ...]


# ---- What is said of a row ----


@dataclass(frozen=True)
class Difference:
    """A column that becomes another one: what it is called (msgid), before and after."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Note:
    """A warning or the reason of a refusal, and the column that it is about."""

    said: Words
    column: str = ""


@dataclass(frozen=True)
class Choice:
    """One answer to a question: its value, its words (msgid), and what is done then.

    `also` are the words of the second matter that it decides.
    """

    value: str
    label: str
    plan: Plan = ()
    also: str = ""


LEAVE_OUT = Choice(SKIP, N_("Leave the row out"))


@dataclass(frozen=True)
class Question:
    """What somebody has to decide; questions of one name can be answered all at once.

    `label` (msgid) says it for all, `said` for this row; `also_label` and `also` do of a second
    matter that is decided with it. `LEAVE_OUT` is a choice of each.
    """

    name: str
    label: str
    said: Words
    choices: tuple[Choice, ...]
    also_label: str = ""
    also: Words | None = None


@dataclass(frozen=True)
class Judgement:
    """What becomes of a row."""

    verdict: Verdict
    plan: Plan = ()
    notes: tuple[Note, ...] = ()
    differences: tuple[Difference, ...] = ()
    question: Question | None = None


def new(*plan: Put | Set, notes: Iterable[Note] = ()) -> Judgement:
    """The row brings something that is not there."""
    return Judgement(Verdict.NEW, plan, tuple(notes))


def changed(
    *plan: Put | Set, differences: Iterable[Difference], notes: Iterable[Note] = ()
) -> Judgement:
    """The row changes what is there."""
    return Judgement(Verdict.CHANGED, plan, tuple(notes), tuple(differences))


def same(notes: Iterable[Note] = ()) -> Judgement:
    """All that the row says is there already."""
    return Judgement(Verdict.SAME, notes=tuple(notes))


def refused(message: str, column: str = "", **values: Any) -> Judgement:
    """The row cannot be taken, for a reason that it can be mended by."""
    return Judgement(Verdict.REFUSED, notes=(Note(Words(message, values), column),))


def doubtful(
    question: Question, notes: Iterable[Note] = (), differences: Iterable[Difference] = ()
) -> Judgement:
    """Somebody must decide what the row means."""
    return Judgement(Verdict.DOUBTFUL, (), tuple(notes), tuple(differences), question)


# ---- A kind ----


@dataclass(frozen=True)
class Scope:
    """In which shop and on which of its days a file is judged."""

    branch_id: int
    day: date
    zone: str


class Judge(Protocol):
    """Judges the rows of one file, a few thousand at a time, in their order.

    It looks up what the shop has in bulk, and remembers what earlier rows of the file have said.
    """

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""


@dataclass(frozen=True)
class Place:
    """Where rows of a table are looked at: what one is called (msgid), endpoint and argument."""

    label: str
    endpoint: str = ""
    argument: str = ""


def _nothing(_batch_id: int) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Kind:
    """One kind of rows. `tables` are all that judging looks at or plans write.

    Of each group of `one_of` the file needs one column at least. `rights` are needed beside the
    one to import. `places` say where rows of its tables are looked at, `next_place` where people
    go on once the file is taken over; `tell` adds to what the trail says of it.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    tables: tuple[str, ...]
    begin: Callable[[Scope], Judge]
    rights: frozenset[Permission] = frozenset()
    one_of: tuple[tuple[str, ...], ...] = ()
    hint: str = ""
    icon: str = "table"
    places: Mapping[str, Place] = field(default_factory=dict)
    next_place: Place | None = None
    tell: Callable[[int], Mapping[str, Any]] = _nothing

    def column(self, key: str) -> Column:
        """The column of this key."""
        return next(each for each in self.columns if each.key == key)


__all__ = [
    "AT",
    "BY",
    "LEAVE_OUT",
    "LOCALE",
    "ONCE",
    "Choice",
    "Column",
    "Difference",
    "Judge",
    "Judgement",
    "Kind",
    "Note",
    "Place",
    "Plan",
    "Put",
    "Question",
    "Ref",
    "Row",
    "Scope",
    "Set",
    "changed",
    "doubtful",
    "new",
    "refused",
    "same",
]
