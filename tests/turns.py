"""What waits for another day when the whole suite runs.

Most rules do not know on which engine they run: on SQLite, what every shop begins with, each of
their tests runs every time, and on PostgreSQL a sixth of them a day, another sixth the next day.
Where the engine itself answers (guards, races, upgrades, locks) both always do. Of the browser's
tests that are told in two languages one has its turn, and the other the next day; the front door
of a new shop is told in both. What is dear and much alike (the menus of the roles, the rules of
days in far zones, the stories of the demo, the whole shop as a file) goes round too. Who names
files or folders on the command line gets all that was named, and `pytest --turns all` is
everything.
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
_BOTH_LANGUAGES = ("tests/e2e/test_front_door.py::test_a_new_shop",)
_DAYS_ROUND = 6
# Tests that differ in one word, by how their names begin: one of so many runs a day.
_GO_ROUND = {
    "tests/test_far_zone.py::test_the_tests_of_days": 4,
    "tests/e2e/test_pages.py::test_the_pages_of_a_role": 3,
    "tests/e2e/test_pages.py::test_the_page_where_each_order_stands": 2,
    "tests/demo/test_story.py::test_": 2,
    "tests/figures/test_nulls.py::test_every_page_stands": 2,
    "tests/figures/test_languages.py::test_no_page_of_any_role": 2,
    "tests/backup/test_whole.py::test_an_exported_shop": 2,
    "tests/backup/test_moving_demo.py": 3,
}


def begin() -> None:
    """Fix the day for this run and its workers."""
    os.environ.setdefault(_DAY, str(datetime.now(UTC).toordinal()))


def today() -> int:
    """The number of the day that this run goes by."""
    return int(os.environ[_DAY])


def not_today(nodeids: Iterable[str]) -> set[str]:
    """The tests whose like runs today, on SQLite or in the other language, and that wait."""
    known = set(nodeids)
    waiting = {
        each for each in known if _waits_for_engine(each, known) or _waits_to_speak(each, known)
    }
    return waiting | _waiting_to_go_round(known - waiting)


def _waiting_to_go_round(nodeids: set[str]) -> set[str]:
    waiting = set[str]()
    for beginning, of in _GO_ROUND.items():
        alike = sorted(each for each in nodeids if each.startswith(beginning))
        waiting |= {each for place, each in enumerate(alike) if (place + today()) % of}
    return waiting


def _waits_for_engine(nodeid: str, known: set[str]) -> bool:
    if "postgresql" not in nodeid or nodeid.replace("postgresql", "sqlite") not in known:
        return False
    name = nodeid.rpartition("::")[2]
    if nodeid.startswith(_BOTH_ENGINES) or any(word in name for word in _OF_THE_ENGINE):
        return False
    return not _is_turn(nodeid, 0, of=_DAYS_ROUND)


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
