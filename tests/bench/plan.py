"""How fast and how good the planner is: `python -m tests.bench.plan [--long] [--seeds 0-4]`.

Three tables beside greedy earliest-due-date, the issue's limits under each: a day of 60 jobs, the
same days upset at ten o'clock, a day of 200 jobs. It takes six minutes; what 60 and 120 seconds
find is read from `references.json` beside this file. `--long` searches that long itself, which
takes half an hour, and `--remember` writes what is better into the file. Two workers; measure on
an idle machine, since other work takes from the same two cores.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from functools import partial

from tests.bench import problems, references
from workshop.planner import greedy, planning, verify
from workshop.planner.problem import LEVELS, Objective, Plan, Problem

WORKERS = 2
TEN_O_CLOCK = 120
UPSETS: tuple[Callable[[Problem, int], Problem], ...] = (
    problems.goes_home,
    problems.overruns,
    problems.part_is_late,
)
# The limits.
FIRST_SECONDS = 0.5
PROVED_SECONDS, PROVED_SEEDS = 5.0, 0.9
COMPLETION_PERCENT = 3.0
CALLS_SECONDS = 3.0


@dataclass
class Run:
    """A plan and when each thing about it was known, in seconds."""

    plan: Plan
    greedy: Plan
    faults: list[str]
    first: float
    proved: dict[str, float]

    @property
    def cost(self) -> Objective:
        return self.plan.objective

    @property
    def calls(self) -> int:
        return self.cost.customers_to_call

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

    def gap(self, reference: Objective | None) -> float | None:
        """By how many percent completion is above the reference; None when it was not measured.

        A plan that differs on a higher level is better or worse than any percentage.
        """
        if reference is None:
            return None
        mine, its = astuple(self.cost)[:-1], astuple(reference)[:-1]
        if mine != its:
            return float("-inf") if mine < its else float("inf")
        return 100 * (self.cost.completion_minutes / reference.completion_minutes - 1)


def run(problem: Problem, seconds: float) -> Run:
    """Plan for so long and note when what was known."""
    told: list[Plan] = []
    plan = planning.plan(problem, seconds=seconds, workers=WORKERS, on_progress=told.append)
    proved: dict[str, float] = {}
    for level in LEVELS:
        value = getattr(plan.objective, level)
        for each in told:
            if each.bound.get(level) == value == getattr(each.objective, level):
                proved.setdefault(level, each.seconds)
    faults = verify.faults(problem, plan)
    return Run(plan, greedy.plan(problem), faults, told[0].seconds, proved)


def search(problem: Problem, seconds: float) -> Objective:
    """What a search of so many seconds finds."""
    return planning.plan(problem, seconds=seconds, workers=WORKERS).objective


def sixty(seeds: Iterable[int], known: references.References) -> None:
    """Sixty jobs: first plan in 0.5 s, proofs in 5 s, completion within 3 % of 60 s."""
    print("\n60 jobs x 12 technicians x 10 bays, 5 s")
    print(
        "seed  first  proved above completion  unplaced calls late  completion   60 s    gap |"
        " greedy: unplaced calls late, more calls | limits"
    )
    runs, gaps = [], []
    for seed in seeds:
        problem = problems.day(60, 12, 10, seed)
        made = run(problem, 5.0)
        runs.append(made)
        reference = known.of("60x12x10, 60 s", seed, partial(search, problem, 60.0))
        gaps.append(made.gap(reference))
        above = made.proved_to("jobs_moved")
        kept = [_is_within(made.first, FIRST_SECONDS), _is_within(above, PROVED_SECONDS)]
        if reference is not None:
            kept.append(_is_within(gaps[-1], COMPLETION_PERCENT))
        naive = made.greedy.objective
        print(
            f"{seed:4d}  {made.first:5.2f}  {_shown(above):>23}  {made.cost.unplaced:8d}"
            f" {made.calls:5d} {made.cost.late_minutes:4d}  {made.cost.completion_minutes:10d}"
            f"  {reference.completion_minutes if reference else '-':>5}  {_percent(gaps[-1]):>5} |"
            f" {naive.unplaced:16d} {naive.customers_to_call:5d} {naive.late_minutes:4d}"
            f" {made.more_calls:12d} | {_verdict(made, all(kept))}",
            flush=True,
        )
    _sum_up(runs)
    _say(f"first plan, slowest seed: {max(each.first for each in runs):.2f} s",
         f"at most {FIRST_SECONDS} s",
         all(each.first <= FIRST_SECONDS for each in runs))  # fmt: skip
    proved = sum(_is_within(each.proved_to("jobs_moved"), PROVED_SECONDS) for each in runs)
    _say(f"all above completion proved in {PROVED_SECONDS:g} s: {proved} of {len(runs)} seeds",
         "nine of ten", proved >= PROVED_SEEDS * len(runs))  # fmt: skip
    measured = [gap for gap in gaps if gap is not None]
    if measured:
        _say(f"completion above 60 s, worst of {len(measured)} seeds: {_percent(max(measured))}",
             f"at most {COMPLETION_PERCENT:g} %",
             max(measured) <= COMPLETION_PERCENT)  # fmt: skip


def upsets(seeds: Iterable[int]) -> None:
    """The day upset at ten: customers to call proved in 3 s."""
    print("\nA day of 60 jobs upset at ten, planned again in 5 s")
    print(
        "seed  upset         first  calls proved  calls moved late |"
        " greedy: calls moved, more calls | limits"
    )
    runs = []
    for seed in seeds:
        for name, problem in _upset_days(seed):
            made = run(problem, 5.0)
            runs.append(made)
            proved = made.proved_to("customers_to_call")
            naive = made.greedy.objective
            print(
                f"{seed:4d}  {name:12s}  {made.first:5.2f}  {_shown(proved):>12}"
                f"  {made.calls:5d} {made.cost.jobs_moved:5d} {made.cost.late_minutes:4d} |"
                f" {naive.customers_to_call:13d} {naive.jobs_moved:5d} {made.more_calls:11d} |"
                f" {_verdict(made, _is_within(proved, CALLS_SECONDS))}",
                flush=True,
            )
    _sum_up(runs)
    slow = [each.proved_to("customers_to_call") for each in runs]
    kept = sum(_is_within(each, CALLS_SECONDS) for each in slow)
    _say(f"customers to call proved in {CALLS_SECONDS:g} s: {kept} of {len(runs)} plans",
         "all", kept == len(runs))  # fmt: skip


def _upset_days(seed: int) -> Iterator[tuple[str, Problem]]:
    day = problems.day(60, 12, 10, seed)
    ten = problems.later(day, planning.plan(day, seconds=5.0, workers=WORKERS), TEN_O_CLOCK)
    for upset in UPSETS:
        yield upset.__name__, upset(ten, seed)


def two_hundred(seeds: Iterable[int], known: references.References) -> None:
    """Two hundred jobs: in 20 s no more customers to call than in 120 s."""
    print("\n200 jobs x 40 technicians x 30 bays, 20 s")
    print(
        "seed  first  calls proved  unplaced calls late  completion  120 s calls |"
        " greedy: unplaced calls, more calls | limits"
    )
    runs, kept = [], []
    for seed in seeds:
        problem = problems.day(200, 40, 30, seed)
        made = run(problem, 20.0)
        runs.append(made)
        proved = made.proved_to("customers_to_call")
        # What is proved cannot be beaten in any time.
        longer = made.cost
        if proved is None:
            longer = known.of("200x40x30, 120 s", seed, partial(search, problem, 120.0))
        if longer is not None:
            kept.append(made.calls <= longer.customers_to_call)
        naive = made.greedy.objective
        print(
            f"{seed:4d}  {made.first:5.2f}  {_shown(proved):>12}  {made.cost.unplaced:8d}"
            f" {made.calls:5d} {made.cost.late_minutes:4d}  {made.cost.completion_minutes:10d}"
            f"  {longer.customers_to_call if longer else '-':>11} |"
            f" {naive.unplaced:16d} {naive.customers_to_call:5d} {made.more_calls:11d} |"
            f" {_verdict(made, kept[-1]) if longer else 'not measured'}",
            flush=True,
        )
    _sum_up(runs)
    _say(f"no more customers to call than 120 s find: {sum(kept)} of {len(runs)} seeds",
         "all", len(kept) == len(runs) and all(kept))  # fmt: skip


def _sum_up(runs: list[Run]) -> None:
    more = [each.more_calls for each in runs]
    print(f"  greedy would call {sum(more)} customers more, {min(more)} to {max(more)} a plan")


def _say(figure: str, limit: str, is_met: bool) -> None:
    print(f"  {figure}; limit: {limit}: {'met' if is_met else 'NOT MET'}", flush=True)


def _is_within(figure: float | None, limit: float) -> bool:
    return figure is not None and figure <= limit


def _verdict(made: Run, is_met: bool) -> str:
    return f"FAULTS {made.faults}" if made.faults else "met" if is_met else "NOT MET"


def _shown(seconds: float | None) -> str:
    return "  -  " if seconds is None else f"{seconds:5.2f}"


def _percent(gap: float | None) -> str:
    if gap is None:
        return "-"
    return {float("inf"): "worse", float("-inf"): "better"}.get(gap, f"{gap:+.1f}%")


def _seeds(text: str) -> list[int]:
    """The seeds in `0-4` or `0,3,7-9`."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="search for 60 and 120 s as well")
    parser.add_argument("--remember", action="store_true", help="write what --long finds better")
    parser.add_argument(
        "--seeds", type=_seeds, help="such as 0-4 or 0,3,7-9; else ten, five of 200"
    )
    parser.add_argument("--only", choices=("60", "upsets", "200"), help="one of the tables")
    asked = parser.parse_args()
    known = references.References(is_measured=asked.long, is_kept=asked.remember)
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if asked.only in (None, "60"):
        sixty(asked.seeds or range(10), known)
    if asked.only in (None, "upsets"):
        upsets(asked.seeds or range(10))
    if asked.only in (None, "200"):
        two_hundred(asked.seeds or range(5), known)
    print(f"\nload after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
