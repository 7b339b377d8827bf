"""Hearing of every commit to a SQLite file, whichever process makes it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Hashable
from contextlib import suppress
from pathlib import Path


class Watch:
    """A connection of its own to a SQLite file: it hears of what every other one commits."""

    def __init__(self, file: str) -> None:
        self._process, self._inode = os.getpid(), _inode_of(file)
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)

    def is_mine(self, file: str) -> bool:
        """Whether it was opened by this process, on the file that is there now."""
        return (self._process, self._inode) == (os.getpid(), _inode_of(file))

    def look(self) -> Hashable:
        """Another answer whenever somebody has written."""
        (number,) = self._connection.execute("PRAGMA data_version").fetchone()
        return (id(self), number)

    def close(self) -> None:
        """Let the file go."""
        with suppress(sqlite3.Error):
            self._connection.close()


def _inode_of(file: str) -> int:
    return Path(file).stat().st_ino
