"""The tests of days once more, in a shop whose morning is yesterday evening in UTC.

For this pass Shanghai lies fourteen hours east of Greenwich. At the tests' ten o'clock UTC is
still in the day before, so whatever takes the day of UTC for the shop's is wrong at once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zoneinfo
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_FAR = "Pacific/Kiritimati"
# Where a day decides: what is listed, counted, numbered, promised, clocked, due or printed.
_TESTS_OF_DAYS = {
    "shop": (
        "tests/allocation/test_service.py",
        "tests/capacity",
        "tests/orders",
        "tests/shop/test_calendar.py",
        "tests/attendance/test_views.py",
        "tests/attendance/test_hours.py",
        "tests/screen/test_service.py",
        "tests/test_rule_numbers.py",
    ),
    "front": (
        "tests/steps/booking/test_service.py",
        "tests/steps/booking/test_views.py",
        "tests/steps/reception/test_intake_views.py",
        "tests/steps/quotation/test_service.py",
        "tests/steps/lounge/test_service.py",
    ),
    "floor": (
        "tests/steps/parts",
        "tests/steps/repair/test_attending.py",
        "tests/steps/scheduling/board",
        "tests/steps/scheduling/closing",
        "tests/steps/scheduling/test_views.py",
        "tests/steps/scheduling/watch",
    ),
    "end": (
        "tests/steps/settlement",
        "tests/steps/handover",
        "tests/steps/followup",
    ),
}


@pytest.mark.parametrize("tests", _TESTS_OF_DAYS.values(), ids=_TESTS_OF_DAYS)
def test_the_tests_of_days_pass_where_the_day_is_not_that_of_utc(
    tmp_path: Path, tests: tuple[str, ...]
) -> None:
    env = {**os.environ, "PYTHONTZPATH": _zones(tmp_path)}
    # given
    ten = _run(["-c", "from tests.factories import AT; print(AT)"], env)
    assert ten.stdout.strip() == "2026-11-22 20:00:00+00:00"
    # when
    only_sqlite = ["-k", "not postgresql", "-p", "no:cacheprovider"]
    done = _run(["-m", "pytest", "-q", "-n", "0", *only_sqlite, *tests], env)
    # then
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def _run(arguments: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=_ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def _zones(folder: Path) -> str:
    """A folder of time zones in which Shanghai is elsewhere, before the machine's own."""
    far = next(path for each in zoneinfo.TZPATH if (path := Path(each) / _FAR).exists())
    (folder / "Asia").mkdir()
    shutil.copy(far, folder / "Asia" / "Shanghai")
    return os.pathsep.join([str(folder), *zoneinfo.TZPATH])
