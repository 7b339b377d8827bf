"""Improves a plan part by part: a few jobs are taken out of it and put back as well as can be.

Where the whole is too large to be solved, its parts are not, and the solver finds more in a
hundred parts than in the whole in the same time. Only the planner imports this module, and with
it the solver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from random import Random
from threading import Lock

from ortools.sat.python import cp_model

from workshop.planner import greedy, neighbourhoods, score
from workshop.planner.costs import Costs
from workshop.planner.model import Model
from workshop.planner.options import Layout
from workshop.planner.problem import LEVELS, Plan

# How many jobs are taken out at first; each kind of part then grows while it is quickly solved.
SIZE = 16
GROWTH = 1.02
SMALLEST = 5
# What a part may take, in the solver's own measure, so that one worker always does the same.
EFFORT = 0.02
UNPLACED = "unplaced"
# How many of the jobs without a place are tried in a part: each could go anywhere in it.
MOST_OUT = 6
# With less than this left no further part is begun.
LAST_SECONDS = 0.02


@dataclass(frozen=True)
class Aim:
    """The level to improve, what the levels above it have reached, and the least it can cost.

    After `patience` parts without a better plan it is given up.
    """

    level: str
    held: Mapping[str, int]
    floor: int
    ends_at: float
    patience: int

    def rank(self, plan: Plan) -> tuple[int, ...]:
        """What counts of a plan's cost."""
        return astuple(plan.objective)[: LEVELS.index(self.level) + 1]


class Improvement:
    """One run over one level: the best plan so far, shared by the workers."""

    def __init__(self, layout: Layout, aim: Aim, plan: Plan, offer: Callable[[Plan], None]) -> None:
        self.layout = layout
        self.aim = aim
        self.plan = plan
        self.is_proved = False
        self.idle = 0
        self._offer = offer
        self._lock = Lock()

    def run(self, workers: int) -> None:
        """Search until the time is up, or nothing better is possible; `plan` has the best."""
        if workers == 1:
            _Worker(self, 0).run()
            return
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(_Worker(self, seed).run) for seed in range(workers)]:
                done.result()

    def is_over(self) -> bool:
        """Whether to stop."""
        is_late = self.aim.ends_at - time.monotonic() < LAST_SECONDS
        is_done = self.is_proved or self.cost(self.plan) <= self.aim.floor
        return is_late or is_done or self.idle >= self.aim.patience

    def cost(self, plan: Plan) -> int:
        """What a plan costs on the level that is improved."""
        cost: int = getattr(plan.objective, self.aim.level)
        return cost

    def take(self, found: Plan | None, base: Plan) -> None:
        """Go on from a plan that is better, or as good and made from the newest one.

        As good is still another plan, from which the search may find its way on.
        """
        rank = self.aim.rank
        with self._lock:
            self.idle += 1
            if found is None:
                return
            self._offer(found)
            if rank(found) < rank(self.plan):
                self.idle = 0
                self.plan = found
            elif rank(found) == rank(self.plan) and base is self.plan:
                self.plan = found


class _Worker:
    """Takes out and puts back, one part after the other; the seed says which."""

    def __init__(self, shared: Improvement, seed: int) -> None:
        self.shared = shared
        self.layout = shared.layout
        self.problem = shared.layout.problem
        self.random = Random(seed)
        self.sizes = dict.fromkeys(neighbourhoods.KINDS, float(SIZE))

    def run(self) -> None:
        while not self.shared.is_over():
            kind = self.random.choice(list(self.sizes))
            self._step(kind, self.shared.plan)

    def _step(self, kind: str, base: Plan) -> None:
        rows = {row.job: row for row in base.assignments if row.job in self.layout.options}
        if not rows:
            self.shared.take(None, base)
            return
        size, costly = int(self.sizes[kind]), self._costly(base)
        free = neighbourhoods.choose(kind, self.layout, rows, size, self.random, costly)
        # Which jobs stay out of the plan is open too; for the last level now and then.
        out = sorted(name for name in base.unplaced if name in self.layout.options)
        if out and (self.shared.aim.level != LEVELS[-1] or self.random.random() < 0.5):
            free |= self._some_of(out)
        found, is_best = self._put_back(free, base)
        factor = GROWTH if is_best else 1 / GROWTH
        self.sizes[kind] = min(max(self.sizes[kind] * factor, SMALLEST), len(rows))
        self.shared.take(found, base)
        if is_best and len(free) == len(rows) + len(out):
            self.shared.is_proved = True

    def _some_of(self, out: Sequence[str]) -> set[str]:
        """A few of the jobs without a place, with those that must end before them."""
        found: set[str] = set()
        waits = self.random.sample(out, min(len(out), MOST_OUT))
        while waits:
            name = waits.pop()
            found.add(name)
            waits += [each for each in self.problem.job_of[name].after if each in out]
        return found

    def _costly(self, base: Plan) -> Sequence[str]:
        """The jobs that the plan's cost comes from, as far as it can be known."""
        if self.shared.aim.level == UNPLACED:
            return [name for name in base.unplaced if name in self.layout.options]
        if self.shared.aim.level == "completion_minutes":
            return ()
        return score.jobs_of_late_orders(self.problem, base)

    def _put_back(self, free: set[str], base: Plan) -> tuple[Plan | None, bool]:
        """The best plan found that differs in these jobs only, and whether it is proved best."""
        aim = self.shared.aim
        kept = {row.job: row for row in base.assignments}
        must_place = free.isdisjoint(base.unplaced)
        model = Model(self.layout, must_place=must_place, free=free, kept=kept)
        costs = Costs(model)
        for level in LEVELS[: LEVELS.index(aim.level)]:
            model.cp.add(costs.of(level) <= aim.held[level])
        cost = costs.of(aim.level)
        model.cp.add(cost <= self.shared.cost(base))
        model.cp.minimize(cost)
        solver = self._solver()
        status = solver.solve(model.cp)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, False
        found = score.plan_of(self.problem, model.rows(solver.value))
        if found.objective < base.objective:
            # What was taken out may have left room for what stayed.
            pushed = greedy.tighten(self.problem, found)
            found = min(found, pushed, key=lambda plan: plan.objective)
        return found, status == cp_model.OPTIMAL

    def _solver(self) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = 1
        parameters.random_seed = self.random.randrange(1 << 30)
        parameters.max_deterministic_time = EFFORT
        parameters.max_time_in_seconds = max(0.0, self.shared.aim.ends_at - time.monotonic())
        # For so small a model these take longer than the search.
        parameters.cp_model_presolve = False
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        return solver
