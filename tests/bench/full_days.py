"""Days with more work than hours: how many customers are called, and when that is proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple
from functools import partial

from tests.bench import plain_model, problems, references
from tests.bench.runs import Run, is_within, run, say, shown, sum_up, verdict
from workshop.planner.problem import Objective

SECONDS = 15.0
# What is compared with the yardstick: what follows is nobody's promise.
COMPARED = len(plain_model.COMPARED)
# The limit: on so many of ten days the calls are proved.
PROVED_SHARE = 0.9


def table(seeds: Iterable[int], known: references.References) -> None:
    """Calls proved in 15 s in all; no day worse than the yardstick, which has 15 s a level."""
    print(f"\nDays with more work than hours, {SECONDS:g} s in all; the yardstick 15 s a level")
    print(
        "seed orders jobs  first  calls proved bound | calls waiting comebacks unplaced late |"
        " yardstick: the same five | more calls by greedy | limits"
    )
    runs: list[Run] = []
    better: list[bool] = []
    for seed in seeds:
        problem = problems.full_day(seed)
        made = run(problem, SECONDS)
        runs.append(made)
        plain = known.of("full, plain, 15 s", seed, partial(plain_model.search, problem, SECONDS))
        proved = made.proved_to("customers_to_call")
        if plain is not None:
            better.append(_compared(made.cost) <= _compared(plain))
        print(
            f"{seed:4d} {len(problem.orders):6d} {len(problem.jobs):4d}  {made.first:5.2f}"
            f"  {shown(proved):>12} {made.plan.bound['customers_to_call']:5d}"
            f" | {made.calls:5d} {made.cost.waiting_to_call:7d} {made.cost.comebacks_to_call:9d}"
            f" {made.cost.unplaced:8d} {made.cost.late_minutes:4d}"
            f" | {'-' if plain is None else ' '.join(map(str, _compared(plain))):>25}"
            f" | {made.more_calls:19d}"
            f" | {verdict(made, better[-1]) if plain else 'not measured'}",
            flush=True,
        )
    sum_up(runs)
    kept = sum(is_within(each.proved_to("customers_to_call"), SECONDS) for each in runs)
    say(f"customers to call proved in {SECONDS:g} s: {kept} of {len(runs)} days",
        f"{PROVED_SHARE:.0%}", kept >= PROVED_SHARE * len(runs))  # fmt: skip
    say(f"no worse than the yardstick in five levels: {sum(better)} of {len(better)} measured days",
        "all", len(better) == len(runs) and all(better))  # fmt: skip


def _compared(cost: Objective) -> tuple[int, ...]:
    return astuple(cost)[:COMPARED]
