"""A lock that a process holds on a file, on every platform; it goes when the process goes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from workshop.storage import ownership

# Each system has one of the two and knows nothing of the other.
if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PAUSE_SECONDS = 0.05


class Held(Exception):
    """Another process holds the lock."""


def take(path: Path, *, shared: bool = False) -> IO[str]:
    """Hold the lock until the file that is returned is closed; raises Held.

    Several processes may share a lock; Windows knows no sharing, there only one has it.
    """
    # Not emptied: on Windows the holder's locked byte is in it.
    file = path.open("a+")
    ownership.hand_over(path)
    try:
        _lock(file, shared)
    except OSError as error:
        file.close()
        raise Held(str(path)) from error
    return file


@contextmanager
def held(path: Path, *, patience_seconds: float = 0) -> Iterator[None]:
    """Hold the lock for a while; raises Held if it is not to be had within the patience."""
    until = time.monotonic() + patience_seconds
    while True:
        try:
            file = take(path)
            break
        except Held:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE_SECONDS)
    with file:
        yield


def is_held(path: Path) -> bool:
    """Whether a process holds the lock now; asking makes nobody wait."""
    try:
        with held(path):
            return False
    except Held:
        return True


def _lock(file: IO[str], shared: bool) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
