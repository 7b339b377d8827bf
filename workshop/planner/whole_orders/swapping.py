"""Improves the choice of orders that are kept: a few whole orders change places at a time.

Some orders that are given up and some that stand in their way are taken out together, and as many
of them as can be are put back; of equal choices the one with less work is taken, for it leaves
more room to the next. Only the planner imports this module, and with it the solver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from threading import Lock

from ortools.sat.python import cp_model

from workshop.planner import greedy, neighbourhoods, score
from workshop.planner.problem import Assignment, Order, Plan
from workshop.planner.whole_orders.deadlines import Deadlines
from workshop.planner.whole_orders.selection import LEVELS, Selection

# How many orders that are given up are taken in at a time, and how many jobs in their way.
MOST_GIVEN_UP = 4
JOBS_IN_THE_WAY = 14
IDLE_A_JOB = 12
# What a part may take, in the solver's own measure, so that one worker always does the same.
EFFORT = 0.05
LAST_SECONDS = 0.02


@dataclass(frozen=True)
class Choice:
    """The orders that are given up, and where the jobs of all others are."""

    called: frozenset[str]
    rows: Mapping[str, Assignment]
    rank: tuple[int, ...]


class Swapping:
    """One run: the best choice so far, shared by the workers."""

    def __init__(
        self,
        deadlines: Deadlines,
        plan: Plan,
        offer: Callable[[Plan], None],
        is_over: Callable[[], bool],
        patience: int,
    ) -> None:
        self.deadlines = deadlines
        self.problem = deadlines.problem
        self.choice = self.choice_of({row.job: row for row in plan.assignments})
        self.idle = 0
        self.patience = patience
        self._offer = offer
        self._is_over = is_over
        self._lock = Lock()

    def run(self, workers: int, ends_at: float) -> None:
        """Swap until the time is up, or so many parts have brought nothing."""
        if workers == 1:
            self._work(0, ends_at)
            return
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(self._work, seed, ends_at) for seed in range(workers)]:
                done.result()

    def choice_of(self, rows: Mapping[str, Assignment]) -> Choice:
        """What a plan keeps: of the orders it gives up only the jobs that stay."""
        called = frozenset(score.to_call(self.problem, rows))
        staying, job_of = self.deadlines.staying, self.problem.job_of
        kept = {
            name: row
            for name, row in rows.items()
            if job_of[name].order not in called or name in staying or job_of[name].is_running
        }
        orders = [order for order in self.problem.orders if order.id in called]
        work = sum(self._minutes(each) for each in self.problem.orders if each.id not in called)
        waiting = sum(order.waiting for order in orders)
        comebacks = sum(order.comeback for order in orders)
        return Choice(called, kept, (len(orders), waiting, comebacks, work))

    def _minutes(self, order: Order) -> int:
        return sum(job.minutes for job in self.problem.jobs_of[order.id])

    def _work(self, seed: int, ends_at: float) -> None:
        random = Random(seed)
        while ends_at - time.monotonic() > LAST_SECONDS and self.idle < self.patience:
            base = self.choice
            given_up = sorted(base.called - self.deadlines.lost)
            if not given_up or self._is_over():
                return
            self._take(self._put_back(base, self._free(base, given_up, random), random, ends_at))

    def _free(self, base: Choice, given_up: list[str], random: Random) -> set[str]:
        """Orders that are given up, and kept ones in the way of the first of them."""
        size = random.randint(1, MOST_GIVEN_UP)
        chosen = random.sample(given_up, min(len(given_up), size))
        job = random.choice([job for job in self.problem.jobs_of[chosen[0]] if not job.is_running])
        planned = {
            name: row
            for name, row in base.rows.items()
            if name in self.deadlines.layout.options and name not in self.deadlines.staying
        }
        near = neighbourhoods.choose(
            "of orders", self.deadlines.layout, planned, self._size(), random, [job.id]
        )
        return {*chosen, *(self.problem.job_of[name].order for name in near)}

    def _size(self) -> int:
        """The longer nothing was found, the more is taken out at a time."""
        return JOBS_IN_THE_WAY + self.idle // IDLE_A_JOB

    def _put_back(
        self, base: Choice, free: set[str], random: Random, ends_at: float
    ) -> Choice | None:
        part = Selection(self.deadlines, free=free, called=base.called, kept=base.rows)
        part.cp.minimize(self._cost(part))
        part.cp.add(part.of(LEVELS[0]) <= len(base.called))
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = 1
        parameters.random_seed = random.randrange(1 << 30)
        parameters.max_deterministic_time = EFFORT
        parameters.max_time_in_seconds = max(0.0, ends_at - time.monotonic())
        # For so small a model these take longer than the search.
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        if solver.solve(part.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return self.choice_of({row.job: row for row in part.model.rows(solver.value)})

    def _cost(self, part: Selection) -> cp_model.LinearExprT:
        """The three levels in one sum, each worth more than all below it; then the work kept."""
        orders = self.problem.orders
        minutes = {each.id: self._minutes(each) for each in orders}
        terms: list[tuple[cp_model.LinearExprT, int]] = [
            (literal, minutes[name]) for name, literal in part.kept.items()
        ]
        worth = 1 + sum(minutes.values())
        for level in reversed(LEVELS):
            terms.append((part.of(level), worth))
            worth *= len(orders) + 1
        costs, worths = zip(*terms, strict=True)
        return cp_model.LinearExpr.weighted_sum(list(costs), list(worths))

    def _take(self, found: Choice | None) -> None:
        with self._lock:
            self.idle += 1
            if found is None or found.rank > self.choice.rank:
                return
            if found.rank[: len(LEVELS)] < self.choice.rank[: len(LEVELS)]:
                self.idle = 0
                self._offer(greedy.complete(self.problem, list(found.rows.values())))
            self.choice = found
