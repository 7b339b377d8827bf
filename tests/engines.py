"""Which tests of the whole suite run on PostgreSQL today.

Most rules do not know on which engine they run: on SQLite, what every shop begins with, each of
their tests runs every time, and on PostgreSQL a third of them a day, another third the next day.
Where the engine itself answers (guards, races, upgrades, locks) both always do. Who names files or
folders on the command line gets all that was named, and `pytest --engines all` is everything.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

DAYS = 3
# Inherited by the workers, so that midnight parts nobody from the others; set it to repeat a day.
_DAY = "WORKSHOP_TEST_DAY"
# Triggers, constraints, locks, threads, migrations, the ledger of places and of parts.
_BOTH = (
    "tests/allocation/",
    "tests/guards/",
    "tests/releases/",
    "tests/stock/",
    "tests/test_audit",
    "tests/test_crash",
    "tests/test_databases",
    "tests/test_db",
    "tests/test_guards",
    "tests/test_races",
    "tests/test_upgrade",
)
_WORDS = ("race", "races", "at_once", "two_", "both_", "lock", "concurrent")


def begin() -> None:
    """Fix the day for this run and its workers."""
    os.environ.setdefault(_DAY, str(datetime.now(UTC).toordinal()))


def not_today(nodeids: Iterable[str]) -> set[str]:
    """The tests that run on SQLite today, and on PostgreSQL another day."""
    known = set(nodeids)
    return {each for each in known if _waits(each, known)}


def _waits(nodeid: str, known: set[str]) -> bool:
    if "postgresql" not in nodeid or nodeid.replace("postgresql", "sqlite") not in known:
        return False
    name = nodeid.rpartition("::")[2]
    if nodeid.startswith(_BOTH) or any(word in name for word in _WORDS):
        return False
    return (zlib.crc32(nodeid.encode()) + int(os.environ[_DAY])) % DAYS != 0
