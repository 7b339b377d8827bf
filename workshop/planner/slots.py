"""The variables of one job that is still to be placed.

Only the planner imports this module, and with it the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from workshop.planner.problem import Job
from workshop.planner.windows import Window

Literal = cp_model.IntVar
Read = Callable[[cp_model.IntVar], int]


@dataclass
class Slot:
    """Whether, when, by whom and where a job is done; `span` is None when it is fixed."""

    job: Job
    placed: Literal
    start: cp_model.IntVar
    end: cp_model.LinearExprT
    span: cp_model.IntVar | None
    people: Mapping[int, Literal] = field(default_factory=dict)
    bays: Mapping[int, Literal] = field(default_factory=dict)
    ranges: list[tuple[Literal, Window]] = field(default_factory=list)
