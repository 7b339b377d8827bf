"""A plan for the benchmarks, with when each thing about it was known, and words for figures."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from workshop.planner import greedy, planning, verify
from workshop.planner.problem import LEVELS, Objective, Plan, Problem

WORKERS = 2


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


def sum_up(runs: list[Run]) -> None:
    """How many customers more the greedy plans would call."""
    more = [each.more_calls for each in runs]
    print(f"  greedy would call {sum(more)} customers more, {min(more)} to {max(more)} a plan")


def say(figure: str, limit: str, is_met: bool) -> None:
    """A figure beside its limit."""
    print(f"  {figure}; limit: {limit}: {'met' if is_met else 'NOT MET'}", flush=True)


def is_within(figure: float | None, limit: float) -> bool:
    """Whether it was measured and is no more than the limit."""
    return figure is not None and figure <= limit


def verdict(made: Run, is_met: bool) -> str:
    """Whether the limit was met; faults come first."""
    return f"FAULTS {made.faults}" if made.faults else "met" if is_met else "NOT MET"


def shown(seconds: float | None) -> str:
    """Seconds, or a dash for what was never proved."""
    return "  -  " if seconds is None else f"{seconds:5.2f}"
