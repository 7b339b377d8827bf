"""Every file keeps to the layer that its name tells, and each rule of that bites."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests import layers

FILES = layers.list_files()
# Files that do not keep to their layer yet; a file that does must leave the list.
TO_MEND = {
    "desk/papers.py",
    "shop/numbers.py",
    "steps/handover/queries.py",
}


def name(path: Path) -> str:
    return str(path.relative_to(layers.PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_keeps_to_its_layer(path: Path) -> None:
    found = layers.faults(path, path.read_text(encoding="utf-8"))
    assert bool(found) == (name(path) in TO_MEND), found


def test_every_file_is_held_to_its_name_or_belongs_to_the_frame() -> None:
    everything = set(layers.PACKAGE.rglob("*.py"))
    frame = {path for path in everything if layers.is_frame(path)}
    assert everything == set(FILES) | frame
    top = {path.name for path in layers.PACKAGE.glob("*.py")}
    assert top == layers.FRAME, "a file at the top is the frame's, or it stands in a package"


def core_files() -> dict[str, Path]:
    """One core file of each package and room."""
    found: dict[str, Path] = {}
    for path in FILES:
        if not layers.is_edge(path):
            found.setdefault(str(path.parent.relative_to(layers.PACKAGE)), path)
    return found


FORBIDDEN_LINES = (
    "from flask import request",
    "import flask",
    "from flask_login import current_user",
    "from wtforms import StringField",
    "from workshop import clock",
    "from workshop import web",
    "from workshop.web import page",
    "from workshop.web.forms import Form",
    "from workshop.staff.access import me",
    "db.commit()",
    "session.rollback()",
    "clock.now()",
    "def missing_to_try() -> None: ...",
    "class Try(Model): ...",
    "from workshop.steps.booking.forms import BookingForm",
    "from workshop.steps.booking.views import bp",
)


@pytest.mark.parametrize("line", FORBIDDEN_LINES)
def test_a_forbidden_line_in_a_core_file_is_found_in_every_package(line: str) -> None:
    tried = core_files()
    assert len(tried) > 25
    for path in tried.values():
        if (line.startswith("def missing") and path.stem == "gates") or (
            line.startswith("class Try") and path.stem == "models"
        ):
            continue
        text = path.read_text(encoding="utf-8")
        assert layers.faults(path, f"{text}\n{line}\n"), f"{name(path)} may hold: {line}"


def test_an_import_that_goes_up_inside_a_package_is_found() -> None:
    booking = layers.PACKAGE / "steps" / "booking"
    up = {
        "rules.py": "models",
        "models.py": "queries",
        "queries.py": "gates",
        "gates.py": "service",
        "service.py": "forms",
        "forms.py": "views",
        "views.py": "new_views",
    }
    for lower, upper in up.items():
        path = booking / lower
        line = f"from workshop.steps.booking import {upper}"
        assert layers.faults(path, f"{path.read_text(encoding='utf-8')}\n{line}\n"), (lower, upper)


def test_no_package_outgrows_its_house() -> None:
    """At most 25 files and 4,000 lines beside the rooms inside (design: rooms)."""
    sizes: dict[Path, list[int]] = defaultdict(list)
    for path in layers.PACKAGE.rglob("*.py"):
        sizes[path.parent].append(len(path.read_text(encoding="utf-8").splitlines()))
    for folder, lines in sizes.items():
        if folder.name != "versions":
            assert len(lines) <= 25, folder
            assert sum(lines) <= 4000, folder


BITES = {
    "Floors": ("workshop/shop/rules.py", "from workshop.orders import service"),
    "Steps": ("workshop/steps/booking/rules.py", "from workshop.steps.followup import rules"),
    "Plain": ("workshop/planner/problem.py", "import sqlalchemy"),
    "The web process": ("workshop/app.py", "from workshop.planner import planning"),
}


def test_each_import_contract_bites(tmp_path: Path) -> None:
    # given: a copy of the program with one forbidden import for each contract
    ignore = shutil.ignore_patterns("__pycache__", "translations", "versions")
    shutil.copytree(layers.PACKAGE, tmp_path / "workshop", ignore=ignore)
    shutil.copy(layers.ROOT / "pyproject.toml", tmp_path)
    for file, line in BITES.values():
        with (tmp_path / file).open("a", encoding="utf-8") as opened:
            opened.write(f"\n{line}\n")
    # when
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    # then
    kept = re.findall(r"^(.+) KEPT", answer.stdout, re.MULTILINE)
    broken = re.findall(r"^(.+) BROKEN", answer.stdout, re.MULTILINE)
    assert answer.returncode == 1, answer.stdout
    assert not kept, f"these contracts do not bite: {kept}"
    assert len(broken) == len(BITES)
