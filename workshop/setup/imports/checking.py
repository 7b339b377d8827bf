"""The dry run: what each row of a file would do. It writes nothing but what it found out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import Model, session
from workshop.setup.imports import bulk, plans, saying
from workshop.setup.imports.bulk import write
from workshop.setup.imports.kind import Judgement, Kind, Scope
from workshop.setup.imports.models import ImportBatch, ImportRow
from workshop.setup.imports.reading import Read, Reader
from workshop.setup.imports.rules import ImportState, Verdict
from workshop.setup.imports.taking_back import stamps
from workshop.sheets import SheetRow

ROWS_AT_A_TIME = 2000


class Check:
    """One pass over a file: read and judge some rows, keep what they mean, and so on."""

    def __init__(self, batch: ImportBatch, kind: Kind, reader: Reader, scope: Scope) -> None:
        self._batch_id = batch.id
        self._reader = reader
        self._judge = kind.begin(scope)
        self._stamp = stamps.take(kind.tables)
        self._for_all = dict(batch.answers)
        self._answers = _list_answers(batch)
        self._counts: Counter[str] = Counter()
        self._digest = hashlib.sha256()
        self.done = 0

    def judge(self, some: Sequence[SheetRow]) -> list[dict[str, Any]]:
        """What some rows mean, ready to be kept. It only reads."""
        read = [self._reader.read(each.line, each.cells) for each in some]
        judged = iter(self._judge.judge([each.row for each in read if not each.refusals]))
        found = [_refused(each) if each.refusals else next(judged) for each in read]
        return [
            self._row(sheet_row, each, judgement)
            for sheet_row, each, judgement in zip(some, read, found, strict=True)
        ]

    def _row(self, sheet_row: SheetRow, read: Read, judgement: Judgement) -> dict[str, Any]:
        question = judgement.question.name if judgement.question else ""
        plan = plans.write(judgement)
        self._counts[judgement.verdict.value] += 1
        self._digest.update(f"{sheet_row.line} {judgement.verdict.value} {plan}\n".encode())
        return {
            "batch_id": self._batch_id,
            "line": sheet_row.line,
            "verdict": judgement.verdict,
            "question": question,
            "answer": self._answer(sheet_row.line, question),
            "cells": list(sheet_row.cells),
            "said": saying.of_row(judgement, read.warnings),
            "plan": plan,
        }

    def _answer(self, line: int, question: str) -> str:
        if not question:
            return ""
        own = self._answers.get(line)
        if own is not None and own[0] == question:
            return own[1]
        return str(self._for_all.get(question, ""))

    def keep(self, rows: list[dict[str, Any]]) -> None:
        """Keep what some rows mean."""
        bulk.insert(Model.metadata.tables[ImportRow.__tablename__], rows)
        self.done += len(rows)

    def note(self, batch: ImportBatch) -> None:
        """Keep with the file what its rows mean in all, and in view of what."""
        batch.counts = {each.value: self._counts[each.value] for each in Verdict}
        batch.digest, batch.stamp = self._digest.hexdigest(), self._stamp

    def finish(self, batch: ImportBatch, told: Iterable[Any]) -> None:
        """The whole file is checked; `told` is what the reading passed over."""
        self.note(batch)
        batch.found = {
            **batch.found,
            "told": [saying.keep(each) for each in told],
            "ambiguous": self._reader.ambiguous,
        }
        batch.state = ImportState.CHECKED


def portions(rows: Iterable[SheetRow]) -> Iterator[Sequence[SheetRow]]:
    """The rows of a file, as many at a time as are judged at once."""
    rows = iter(rows)
    while some := list(islice(rows, ROWS_AT_A_TIME)):
        yield some


def forget(batch_id: int) -> None:
    """Let go what an earlier dry run said."""
    write(sa.delete(ImportRow).where(ImportRow.batch_id == batch_id))


def forget_taken(batch_id: int) -> None:
    """Once a file is taken over, only the rows that were left are asked for any more."""
    done = (Verdict.NEW, Verdict.CHANGED, Verdict.SAME)
    write(sa.delete(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.verdict.in_(done)))


def _list_answers(batch: ImportBatch) -> dict[int, tuple[str, str]]:
    """What was answered row by row, by line."""
    query = select(ImportRow.line, ImportRow.question, ImportRow.answer).where(
        ImportRow.batch_id == batch.id, ImportRow.answer != ""
    )
    return {line: (question, answer) for line, question, answer in session.execute(query)}


def _refused(read: Read) -> Judgement:
    return Judgement(Verdict.REFUSED, notes=tuple(read.refusals))
