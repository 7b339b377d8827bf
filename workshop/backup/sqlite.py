"""SQLite's own way to copy a database in use, and to tell whether a file of it is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

_COMPANIONS = ("-wal", "-shm", "-journal")
_PATIENCE_SECONDS = 20


def companions(file: Path) -> list[Path]:
    """What SQLite may lay beside a database file."""
    return [file.with_name(f"{file.name}{suffix}") for suffix in _COMPANIONS]


def copy(source: Path, target: Path) -> None:
    """Copy the database as it is at one moment, whoever writes meanwhile; one file results."""
    target.unlink(missing_ok=True)
    with (
        closing(
            sqlite3.connect(
                f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_SECONDS
            )
        ) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def opened(file: Path) -> Iterator[Connection]:
    """A connection to a file that nobody else uses."""
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def find_damage(file: Path) -> str | None:
    """What SQLite finds wrong in the file, in its words; None when it is whole."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                return str(said)
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if loose is None else f"a row of {loose[0]} refers to a row that is not there"
