"""What waits for another day when the whole suite runs.

Most rules do not know on which engine they run: on SQLite, what every shop begins with, each of
their tests runs every time, and on PostgreSQL a third of them a day, another third the next day.
Where the engine itself answers (guards, races, upgrades, locks) both always do. Of the browser's
tests that are told in two languages one has its turn, and the other the next day; the walk of a
car and the front door are told in both. Who names files or folders on the command line gets all
that was named, and `pytest --turns all` is everything.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

# Inherited by the workers, so that midnight parts nobody from the others; set it to repeat a day.
_DAY = "WORKSHOP_TEST_DAY"
# Triggers, constraints, locks, threads, migrations, the ledger of places and of parts.
_BOTH_ENGINES = (
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
_OF_THE_ENGINE = ("race", "races", "at_once", "two_", "both_", "lock", "concurrent")
_BOTH_LANGUAGES = ("tests/e2e/test_walk", "tests/e2e/test_front_door")


def begin() -> None:
    """Fix the day for this run and its workers."""
    os.environ.setdefault(_DAY, str(datetime.now(UTC).toordinal()))


def today() -> int:
    """The number of the day that this run goes by."""
    return int(os.environ[_DAY])


def not_today(nodeids: Iterable[str]) -> set[str]:
    """The tests whose like runs today, on SQLite or in the other language, and that wait."""
    known = set(nodeids)
    return {
        each for each in known if _waits_for_engine(each, known) or _waits_to_speak(each, known)
    }


def _waits_for_engine(nodeid: str, known: set[str]) -> bool:
    if "postgresql" not in nodeid or nodeid.replace("postgresql", "sqlite") not in known:
        return False
    name = nodeid.rpartition("::")[2]
    if nodeid.startswith(_BOTH_ENGINES) or any(word in name for word in _OF_THE_ENGINE):
        return False
    return not _is_turn(nodeid, 0, of=3)


def _waits_to_speak(nodeid: str, known: set[str]) -> bool:
    parts = re.split(r"(?<=[\[-])(zh_CN|en)(?=[\]-])", nodeid, maxsplit=1)
    if len(parts) == 1 or not nodeid.startswith("tests/e2e/"):
        return False
    alike = [f"{parts[0]}{language}{parts[2]}" for language in ("zh_CN", "en")]
    if nodeid.startswith(_BOTH_LANGUAGES) or not known.issuperset(alike):
        return False
    return not _is_turn(alike[0], alike.index(nodeid), of=2)


def _is_turn(name: str, place: int, of: int) -> bool:
    return (zlib.crc32(name.encode()) + today()) % of == place
