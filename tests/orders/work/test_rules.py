"""What one technician does in one go, without a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pytest

from workshop.orders.work import rules
from workshop.orders.work.rules import Candidate, WorkLine

OIL, BRAKES, LIGHT = 1, 2, 3
PEOPLE = {11: {OIL: 2, BRAKES: 2}, 12: {OIL: 1, BRAKES: 3}, 13: {OIL: 3}, 14: {LIGHT: 2}}


def hands(needed: Mapping[int, int]) -> Collection[int]:
    """Who of the four can do it."""
    return [
        each
        for each, held in PEOPLE.items()
        if all(held.get(skill, 0) >= level for skill, level in needed.items())
    ]


def line(skill: int | None = OIL, minutes: int = 30, level: int = 1, *bays: str) -> WorkLine:
    """A line on a lift."""
    return WorkLine(
        minutes, skill, level, minutes, bays or ("lift",), f"工{minutes}", f"W{minutes}"
    )


def form(*candidates: Candidate) -> list[list[int]]:
    """The packages of these."""
    return rules.form(candidates, hands)


def test_what_one_mechanic_does_is_one_piece_of_work() -> None:
    candidates = [Candidate(line(OIL), "机修"), Candidate(line(BRAKES), "机修")]
    assert form(*candidates) == [[0, 1]]


@pytest.mark.parametrize(
    "other",
    [
        Candidate(line(LIGHT), "电气"),
        Candidate(line(BRAKES), None),
        Candidate(line(BRAKES, 30, 1, "alignment"), "机修"),
        Candidate(line(BRAKES), "机修", date(2026, 11, 24)),
        Candidate(line(BRAKES, 211), "机修"),
        # Only one person could do both, and two the brakes alone.
        Candidate(line(BRAKES, 30, 3), "mixed"),
    ],
    ids=["group", "no group", "bay", "part", "half a day", "other group"],
)
def test_what_cannot_be_done_in_one_go_stays_apart(other: Candidate) -> None:
    assert form(Candidate(line(OIL), "机修"), other) == [[0], [1]]


def test_a_shop_without_groups_has_one_job_a_line() -> None:
    assert form(*[Candidate(line(OIL), None)] * 3) == [[0], [1], [2]]


def test_no_work_comes_to_hang_on_one_person() -> None:
    # given: 13 is a master of oil, 11 and 12 know both
    hard = Candidate(line(OIL, 30, 2), "机修")
    brakes = Candidate(line(BRAKES, 45, 2), "机修")
    # then: only 11 could do both
    assert form(hard, brakes) == [[0], [1]]
    # and where one line hangs on one person anyway, the other may as well
    only = Candidate(line(BRAKES, 45, 3), "机修")
    assert form(Candidate(line(OIL), "机修"), only) == [[0, 1]]


def test_the_third_line_may_go_with_the_first() -> None:
    far = Candidate(line(LIGHT), "电气")
    assert form(Candidate(line(OIL), "机修"), far, Candidate(line(OIL), "机修")) == [[0, 2], [1]]


def test_a_package_asks_for_all_skills_at_their_highest_level() -> None:
    lines = [line(OIL, 30, 1), line(BRAKES, 60, 2), line(OIL, 15, 2), line(None, 10)]
    assert rules.skills_of(lines) == {OIL: 2, BRAKES: 2}
    assert rules.lead_of(lines) == (BRAKES, 2)
    assert rules.lead_of([line(None)]) == (None, 1)


def test_the_bays_are_those_in_which_all_can_be_done() -> None:
    one, other = line(OIL, 30, 1, "quick", "lift"), line(OIL, 30, 1, "lift", "flat")
    assert rules.common_bays([one, other]) == ("lift",)
    assert rules.common_bays([WorkLine(1, None, 1, 30)]) == ()
    assert rules.common_bays([one, line(OIL, 30, 1, "body")]) is None


def test_titles_are_joined_and_long_ones_shortened() -> None:
    assert rules.title_of(["更换机油", "更换前制动片"], "、") == "更换机油、更换前制动片"
    long = "Replace the brake discs and pads of the rear axle"
    assert rules.title_of([long, "Wheel alignment", "Oil"], ", ") == f"{long} +2"
    assert len(rules.title_of(["长" * 200, "短"], "、")) <= 200


@pytest.mark.parametrize(
    ("minutes", "part", "whole", "expected"), [(50, 30, 90, 17), (50, 90, 90, 50), (0, 30, 90, 0)]
)
def test_a_line_has_of_the_clock_what_its_book_time_says(
    minutes: int, part: int, whole: int, expected: int
) -> None:
    assert rules.share(minutes, part, whole) == expected


def test_what_is_left_is_the_end_of_the_work() -> None:
    lines = [line(OIL, 30), line(BRAKES, 60)]
    assert [each.minutes for each in rules.rest_of(lines, 90)] == [30, 60]
    assert [(each.skill_id, each.minutes) for each in rules.rest_of(lines, 40)] == [(BRAKES, 40)]
    assert [each.minutes for each in rules.rest_of(lines, 100)] == [30, 70]


def test_a_line_comes_back_as_it_was_kept() -> None:
    kept = line(BRAKES, 60, 2, "lift", "quick")
    assert WorkLine.from_json(kept.as_json()) == kept
