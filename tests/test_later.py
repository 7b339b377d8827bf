"""What is loaded late: a process that serves pages holds none of it until somebody asks."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from workshop import later

# Named in words by the people who measured start and memory.
HEAVY = (
    *("alembic", "flask_migrate", "minio", "numpy", "openpyxl", "ortools", "phonenumbers"),
    *("pypinyin", "pyzipper", "redis", "reportlab", "rich", "zxcvbn"),
)
_SCRIPT = """
import sys
from workshop.app import create_app
from workshop.config import Settings
create_app(Settings.from_env())
run = {{name for name, each in sys.modules.items() if type(each).__name__ != "_Later"}}
print(*[name for name in {heavy!r} if name in run])
"""


def test_making_the_app_runs_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(heavy=HEAVY)],
        env={"WORKSHOP_DATA_DIR": str(tmp_path), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr


def test_an_installation_with_redis_finds_it_although_it_is_loaded_late(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(heavy=("redis",))],
        env={
            "WORKSHOP_DATA_DIR": str(tmp_path),
            "WORKSHOP_REDIS_URL": "redis://127.0.0.1:1/0",
            "PATH": "/usr/bin",
        },
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout.split()) == (0, ["redis"]), done.stderr


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of a library that takes its time and counts how often it is run."""
    text = "import time\n__version__ = '1'\nRUNS = []\ntime.sleep(0.2)\nRUNS.append(1)\n"
    text += "last = 'there'\n"
    (tmp_path / "slow_module.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(later, "LIBRARIES", frozenset({"slow_module"}))
    monkeypatch.delitem(sys.modules, "slow_module", raising=False)
    return "slow_module"


def test_a_late_module_runs_once_however_many_ask_at_the_same_moment(slow: str) -> None:
    module, seen = __import__(slow), []

    def ask() -> None:
        seen.append(module.last)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert seen == ["there"] * 8
    assert module.RUNS == [1]


def test_a_version_is_asked_for_like_anything_else(slow: str) -> None:
    assert __import__(slow).__version__ == "1"


def test_what_a_late_module_does_not_have_is_refused_as_ever(slow: str) -> None:
    with pytest.raises(AttributeError, match="nothing_such"):
        __import__(slow).nothing_such  # noqa: B018  # Asking for it is the point.
