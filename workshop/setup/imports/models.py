"""A file that was brought in, what each of its rows means, and what taking it over has done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workshop.db import Model, intpk, partial_index
from workshop.setup.imports.rules import ImportState, Verdict

# Nothing is NULL, and not the word null.
_JSON = sa.JSON(none_as_null=True)


class ImportBatch(Model):
    """A file and how far it is. Its hash, who brought it and what it did stay for ever.

    While something runs for it in the background, `runner` names the run and `alive_at` is its
    last sign of life; one file at a time has the turn to write.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    # What was chosen instead of what was found in the file; empty while nobody chose.
    encoding: Mapped[str] = mapped_column(String(20), default="")
    delimiter: Mapped[str] = mapped_column(String(4), default="")
    # As the file has it: {encoding, delimiter, header, header_line, told, samples}.
    found: Mapped[dict[str, Any]]
    # Column key → the place of its column in the file, and → whether the day stands first.
    mapping: Mapped[dict[str, Any]]
    day_first: Mapped[dict[str, Any]]
    # What was answered for all rows of a question.
    answers: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    done: Mapped[int] = mapped_column(default=0)
    # What was in the shop, and what the rows meant, when it was checked.
    stamp: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    runner: Mapped[str] = mapped_column(String(32), default="")
    runner_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    alive_at: Mapped[datetime | None]
    has_turn: Mapped[bool] = mapped_column(default=False)
    is_stopping: Mapped[bool] = mapped_column(default=False)
    # Why the last run ended without its aim: {message, values}.
    failure: Mapped[dict[str, Any] | None] = mapped_column(_JSON)
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    # One file at a time is written.
    __table_args__ = (partial_index("uq_import_batch_turn", "has_turn", where="has_turn"),)


class ImportFile(Model):
    """The bytes of a file, apart from what is read often; gone when its rows are let go."""

    id: Mapped[intpk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), unique=True)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class ImportRow(Model):
    """What the dry run says of one row of the file.

    `said` holds its notes, differences and question; `plan` what would be done, by answer.
    """

    id: Mapped[intpk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int]
    verdict: Mapped[Verdict]
    question: Mapped[str] = mapped_column(String(40), default="")
    answer: Mapped[str] = mapped_column(String(20), default="")
    cells: Mapped[list[str]]
    said: Mapped[dict[str, Any] | None] = mapped_column(_JSON)
    plan: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (Index("ix_import_row_batch_id_verdict", "batch_id", "verdict", "id"),)


class ImportChange(Model):
    """A row that was made or changed. Append-only.

    `holder` is the row that this one is a part of, or itself: they stay or go together. `old` has
    the columns that were changed, None for a row that was made; `version` is that of the row
    afterwards, and `new` what was written where a table counts no versions.
    """

    id: Mapped[intpk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int]
    table_name: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    is_new: Mapped[bool]
    holder_table: Mapped[str] = mapped_column(String(60))
    holder_id: Mapped[int]
    version: Mapped[int | None]
    old: Mapped[dict[str, Any] | None] = mapped_column(_JSON)
    new: Mapped[dict[str, Any] | None] = mapped_column(_JSON)

    __table_args__ = (
        Index("ix_import_change_batch_id_table", "batch_id", "table_name", "row_id"),
        Index("ix_import_change_row", "table_name", "row_id"),
    )


class ImportKept(Model):
    """A row that stayed when its file was taken back: it was changed, or something hangs on it."""

    id: Mapped[intpk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    # Where it is used, and one row there; empty when it was changed.
    used_table: Mapped[str] = mapped_column(String(60), default="")
    used_id: Mapped[int | None]
    # What it is called, for the list.
    title: Mapped[str] = mapped_column(String(200), default="")


class CustomerNumber(Model):
    """The number by which an old system knows a customer: its other files name people by it."""

    id: Mapped[intpk]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
