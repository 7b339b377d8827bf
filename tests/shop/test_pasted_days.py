"""Holidays as people paste them, and what is said of the line at fault."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.errors import Invalid
from workshop.shop import pasted_days
from workshop.shop.pasted_days import PastedDay

OCT_1 = date(2026, 10, 1)


@pytest.mark.parametrize(
    "line",
    [
        "2026-10-01 国庆节",
        "2026/10/1 国庆节",
        "2026.10.1，国庆节",
        "２０２６年１０月１日：国庆节",
        "  2026年10月1日 国庆节  ",
    ],
)
def test_a_day_is_read_however_it_is_written(line: str) -> None:
    assert pasted_days.read(line) == [PastedDay(OCT_1, False, "国庆节")]


@pytest.mark.parametrize(
    "line",
    ["2026-10-01~2026-10-07 国庆节", "2026年10月1日至10月7日 国庆节", "2026-10-1..10-7 国庆节"],
)
def test_a_range_is_each_of_its_days(line: str) -> None:
    days = [OCT_1 + timedelta(days=place) for place in range(7)]
    assert pasted_days.read(line) == [PastedDay(day, False, "国庆节") for day in days]


@pytest.mark.parametrize("name", ["调休上班", "班", "working day", "Work"])
def test_a_name_tells_a_working_day(name: str) -> None:
    assert pasted_days.read(f"2026-10-10 {name}") == [PastedDay(date(2026, 10, 10), True, name)]


def test_empty_lines_are_left_out_and_the_last_word_on_a_day_counts() -> None:
    text = "\n2026-10-02 国庆\n\n2026-10-01\n2026-10-02 上班\n"
    assert [(each.day.day, each.is_open) for each in pasted_days.read(text)] == [
        (1, False),
        (2, True),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write at least one day."),
        ("2026-10-01\n国庆节", "Line 2: begin with a day such as 2026-10-01; “国庆节” does not."),
        ("10-01 国庆节", "Line 1: begin with a day such as 2026-10-01; “10-01 国庆节” does not."),
        ("\n2026-02-30 x", "Line 2: there is no day 2026-02-30."),
        ("1026-02-03 x", "Line 1: there is no day 1026-02-03."),
        ("2026-10-07~2026-10-01", "Line 1: from 2026-10-07 to 2026-10-01 are not 1 to 31 days."),
        ("2026-10-01~2026-11-01", "Line 1: from 2026-10-01 to 2026-11-01 are not 1 to 31 days."),
    ],
)
def test_the_line_at_fault_is_named(text: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        pasted_days.read(text)
    assert str(refused.value) == words
    assert refused.value.field == "days"


@given(st.text(max_size=60))
def test_nothing_typed_is_more_than_refused(text: str) -> None:
    try:
        found = pasted_days.read(text)
    except Invalid:
        return
    assert found
