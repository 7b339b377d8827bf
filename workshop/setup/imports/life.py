"""Work in the background: who works on which file, its signs of life, and what became of it.

A process may die at any moment. All that it wrote is in one transaction, so a file whose work has
shown no sign of life for a while stands again where it stood before.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from workshop.db import session
from workshop.errors import N_, Conflict
from workshop.setup.imports import saying
from workshop.setup.imports.bulk import write
from workshop.setup.imports.models import ImportBatch
from workshop.setup.imports.rules import AT_WORK, BEFORE, ImportState
from workshop.sheets import Words
from workshop.staff.models import User
from workshop.storage import busy

LEASE = timedelta(minutes=2)
INTERRUPTED = Words(N_("The work on this file was interrupted. Nothing of it was kept; try again."))
STOPPED = Words(N_("Stopped, as asked. Nothing of it was kept."))


class Lost(Exception):
    """Another run has this file now, or it was given back: whoever reads this may write nothing."""


class Stopped(Exception):
    """Somebody asked to stop."""


def begin(batch: ImportBatch, state: ImportState, *, by: User, at: datetime) -> str:
    """Let a run begin; gives its name. Raises Conflict when the file is not where it must be."""
    runner = secrets.token_hex(16)
    begun = write(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.state == BEFORE[state])
        .values(
            state=state, runner=runner, runner_by_id=by.id, alive_at=at, done=0,
            is_stopping=False, failure=None, version=ImportBatch.version + 1,
        )
    )  # fmt: skip
    session.expire(batch)
    if begun != 1:
        raise Conflict(N_("Somebody else has gone on with this file meanwhile. Look at it again."))
    return runner


def beat(batch_id: int, runner: str, done: int, at: datetime) -> None:
    """Show a sign of life, and how many rows are done. Raises Lost or Stopped."""
    own = (ImportBatch.id == batch_id, ImportBatch.runner == runner)
    if write(update(ImportBatch).where(*own).values(alive_at=at, done=done)) != 1:
        raise Lost
    if session.scalar(select(ImportBatch.is_stopping).where(ImportBatch.id == batch_id)):
        raise Stopped


def is_written(connection: Connection) -> bool:
    """Whether a file is being written at this moment: whoever else would write waits for it."""
    found = connection.exec_driver_sql(
        "SELECT 1 FROM import_batch WHERE has_turn AND state IN ('applying', 'undoing')"
    )
    return found.first() is not None


busy.know(is_written)


def take_turn(batch_id: int) -> bool:
    """Whether this file is now the one that is written; another one may be."""
    try:
        with session.begin_nested():
            write(update(ImportBatch).where(ImportBatch.id == batch_id).values(has_turn=True))
    except IntegrityError:
        return False
    return True


def end(batch: ImportBatch) -> None:
    """The run is over; the file's state says how."""
    batch.runner, batch.has_turn, batch.alive_at, batch.is_stopping = "", False, None, False


def give_back(batch: ImportBatch, runner: str, why: dict[str, Any]) -> None:
    """The run ended without its aim: the file stands where it stood, with the reason."""
    if batch.runner == runner and batch.state in AT_WORK:
        batch.state, batch.failure = BEFORE[batch.state], why
        end(batch)


def release_lost(at: datetime, speed: float = 1.0) -> int:
    """Give files back whose work has shown no sign of life; gives how many.

    `speed` is that of the shop's clock: signs of life come in real seconds.
    """
    late = at - LEASE * max(1.0, speed)
    count = 0
    for state in AT_WORK:
        count += write(
            update(ImportBatch)
            .where(ImportBatch.state == state, ImportBatch.alive_at < late)
            .values(
                state=BEFORE[state], failure=saying.keep(INTERRUPTED), runner="",
                has_turn=False, alive_at=None, is_stopping=False,
                version=ImportBatch.version + 1,
            )
        )  # fmt: skip
    return count


def ask_to_stop(batch: ImportBatch) -> bool:
    """Let the run end at its next row; whether the file is at work at all."""
    at_work = (ImportBatch.id == batch.id, ImportBatch.state.in_(AT_WORK))
    return write(update(ImportBatch).where(*at_work).values(is_stopping=True)) == 1
