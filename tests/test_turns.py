"""Each test has its turn on PostgreSQL, and what the engine decides has it every day."""

from __future__ import annotations

import pytest

from tests import turns

_RULES = [
    f"tests/steps/booking/test_rules.py::test_{n}[{engine}]"
    for n in range(60)
    for engine in ("sqlite", "postgresql")
]


def _waiting(monkeypatch: pytest.MonkeyPatch, day: int, *nodeids: str) -> set[str]:
    monkeypatch.setenv("WORKSHOP_TEST_DAY", str(day))
    return turns.not_today(nodeids)


def test_every_test_has_its_turn_once_in_six_days(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = [set(_RULES) - _waiting(monkeypatch, day, *_RULES) for day in range(7, 13)]
    on_sqlite = {each for each in _RULES if "sqlite" in each}
    assert all(on_sqlite < turn for turn in turns)
    assert all(len(turn) > len(on_sqlite) + 3 for turn in turns)
    assert set.union(*turns) == set(_RULES)


@pytest.mark.parametrize(
    "name",
    [
        "tests/guards/test_states.py::test_a[{}]",
        "tests/test_races.py::test_a[{}]",
        "tests/test_upgrade_twice.py::test_a[{}]",
        "tests/stock/test_service.py::test_a[{}]",
        "tests/staff/test_roles.py::test_two_managers_take_each_others_right[{}]",
    ],
)
def test_what_the_engine_decides_runs_on_both_every_day(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    both = [name.format("sqlite"), name.format("postgresql")]
    assert not any(_waiting(monkeypatch, day, *both) for day in (7, 8, 9))


@pytest.mark.parametrize("rest", ["{}", "manager-{}", "{}-Step.REPAIR"])
def test_what_is_told_in_two_languages_is_told_in_each_every_other_day(
    monkeypatch: pytest.MonkeyPatch, rest: str
) -> None:
    both = {f"tests/e2e/test_pages.py::test_a[{rest.format(each)}]" for each in ("zh_CN", "en")}
    first, second = (both - _waiting(monkeypatch, day, *both) for day in (7, 8))
    assert len(first) == len(second) == 1
    assert first | second == both


def test_the_front_door_is_told_in_both_languages_every_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = "tests/e2e/test_front_door.py::test_a_new_shop_settles_its_first_car"
    both = [f"{door}[{each}]" for each in ("zh_CN", "en")]
    assert not _waiting(monkeypatch, 7, *both)


def test_what_is_told_in_one_language_never_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any(
        _waiting(monkeypatch, day, "tests/e2e/test_board.py::test_a[zh_CN]") for day in (7, 8)
    )


def test_what_only_postgresql_can_show_never_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = "tests/steps/booking/test_rules.py::test_a[postgresql]"
    assert not any(_waiting(monkeypatch, day, alone) for day in (7, 8, 9))


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("tests/test_far_zone.py::test_the_tests_of_days_pass[{}]", 4),
        ("tests/e2e/test_pages.py::test_the_pages_of_a_role[{}-zh_CN]", 3),
    ],
)
def test_what_is_dear_and_alike_goes_round(
    monkeypatch: pytest.MonkeyPatch, name: str, days: int
) -> None:
    alike = {name.format(each) for each in range(12)}
    turns = [alike - _waiting(monkeypatch, day, *alike) for day in range(7, 7 + days)]
    assert [len(turn) for turn in turns] == [12 // days] * days
    assert set.union(*turns) == alike
