"""Which jobs are taken out of a plan together."""

from __future__ import annotations

from random import Random

import pytest

from tests.bench import problems as shops
from workshop.planner import greedy, neighbourhoods
from workshop.planner.options import Layout
from workshop.planner.problem import Assignment

DAY = shops.day(40, 8, 7, seed=2)
PLAN = greedy.plan(DAY)
ROWS = {row.job: row for row in PLAN.assignments}
LAYOUT = Layout(DAY, apart=False)


def choose(kind: str, size: int = 12, costly: tuple[str, ...] = (), seed: int = 0) -> set[str]:
    return neighbourhoods.choose(kind, LAYOUT, ROWS, size, Random(seed), costly)


@pytest.mark.parametrize("kind", neighbourhoods.KINDS)
def test_only_jobs_of_the_plan_are_taken_and_the_same_with_the_same_seed(kind: str) -> None:
    for seed in range(20):
        taken = choose(kind, seed=seed)
        assert taken
        assert taken <= ROWS.keys()
        assert taken == choose(kind, seed=seed)


@pytest.mark.parametrize("kind", neighbourhoods.KINDS)
def test_no_more_than_there_is_can_be_taken(kind: str) -> None:
    assert choose(kind, size=1000) <= ROWS.keys()


def test_of_technicians_all_jobs_are_taken_or_none() -> None:
    taken = choose("of technicians")
    theirs = {ROWS[job].technician for job in taken}
    assert taken == {job for job, row in ROWS.items() if row.technician in theirs}


def test_of_a_time_nothing_in_between_is_left() -> None:
    def middle(row: Assignment) -> int:
        return row.start + row.end

    middles = [middle(ROWS[job]) for job in choose("of a time")]
    left = [middle(row) for job, row in ROWS.items() if job not in choose("of a time")]
    assert not [each for each in left if min(middles) < each < max(middles)]


def test_a_job_that_is_not_placed_finds_what_is_in_its_way() -> None:
    # given
    out = next(name for name in PLAN.unplaced if name in LAYOUT.options)
    job = DAY.job_of[out]
    people = {each.id for each in DAY.technicians_for(job)}
    bays = {each.id for each in DAY.bays_for(job)}
    # when
    taken = choose("in the way", costly=(out,))
    # then
    others = [ROWS[each] for each in taken if DAY.job_of[each].order != job.order]
    assert others
    assert all(row.technician in people or row.bay in bays for row in others)
