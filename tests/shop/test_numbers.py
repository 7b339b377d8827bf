"""Numbers for people: by branch, prefix and day, never twice."""

from __future__ import annotations

from datetime import date

from tests.allocation.test_race import race
from tests.databases import Database
from tests.factories import make_branch
from workshop import db
from workshop.shop import numbers

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def test_each_prefix_and_day_counts_for_itself(database: Database) -> None:
    branch = make_branch()
    given = [
        numbers.next_number(branch.id, prefix, day)
        for prefix, day in (("RO", MONDAY), ("RO", MONDAY), ("QU", MONDAY), ("RO", TUESDAY))
    ]
    assert given == [
        "RO20261123-0001",
        "RO20261123-0002",
        "QU20261123-0001",
        "RO20261124-0001",
    ]


def test_two_branches_never_share_a_number(database: Database) -> None:
    first, second = make_branch(), make_branch("west")
    numbers_given = {numbers.next_number(branch.id, "RO", MONDAY) for branch in (first, second)}
    assert len(numbers_given) == 2


def test_many_callers_get_as_many_numbers(database: Database) -> None:
    # given the day's series is there
    branch_id = make_branch().id
    numbers.next_number(branch_id, "RO", MONDAY)
    db.commit()
    given: list[str] = []
    # when
    won = race(database, lambda _: given.append(numbers.next_number(branch_id, "RO", MONDAY)))
    # then
    assert all(won)
    assert len(set(given)) == len(won)
