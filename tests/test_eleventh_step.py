"""A whole further step costs its package, a migration, and four lines outside; then a car walks.

The step lies in `tests/eleventh`: it is put into a copy of the program, never into the program.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import Database
from tests.factories import make_order, make_user
from workshop import db
from workshop.orders.flow import Stage
from workshop.staff.permissions import RoleName

ROOT = Path(__file__).parent.parent
STEP = Path(__file__).parent / "eleventh"
# Each line is put below the line that begins so.
LINES = {
    "workshop/orders/rows.py": (
        '    REPAIR = "repair", N_("Repair & quality")',
        '    INTERIOR = "interior", N_("Interior")',
    ),
    "workshop/orders/flow.py": (
        "    # fmt: off",
        '    INTERIOR = Row("interior", N_("Interior"), Step.INTERIOR,'
        ' after=("final_check",), to=("wash",))',
    ),
    "workshop/staff/permissions.py": (
        '    WASH = "wash", ',
        '    CLEAN_INTERIOR = "clean_interior", R.WASHER',
    ),
    "pyproject.toml": ('  "settlement",', '  "interior",'),
}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program that has the eleventh step."""
    copy = tmp_path / "copy"
    for name in ("workshop", "templates", "static", "pyproject.toml"):
        source = ROOT / name
        if source.is_file():
            copy.mkdir(exist_ok=True)
            shutil.copy(source, copy)
        else:
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(STEP / "interior", copy / "workshop" / "steps" / "interior")
    shutil.copytree(STEP / "templates", copy / "templates", dirs_exist_ok=True)
    for file, (above, line) in LINES.items():
        path = copy / file
        lines = path.read_text(encoding="utf-8").splitlines()
        place = next(i for i, each in enumerate(lines) if each.startswith(above))
        lines.insert(place + 1, line)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _add_migration(copy / "workshop" / "migrations" / "versions")
    return copy


def _add_migration(folder: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("[0-9]*.py")]
    known = {found for text in texts for found in re.findall(r'^revision = "(\w+)"', text, re.M)}
    below = {
        found for text in texts for found in re.findall(r'^down_revision = "(\w+)"', text, re.M)
    }
    (head,) = known - below
    text = (STEP / "migration.py").read_text(encoding="utf-8").replace("@HEAD@", head)
    (folder / "9999_interior.py").write_text(text, encoding="utf-8")


def run(program: Path, *command: str) -> str:
    """What a command in the copy prints; it must end well."""
    env = {**os.environ, "PYTHONPATH": str(program)}
    done = subprocess.run(
        command, cwd=program, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_step_costs_four_lines_beside_its_package_and_migration(program: Path) -> None:
    changed: dict[str, int] = {}
    for path in program.rglob("*"):
        file = path.relative_to(program)
        own = "interior" in file.parts or file.name == "9999_interior.py"
        if path.is_file() and not own:
            before = (ROOT / file).read_bytes().splitlines()
            after = path.read_bytes().splitlines()
            if before != after:
                changed[str(file)] = len(after) - len(before)
    assert set(changed) == set(LINES)
    assert sum(changed.values()) <= 4
    assert all(len(line) <= 100 for _, line in LINES.values())


def test_the_contracts_hold_with_the_step(program: Path) -> None:
    linter = str(Path(sys.executable).parent / "lint-imports")
    assert "0 broken" in run(program, linter, "--no-cache", "--no-logo")


def test_a_car_walks_through_the_step_in_a_filled_database(
    database: Database, program: Path
) -> None:
    # given: a shop with a car in every stage
    for stage in Stage:
        make_order(stage)
    order = make_order(Stage.FINAL_CHECK)
    people = [make_user(role) for role in (RoleName.WASHER, RoleName.CASHIER)]
    people.append(order.advisor)
    no, names = order.no, [each.username for each in people]
    url = db.db.engine.url.render_as_string(hide_password=False)
    db.commit()
    db.session.remove()
    db.db.engine.dispose()
    # when
    printed = run(program, sys.executable, str(STEP / "walk.py"), url, no, *names)
    # then
    assert "walked" in printed
