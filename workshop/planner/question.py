"""What the search asks the solver: the whole plan, or only which orders are kept.

Only the planner imports this module, and with it the solver.
"""

from __future__ import annotations

from typing import Protocol

from ortools.sat.python import cp_model

from workshop.planner import score
from workshop.planner.costs import Costs
from workshop.planner.model import Model
from workshop.planner.options import Layout
from workshop.planner.problem import Plan
from workshop.planner.slots import Read


class Question(Protocol):
    """A model, what each of its levels costs, and the way from a plan to it and back."""

    cp: cp_model.CpModel

    def of(self, level: str) -> cp_model.LinearExprT:
        """The cost of one level of the objective, by the level's name."""

    def begin_with(self, plan: Plan) -> None:
        """Give the solver a plan to begin with."""

    def plan_of(self, read: Read) -> Plan:
        """The plan that a solution stands for."""


class Whole:
    """The whole plan: every job, with all that it costs."""

    def __init__(self, layout: Layout, *, must_place: bool) -> None:
        self.layout = layout
        self.model = Model(layout, must_place=must_place)
        self.costs = Costs(self.model)
        self.cp = self.model.cp

    def of(self, level: str) -> cp_model.LinearExprT:
        return self.costs.of(level)

    def begin_with(self, plan: Plan) -> None:
        self.costs.hint({row.job: row for row in plan.assignments})
        self.model.give_hints()

    def plan_of(self, read: Read) -> Plan:
        return score.plan_of(self.layout.problem, self.model.rows(read))
