"""The planner: a problem in, the best plan that the time allows out.

It imports the solver, which costs half a second and takes the cores while it searches. Only the
planner's own process and the command line may import this module, never the web process.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ortools.sat.python import cp_model

from workshop.planner import greedy, reading
from workshop.planner.improving import Aim, Improvement
from workshop.planner.options import Layout
from workshop.planner.problem import LEVELS, BadProblem, NoPlan, Plan, Problem
from workshop.planner.question import Question, Whole
from workshop.planner.solving import Watch, solver_for
from workshop.planner.whole_orders import selection
from workshop.planner.whole_orders.deadlines import Deadlines
from workshop.planner.whole_orders.swapping import Swapping

Progress = Callable[[Plan], None]
# A way to search a level until a moment of the monotonic clock.
Way = Callable[[str, float], None]

# With less than this left no further search is begun.
LAST_SECONDS = 0.01
# How much of the time that is left a level may take before the next one has its turn.
SHARE = 0.6
# On a day that is too full the sum of completion minutes is nobody's concern.
FULL_SHARES = {"unplaced": 0.5, "late_minutes": 0.85}
# Above so many jobs the sum of completion minutes is proved best at once or hardly ever.
MOST_PROVED = 25
# Above so many jobs these levels are improved part by part before the whole is searched, for at
# most this share of the level's time, or until so many parts have brought nothing.
LARGE = 100
HEAD_START_LEVELS = ("unplaced", "late_minutes")
HEAD_START = 0.2
HEAD_START_PATIENCE = 60
# On a day that is too full whole orders change places, which the whole hardly ever finds.
FULL_START = 0.6
FULL_PATIENCE = 400
# Whole orders are swapped for at most this share of a level's time, or until so many parts have
# brought nothing.
SWAP_SHARE = 0.4
SWAP_PATIENCE = 150
# After so many parts that have brought nothing the last level is left to a search of the whole.
PATIENCE = 1000


def plan(
    problem: Problem,
    *,
    seconds: float = 5.0,
    workers: int = 2,
    on_progress: Progress | None = None,
) -> Plan:
    """The best plan found within `seconds`, level by level (docs: plan-format.md).

    `on_progress` gets every better plan as it is found, the greedy one first, and the best one
    again with its bounds when a level is settled; from the search's own threads, one at a time.

    Raises BadProblem when the problem breaks a rule of the format or its pinned starts cannot all
    be kept, and NoPlan when the time runs out before a plan keeps them all.
    """
    reading.check(problem)
    return _Search(problem, seconds, workers, on_progress).run()


class _Search:
    """One run: the best plan so far, what is proved of it, and the time that is left."""

    def __init__(
        self, problem: Problem, seconds: float, workers: int, on_progress: Progress | None
    ) -> None:
        self.problem = problem
        self.workers = workers
        self.on_progress = on_progress
        self.started = time.monotonic()
        self.ends_at = self.started + seconds
        self.best: Plan | None = None
        self.bound: dict[str, int] = {}
        self.held: dict[str, int] = {}
        self.floor: dict[str, int] = {}
        self.lost = 0
        self.layout: Layout
        self.question: Question
        self.selection: selection.Selection
        self.whole: Whole

    def run(self) -> Plan:
        self.offer(greedy.plan(self.problem))
        if self.problem.current:
            self.offer(greedy.keep(self.problem))
        self._choose()
        self._open(must_place=False, apart=False)
        for level in LEVELS:
            if level not in self.held:
                self._settle(level)
                self._close(level)
        return self._answer()

    def _choose(self) -> None:
        """Settle which orders are kept whole, which is all that the first levels ask."""
        self.layout = Layout(self.problem, apart=False)
        self.lost = len(self.problem.jobs) - len(self.layout.options) - len(self.problem.running)
        self.question = self.selection = selection.Selection(Deadlines(self.layout))
        self.floor = self.selection.floor
        if not self.is_at_floor(selection.LEVELS[0]):
            self.offer(greedy.give_way(self.problem))
        for level in selection.LEVELS:
            self._settle(level)
            self._close(level)

    def _close(self, level: str) -> None:
        """What a level has reached is kept while the next ones are brought down."""
        if self.best is None:
            raise NoPlan("the time ran out before a plan was found")
        self.held[level] = getattr(self.best.objective, level)
        self._hold(level)
        self._send()

    def offer(self, found: Plan) -> None:
        """Take a plan if it is better than the best so far."""
        if not self._keeps_pins(found):
            return
        if self.best is None or found.objective < self.best.objective:
            self.best = found
            self._send()

    def _send(self) -> None:
        if self.best is not None and self.on_progress is not None:
            self.on_progress(
                replace(self.best, bound=dict(self.bound), seconds=time.monotonic() - self.started)
            )

    def _keeps_pins(self, found: Plan) -> bool:
        return all(self.problem.job_of[name].pin.start is None for name in found.unplaced)

    def _open(self, *, must_place: bool, apart: bool) -> None:
        """Build the model again, with what the levels above have settled."""
        if self.layout.is_apart is not apart:
            self.layout = Layout(self.problem, apart=apart)
        self.question = self.whole = Whole(self.layout, must_place=must_place)
        self.floor = self.whole.costs.floor()
        for level in self.held:
            self._hold(level)

    def _hold(self, level: str) -> None:
        """Keep what a level has reached; what is proved the solver gets from below as well."""
        cost, value = self.question.of(level), self.held[level]
        self.question.cp.add(cost <= value)
        if self.bound[level] == value:
            self.question.cp.add(cost >= value)

    def _settle(self, level: str) -> None:
        """Bring one level down as far as the time allows."""
        if level == "late_minutes" and self.held["unplaced"] == self.floor["unplaced"]:
            # From here on no job is optional, which makes the model much smaller.
            self._open(must_place=True, apart=False)
        if self.is_at_floor(level):
            self.bound[level] = self.floor[level]
            return
        stays_count = level in ("jobs_moved", "completion_minutes") and self.problem.current
        if stays_count and not self.layout.is_apart:
            # Who stays where cannot be seen from a count.
            self._open(must_place=self.whole.model.must_place, apart=True)
        if level == "late_minutes":
            self.whole.model.busy.pool()
        self._search(level)
        if self.best is not None:
            self.offer(greedy.tighten(self.problem, self.best))

    def is_at_floor(self, level: str) -> bool:
        value = None if self.best is None else getattr(self.best.objective, level)
        return value == self.floor[level]

    def _search(self, level: str) -> None:
        """Search in one way after the other, until one proves the level or its time is up."""
        is_last = level == LEVELS[-1]
        self.bound[level] = self.floor[level]
        self.question.cp.minimize(self.question.of(level))
        left = self.ends_at - time.monotonic()
        share = FULL_SHARES.get(level, SHARE) if self._is_full() else SHARE
        ends_at = time.monotonic() + left * (1.0 if is_last else share)
        # Most levels are proved at once by searching the whole.
        ways: list[Way] = [
            partial(self._solve, is_thorough=False),
            partial(self._solve, is_thorough=True),
        ]
        if level in selection.LEVELS:
            ways[1:1] = [self._swap, self._add_energy]
        elif is_last and len(self.layout.options) > MOST_PROVED:
            ways.insert(1, self._improve)
        elif level in HEAD_START_LEVELS and len(self.layout.options) > LARGE:
            ways.insert(0, self._make_head_start)
        elif level in HEAD_START_LEVELS and self._is_full():
            ways.insert(1, self._make_head_start)
        for search in ways:
            if ends_at - time.monotonic() > LAST_SECONDS and not self._is_proved(level):
                search(level, ends_at)

    def _is_full(self) -> bool:
        """Whether not everything that has a place at all has got one."""
        return self.best is not None and len(self.best.unplaced) > self.lost

    def _add_energy(self, level: str, _ends_at: float) -> None:
        """What the solver does not prove at once it proves sooner when it is told what fits."""
        self.selection.add_energy()
        self.bound[level] = max(self.bound[level], self.floor[level])

    def _swap(self, level: str, ends_at: float) -> None:
        """Let whole orders change places before the solver proves that none can."""
        if self.best is None:
            return
        is_over = partial(self._is_proved, level)
        deadlines = self.selection.deadlines
        swapping = Swapping(deadlines, self.best, self.offer, is_over, SWAP_PATIENCE)
        if self.workers > 1:
            ends_at = time.monotonic() + SWAP_SHARE * (ends_at - time.monotonic())
        swapping.run(self.workers, ends_at)

    def _is_proved(self, level: str) -> bool:
        value = None if self.best is None else getattr(self.best.objective, level)
        return value is not None and self.bound.get(level) == value

    def _make_head_start(self, level: str, ends_at: float) -> None:
        """Improve the plan part by part before the whole is searched."""
        if self.workers > 1:
            # One worker always does the same, so only its patience ends it, not the clock.
            share = FULL_START if self._is_full() else HEAD_START
            ends_at = time.monotonic() + share * (ends_at - time.monotonic())
        patience = FULL_PATIENCE if self._is_full() else HEAD_START_PATIENCE
        self._improve(level, ends_at, patience)

    def _improve(self, level: str, ends_at: float, patience: int = PATIENCE) -> None:
        """Improve a level part by part, which is quick but hardly ever proves it."""
        if self.best is None:
            return
        aim = Aim(level, self.held, self.floor[level], ends_at, patience)
        improvement = Improvement(self.layout, aim, self.best, self.offer)
        improvement.run(self.workers)
        if improvement.is_proved or self.is_at_floor(level):
            # A plan that is better on an upper level may be the best though it costs more on this.
            proved = improvement.cost(improvement.plan)
            self.bound[level] = min(proved, getattr(self.best.objective, level))

    def _solve(self, level: str, ends_at: float, *, is_thorough: bool) -> None:
        """Let the solver search the whole."""
        self._begin_with_best(level)
        solver = self._solver(level, ends_at, is_thorough)
        watch = Watch(self.question, self.offer, partial(self.is_at_floor, level))
        status = solver.solve(self.question.cp, watch)
        if self.best is None:
            if status == cp_model.INFEASIBLE:
                raise self._impossible()
        elif status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
            bound = math.ceil(solver.best_objective_bound - 1e-6)
            # When the solver knows nothing yet it says 0, which is no bound of what is below it.
            if status != cp_model.UNKNOWN or bound > 0:
                self.bound[level] = max(self.bound[level], bound)

    def _begin_with_best(self, level: str) -> None:
        """Give the solver the best plan, and between what and what the level's cost must be."""
        cost = self.question.of(level)
        self.question.cp.add(cost >= self.bound[level])
        if self.best is not None:
            self.question.cp.add(cost <= getattr(self.best.objective, level))
            self.question.begin_with(self.best)

    def _solver(self, level: str, ends_at: float, is_thorough: bool) -> cp_model.CpSolver:
        seconds = ends_at - time.monotonic()
        return solver_for(level, seconds, self.workers, is_thorough=is_thorough)

    def _impossible(self) -> BadProblem:
        """Only pinned starts can make the model impossible: everything else may stay unplaced."""
        tried = {row.job for row in greedy.plan(self.problem).assignments}
        return BadProblem(
            [
                f"jobs[{at}].pinned.start: cannot be kept beside the other pins and running jobs"
                for at, job in enumerate(self.problem.jobs)
                if job.pin.start is not None and job.id not in tried
            ]
        )

    def _answer(self) -> Plan:
        assert self.best is not None
        values = self.held.items()
        is_optimal = all(self.bound[level] == value for level, value in values)
        return replace(
            self.best,
            proof="optimal" if is_optimal else "feasible",
            bound=self.bound,
            seconds=time.monotonic() - self.started,
        )
