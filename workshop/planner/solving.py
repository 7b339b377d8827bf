"""How the solver is set for a level, and what becomes of each solution.

Only the planner imports this module, and with it the solver.
"""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python import cp_model

from workshop.planner.problem import LEVELS, Plan
from workshop.planner.question import Question
from workshop.planner.whole_orders import selection

# What the first search of a level may take, in the solver's own measure: were it seconds, one
# worker would not always do the same. Several never do, and get this share of the level's time.
QUICK_EFFORT = 0.2
QUICK_SHARE = 0.15


def solver_for(level: str, seconds: float, workers: int, *, is_thorough: bool) -> cp_model.CpSolver:
    """A solver for the quick search that most levels need, or for the thorough one after it."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.max_time_in_seconds = seconds
    parameters.num_workers = workers
    parameters.random_seed = 1
    # Both took most of the time of a large shop and found nothing.
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    if is_thorough:
        # It takes a second before it begins, and is what proves late minutes that are many.
        parameters.use_strong_propagation_in_disjunctive = True
        parameters.use_dynamic_precedence_in_disjunctive = True
        if level in selection.LEVELS:
            # The limits of energy are worth most to its linear programmes.
            parameters.linearization_level = 2
    else:
        parameters.max_deterministic_time = QUICK_EFFORT
        if workers > 1:
            parameters.max_time_in_seconds *= QUICK_SHARE
    if level != LEVELS[-1]:
        # With several workers one of them proves from below, and the others improve.
        parameters.subsolvers.append("objective_lb_search")
    return solver


class Watch(cp_model.CpSolverSolutionCallback):
    """Gives every solution to the search, and stops when a level can get no better."""

    def __init__(
        self, question: Question, offer: Callable[[Plan], None], is_over: Callable[[], bool]
    ) -> None:
        super().__init__()
        self._question = question
        self._offer = offer
        self._is_over = is_over

    def on_solution_callback(self) -> None:
        self._offer(self._question.plan_of(self.value))
        if self._is_over():
            self.stop_search()
