"""The kept faults stay true to the program."""

from __future__ import annotations

import pytest

from tests.mutants import rows
from tests.mutants.rows import LostText, Mutant

KINDS = {
    "audit",
    "figure",
    "guard",
    "branch",
    "day",
    "constant",
    "script",
    "permission",
    "gate",
    "idempotence",
}
ROWS = rows.read()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_text_that_a_fault_replaces_stands_once_in_its_file(row: Mutant) -> None:
    text = (rows.ROOT / row.file).read_text(encoding="utf-8")
    assert text.count(row.old) == 1, f"put the row right in {rows.ROWS}"
    assert row.new != row.old
    assert row.kind in KINDS
    assert row.near
    assert all(_is_there(each) for each in row.near)


def _is_there(near: str) -> bool:
    file, _, test = near.partition("::")
    path = rows.ROOT / file
    return path.exists() and (not test or f"def {test.partition('[')[0]}(" in path.read_text())


def test_every_fault_has_a_name_of_its_own() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)


def test_there_are_eighty_faults_of_all_kinds() -> None:
    assert len(ROWS) >= 80
    assert {row.kind for row in ROWS} == KINDS


def test_every_fault_has_its_day() -> None:
    days = [rows.choose_ten(ROWS, day) for day in range(len(ROWS))]
    assert {row.name for chosen in days for row in chosen} == {row.name for row in ROWS}
    assert max(map(len, days)) <= 10
    assert min(len({row.kind for row in chosen}) for chosen in days) >= 5


def test_a_text_that_is_not_there_any_more_is_an_error(tmp_path: rows.Path) -> None:
    (tmp_path / "a.py").write_text("limit = 3\n", encoding="utf-8")
    row = Mutant("gone", "constant", "a.py", "limit = 4", "limit = 5", ())
    with pytest.raises(LostText):
        rows.apply(row, tmp_path)
