"""APScheduler: runs the jobs that the packages' faces declare, in exactly one process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from workshop import clock, db
from workshop.health import service as health
from workshop.storage import locking

log = structlog.get_logger(__name__)
LEADER_KEY = 716_004_001
# Soon after the start, and not an interval later: a shop that restarts often has timers as well.
_FIRST_RUN = timedelta(seconds=3)
_SHORTEST_SECONDS = 5.0


class Leader:
    """Exactly one process at a time holds the lead: an advisory lock, or a locked file."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._path = folder / "timers.lock"
        # Several jobs may be due at once, each in a thread of its own.
        self._asking = threading.Lock()
        self._connection: Connection | None = None
        self._file: IO[str] | None = None

    def try_lead(self) -> bool:
        """Whether this process leads now; takes the lead over when the old one is gone."""
        with self._asking, self._app.app_context():
            return self._lead_by_file() if db.is_sqlite() else self._lead_by_database()

    def resign(self) -> None:
        """Let another process lead."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._connection is not None:
            # The server notices a closed connection a moment later; an unlock counts at once.
            with contextlib.suppress(SQLAlchemyError):
                self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
            # A pooled connection would keep the lock if the unlock had failed.
            self._connection.detach()
            self._connection.close()
            self._connection = None

    def _lead_by_file(self) -> bool:
        if self._file is None:
            with contextlib.suppress(locking.Held):
                self._file = locking.take(self._path)
        return self._file is not None

    def _lead_by_database(self) -> bool:
        try:
            return self._ask_database()
        except SQLAlchemyError:
            log.exception("lost the connection that held the lead")
            if self._connection is not None:
                self._connection.invalidate()
                self._connection.close()
                self._connection = None
            return False

    def _ask_database(self) -> bool:
        if self._connection is None:
            self._connection = db.db.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
        # Asking again within one session only counts the lock up.
        held = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
            "AND pid = pg_backend_pid() AND objid = :key"
        )
        if self._connection.scalar(held, {"key": LEADER_KEY}):
            return True
        query = text("SELECT pg_try_advisory_lock(:key)")
        return bool(self._connection.scalar(query, {"key": LEADER_KEY}))


def list_jobs(app: Flask) -> Iterator[tuple[Callable[[], None], int]]:
    """All jobs of all packages, with the shop seconds between two runs."""
    for face in app.extensions["workshop_faces"]:
        yield from face.jobs


def start(app: Flask, folder: Path) -> BackgroundScheduler:
    """Start the timers of this process; they stay quiet unless it leads."""
    scheduler = BackgroundScheduler(timezone="UTC")
    leader = Leader(app, folder)
    for job, shop_seconds in list_jobs(app):
        # The demo's fast clock makes the real interval shorter, but never a busy loop.
        seconds = max(_SHORTEST_SECONDS, shop_seconds / max(1.0, clock.speed()))
        scheduler.add_job(
            run_one,
            "interval",
            seconds=seconds,
            next_run_time=clock.of_computer() + _FIRST_RUN,
            args=(app, leader, job),
            id=f"{job.__module__}.{job.__name__}",
            max_instances=1,
            # Late is better than never: a busy machine skips no run.
            misfire_grace_time=None,
            coalesce=True,
        )
    scheduler.start()
    return scheduler


def run_one(app: Flask, leader: Leader, job: Callable[[], Any]) -> None:
    """Run one job in a context of its own; its failure is logged and harms no other."""
    if not leader.try_lead():
        return
    with app.app_context():
        try:
            job()
            health.note_beat(clock.of_computer())
            db.commit()
        except Exception:
            db.rollback()
            log.exception("job failed", job=job.__name__)
