"""Whose hours serve which work, without a database."""

from __future__ import annotations

from workshop.capacity import rules


def test_one_persons_hour_is_sold_once_whatever_it_could_serve() -> None:
    # given one who can do both, and one who does only brakes
    people = [(480, frozenset({1, 2})), (480, frozenset({2}))]
    # when engine work (1) takes all of the first one's day
    takes: dict[int | None, int] = {1: 480}
    # then brakes (2) have only the second one left, and engines nothing
    assert rules.free_minutes(1, takes, people) == 0
    assert rules.free_minutes(2, takes, people) == 480
    assert rules.free_minutes(None, takes, people) == 480


def test_work_for_anybody_also_uses_the_specialists() -> None:
    people = [(480, frozenset({1}))]
    assert rules.free_minutes(1, {None: 400}, people) == 80
    assert rules.free_minutes(1, {None: 500}, people) == -20
