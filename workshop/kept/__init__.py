"""What one page found is kept for the next one, as long as nobody has written anything.

A page that is looked at notes, before it reads, which writings the database has seen. What it
found is true for every page that finds the same note. So one answer serves all desks that ask
again after an act, and no answer is older than the last act of anybody, in this process or another.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from workshop import db
from workshop.kept.watch import Watch

T = TypeVar("T")
_EXTENSION = "workshop_kept"
_SEEN = "seen writings"
# More than a minute's pages of a whole group ask for.
_MOST = 2_000


def init_app(app: Flask) -> None:
    """Note for each reader what the database has seen."""
    with app.app_context():
        engine = db.db.engine
    kept = _Kept(engine)
    app.extensions[_EXTENSION] = kept
    event.listen(engine, "begin", kept.note)
    event.listen(engine, "engine_disposed", kept.forget)


def until_written(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds, read once as long as nothing at all is written.

    It is shared by all pages: plain values, no records of a session. Whatever it depends on beside
    the database (the branch, the person, the minute) stands in the key. An act reads by itself.
    """
    if not db.only_reads():
        return read()
    kept: _Kept = current_app.extensions[_EXTENSION]
    return kept.find(db.session.connection().info.get(_SEEN), key, read)


def recall(key: Hashable) -> Any:
    """What is kept under this key, if nothing has been written since; asks for nothing else."""
    kept: _Kept = current_app.extensions[_EXTENSION]
    return kept.recall(db.session.connection().info.get(_SEEN), key)


def list_kept() -> dict[Hashable, Any]:
    """All that is kept now, for who looks whether it is plain."""
    kept: _Kept = current_app.extensions[_EXTENSION]
    return dict(kept.found)


class _Kept:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._seen: Hashable = None
        self.found: dict[Hashable, Any] = {}
        self._watch: Watch | None = None

    def note(self, connection: Connection) -> None:
        """Before a page reads anything: what is written later is in no answer of an older note."""
        connection.info[_SEEN] = self._look(connection) if db.only_reads() else None

    def find(self, seen: Hashable, key: Hashable, read: Callable[[], T]) -> T:
        """What was found under this note, or is found now."""
        if seen is None:
            return read()
        with self._lock:
            if self._seen != seen or len(self.found) > _MOST:
                self._seen, self.found = seen, {}
            found = self.found
        if key not in found:
            found[key] = read()
        return found[key]  # type: ignore[no-any-return]  # It is what `read` gave for the key.

    def recall(self, seen: Hashable, key: Hashable) -> Any:
        """What was found under this note, if it was."""
        with self._lock:
            return self.found.get(key) if seen is not None and self._seen == seen else None

    def forget(self, _engine: Engine) -> None:
        """The database may be another one from now on."""
        with self._lock:
            self._seen, self.found = None, {}
            if self._watch is not None:
                self._watch.close()
                self._watch = None

    def _look(self, connection: Connection) -> Hashable:
        if self._engine.dialect.name != "sqlite":
            # Two readers with the same snapshot see the same rows.
            asked = "SELECT CAST(pg_current_snapshot() AS text)"
            return str(connection.exec_driver_sql(asked).scalar())
        file = self._engine.url.database
        if not file or file == ":memory:":
            return None
        # Whoever cannot look keeps nothing; what is wrong with the file the page says itself.
        with self._lock, suppress(OSError, sqlite3.Error):
            if self._watch is None or not self._watch.is_mine(file):
                self._watch = Watch(file)
            return self._watch.look()
        return None
