"""How fast and how good the planner is: `python -m tests.bench.plan [--long] [--seeds N]`.

Three tables: a day of 60 jobs, the same upset at ten o'clock, and a day of 200 jobs. Each row is
one seed; the last column says whether the row keeps its limit (the constants below). `--long` also
searches for 60 and 120 seconds, which the comparisons of quality need. Two workers; measure on
an idle machine, since other work takes from the same two cores.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.bench import problems
from workshop.steps.scheduling import planner, verify
from workshop.steps.scheduling.planning import greedy
from workshop.steps.scheduling.planning.problem import LEVELS, Objective, Plan, Problem

WORKERS = 2
TEN_O_CLOCK = 120
UPSETS: tuple[Callable[[Problem, int], Problem], ...] = (
    problems.goes_home,
    problems.overruns,
    problems.part_is_late,
)


@dataclass
class Run:
    """A plan and when each thing about it was known, in seconds."""

    plan: Plan
    greedy: Plan
    faults: list[str]
    first: float
    proved: dict[str, float]

    @property
    def calls(self) -> int:
        return self.plan.objective.customers_to_call

    @property
    def more_calls(self) -> int:
        """How many more customers greedy earliest-due-date would call."""
        return self.greedy.objective.customers_to_call - self.calls

    def proved_to(self, level: str) -> float | None:
        """When the last of the levels down to this one was proved; None when one was not."""
        wanted = LEVELS[: LEVELS.index(level) + 1]
        if any(each not in self.proved for each in wanted):
            return None
        return max(self.proved[each] for each in wanted)


def run(problem: Problem, seconds: float) -> Run:
    """Plan for so long and note when what was known."""
    told: list[Plan] = []
    plan = planner.plan(problem, seconds=seconds, workers=WORKERS, on_progress=told.append)
    proved: dict[str, float] = {}
    for level in LEVELS:
        value = getattr(plan.objective, level)
        for each in told:
            if each.bound.get(level) == value == getattr(each.objective, level):
                proved.setdefault(level, each.seconds)
    faults = verify.faults(problem, plan)
    return Run(plan, greedy.plan(problem), faults, told[0].seconds, proved)


def shown(seconds: float | None) -> str:
    return "  -  " if seconds is None else f"{seconds:5.2f}"


def sixty(seeds: Iterable[int], long: bool) -> None:
    """Sixty jobs: first plan in 0.5 s, proofs in 5 s, completion within 3 % of 60 s."""
    print("\n60 jobs x 12 technicians x 10 bays, 5 s")
    print(
        "seed  first  proved above completion  unplaced calls late  completion   60 s |"
        " greedy: unplaced calls late, more calls | kept"
    )
    kept = []
    for seed in seeds:
        problem = problems.day(60, 12, 10, seed)
        made = run(problem, 5.0)
        reference = run(problem, 60.0).plan.objective if long else None
        above = made.proved_to("jobs_moved")
        kept.append(_is_sixty_kept(made, above, reference))
        cost, naive = made.plan.objective, made.greedy.objective
        print(
            f"{seed:4d}  {made.first:5.2f}  {shown(above):>23}  {cost.unplaced:8d} {made.calls:5d}"
            f" {cost.late_minutes:4d}  {cost.completion_minutes:10d}  {_gap(cost, reference):>5} |"
            f" {naive.unplaced:16d} {naive.customers_to_call:5d} {naive.late_minutes:4d}"
            f" {made.more_calls:12d} | {_yes(kept[-1], made)}",
            flush=True,
        )
    measured = "" if long else "; completion against 60 s was not measured, --long does"
    print(f"kept on {sum(kept)} of {len(kept)} seeds{measured}")


def _is_sixty_kept(made: Run, above: float | None, reference: Objective | None) -> bool:
    if made.first > 0.5 or above is None or above > 5.0:
        return False
    if reference is None:
        return True
    return made.plan.objective.completion_minutes <= 1.03 * reference.completion_minutes


def _gap(cost: Objective, reference: Objective | None) -> str:
    if reference is None:
        return "-"
    return f"{100 * (cost.completion_minutes / reference.completion_minutes - 1):+.1f}%"


def two_hundred(seeds: Iterable[int], long: bool) -> None:
    """Two hundred jobs: in 20 s no more customers to call than in 120 s."""
    print("\n200 jobs x 40 technicians x 30 bays, 20 s")
    print(
        "seed  first  calls proved  unplaced calls late  completion  120 s calls |"
        " greedy: unplaced calls, more calls | kept"
    )
    for seed in seeds:
        problem = problems.day(200, 40, 30, seed)
        made = run(problem, 20.0)
        proved = made.proved_to("customers_to_call")
        # What is proved cannot be beaten in any time.
        best: int | None = made.calls if proved is not None else None
        if best is None and long:
            best = run(problem, 120.0).calls
        cost, naive = made.plan.objective, made.greedy.objective
        print(
            f"{seed:4d}  {made.first:5.2f}  {shown(proved):>12}  {cost.unplaced:8d} {made.calls:5d}"
            f" {cost.late_minutes:4d}  {cost.completion_minutes:10d}"
            f"  {'-' if best is None else best:>11} |"
            f" {naive.unplaced:16d} {naive.customers_to_call:5d} {made.more_calls:11d}"
            f" | {'not measured' if best is None else _yes(made.calls <= best, made)}",
            flush=True,
        )


def upsets(seeds: Iterable[int]) -> None:
    """The day upset at ten: customers to call proved in 3 s."""
    print("\nA day of 60 jobs upset at ten, 5 s")
    print(
        "seed  upset         calls proved  calls moved late |"
        " greedy: calls moved, more calls | kept"
    )
    for seed in seeds:
        day = problems.day(60, 12, 10, seed)
        ten = problems.later(day, planner.plan(day, seconds=5.0, workers=WORKERS), TEN_O_CLOCK)
        for upset in UPSETS:
            made = run(upset(ten, seed), 5.0)
            proved = made.proved_to("customers_to_call")
            cost, naive = made.plan.objective, made.greedy.objective
            print(
                f"{seed:4d}  {upset.__name__:12s}  {shown(proved):>12}  {made.calls:5d}"
                f" {cost.jobs_moved:5d} {cost.late_minutes:4d} | {naive.customers_to_call:13d}"
                f" {naive.jobs_moved:5d} {made.more_calls:11d}"
                f" | {_yes(proved is not None and proved <= 3.0, made)}",
                flush=True,
            )


def _yes(kept: bool, made: Run) -> str:
    return f"FAULTS {made.faults}" if made.faults else "yes" if kept else "NO"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="also search for 60 and 120 s")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", choices=("60", "200", "upsets"))
    asked = parser.parse_args()
    seeds = range(asked.seeds)
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if asked.only in (None, "60"):
        sixty(seeds, asked.long)
    if asked.only in (None, "upsets"):
        upsets(seeds)
    if asked.only in (None, "200"):
        two_hundred(seeds, asked.long)
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
