"""Work on files in the background: a thread of whichever process was asked, with its own session.

A process that dies takes its work with it: what it had not committed is not there, and the timer
puts the file back where it stood.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app

from workshop import clock, db
from workshop.db import session
from workshop.errors import N_, WorkshopError
from workshop.setup.imports import applying, checking, life, listed, saying, service
from workshop.setup.imports.checking import Check
from workshop.setup.imports.kind import Scope
from workshop.setup.imports.models import ImportBatch
from workshop.setup.imports.reading import Reader, rows
from workshop.setup.imports.rules import ImportState
from workshop.setup.imports.taking_back import undoing
from workshop.sheets import Words
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.storage import statistics

log = structlog.get_logger(__name__)
S = ImportState
_FAILED = Words(
    N_("Something went wrong on our side, and nothing of it was kept. The log says what it was.")
)
# How often the data may change under a file between its check and its turn.
_TRIES = 3
_WAIT_SECONDS = 0.5


def launch(batch_id: int, runner: str) -> None:
    """Work on the file in the background; what was asked must be committed."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=run, args=(app, batch_id, runner), daemon=True).start()


def run(app: Flask, batch_id: int, runner: str, told: Callable[[int], None] | None = None) -> None:
    """Do what the file's state says, in a session of its own; `told` hears of the progress."""
    with app.app_context():
        work = _Work(batch_id, runner, told or (lambda _done: None))
        try:
            work.run()
        except life.Lost:
            db.rollback()
        except life.Stopped:
            db.rollback()
            work.give_back(saying.keep(life.STOPPED))
        except WorkshopError as error:
            db.rollback()
            work.give_back(saying.keep_refusal(error))
        except Exception:
            db.rollback()
            log.exception("an import failed", batch=batch_id)
            work.give_back(saying.keep(_FAILED))


class _Work:
    """One run on one file."""

    def __init__(self, batch_id: int, runner: str, told: Callable[[int], None]) -> None:
        self._batch_id = batch_id
        self._runner = runner
        self._told = told

    def run(self) -> None:
        """The check, taking over, or taking back."""
        {S.CHECKING: self._check, S.APPLYING: self._apply, S.UNDOING: self._undo}[
            self._batch().state
        ]()

    def _batch(self) -> ImportBatch:
        batch = session.get(ImportBatch, self._batch_id, populate_existing=True)
        if batch is None or batch.runner != self._runner:
            raise life.Lost
        return batch

    def _beat(self, done: int) -> None:
        """A sign of life, kept at once: others must see it."""
        life.beat(self._batch_id, self._runner, done, clock.now())
        db.commit()
        self._told(done)

    def give_back(self, why: dict[str, Any]) -> None:
        """The run ends without its aim."""
        batch = session.get(ImportBatch, self._batch_id, populate_existing=True)
        if batch is not None:
            life.give_back(batch, self._runner, why)
        db.commit()

    # ---- The dry run ----

    def _check(self) -> None:
        check, told = self._read_all()
        batch = self._batch()
        check.finish(batch, told)
        life.end(batch)
        db.commit()

    def _read_all(self) -> tuple[Check, list[Words]]:
        """Judge all rows and keep what they mean, a few thousand at a time."""
        with db.reading():
            batch = self._batch()
            kind = listed.get_kind(batch.kind)
            sheet = service.open_sheet(kind, batch)
            reader = Reader(kind, batch.mapping, epoch=sheet.epoch, day_first=batch.day_first)
            check = Check(batch, kind, reader, _scope(batch))
            db.rollback()
        checking.forget(self._batch_id)
        self._beat(0)
        with sheet:
            for some in checking.portions(rows(sheet)):
                # Whoever only reads lets the desk write meanwhile.
                with db.reading():
                    judged = check.judge(some)
                    db.rollback()
                check.keep(judged)
                self._beat(check.done)
            return check, sheet.told

    # ---- Taking over ----

    def _apply(self) -> None:
        self._wait_for_turn()
        for _ in range(_TRIES):
            try:
                self._write()
            except applying.Moved:
                db.rollback()
                self._check_again()
            else:
                self._tidy()
                return
        raise applying.Moved

    def _wait_for_turn(self) -> None:
        while not life.take_turn(self._batch_id):
            life.release_lost(clock.now(), clock.speed())
            self._beat(0)
            time.sleep(_WAIT_SECONDS)
        self._beat(0)

    def _check_again(self) -> None:
        """Somebody has changed the shop's data since: does the file still mean the same?"""
        before = self._batch().digest
        check, _ = self._read_all()
        batch = self._batch()
        check.note(batch)
        is_same = batch.digest == before
        db.commit()
        if not is_same:
            raise WorkshopError(
                N_(
                    "The shop's data have changed since, and with them what some rows mean. "
                    "Look at it again."
                )
            )

    def _write(self) -> None:
        batch = self._batch()
        by = session.get_one(User, batch.runner_by_id)
        life.beat(self._batch_id, self._runner, 0, clock.now())
        applying.apply(batch, listed.get_kind(batch.kind), by=by, at=clock.now())
        life.end(batch)
        db.commit()

    def _tidy(self) -> None:
        checking.forget_taken(self._batch_id)
        # An empty shop has a hundred thousand rows now: pages shall find them by the indexes.
        statistics.gather(session.connection())
        db.commit()

    # ---- Taking back ----

    def _undo(self) -> None:
        self._wait_for_turn()
        batch = self._batch()
        by = session.get_one(User, batch.runner_by_id)
        undoing.undo(batch, by=by, at=clock.now())
        life.end(batch)
        db.commit()


def _scope(batch: ImportBatch) -> Scope:
    branch = session.get_one(Branch, batch.branch_id)
    return Scope(branch.id, calendar.local_day(branch, clock.now()), branch.zone)
