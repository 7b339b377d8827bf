"""The orders as shares that only have to fit: a linear programme over the limits of `energy.py`.

It forgets when exactly a job is done and lets one be shared out, so no plan keeps more orders than
it does: what it calls, every plan calls. There are thousands of limits, of which few hold anything
back; those are found by asking again with the broken ones added. Only the planner imports this
module, and with it the solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]

from workshop.planner.problem import Problem
from workshop.planner.whole_orders.energy import Limit, Piece, Use

# How often it is asked again, and how many limits of one piece are added each time.
ROUNDS = 15
MOST_A_ROUND = 3
# What is broken by less than this share is rounding.
SLACK = 0.01


class Packing:
    """How many of the orders fit at most, and which limits hold the others back."""

    def __init__(
        self, problem: Problem, orders: Collection[str], uses: Mapping[Piece, list[Use]]
    ) -> None:
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.kept = {name: self._share() for name in orders}
        self.shares: dict[tuple[Piece, str], pywraplp.Variable] = {}
        of_job: dict[tuple[str, str], list[pywraplp.Variable]] = defaultdict(list)
        for piece, mine in uses.items():
            for use in mine:
                share = self.shares[piece, use.job] = self._share()
                of_job[piece.kind, use.job].append(share)
        for (_, name), shares in of_job.items():
            order = problem.job_of[name].order
            if order in self.kept:
                # All of an order that is kept is done; more of it may be.
                self.solver.Add(sum(shares) >= self.kept[order])
        self.solver.Maximize(self.solver.Sum(list(self.kept.values())))
        self.most = float(len(self.kept))

    def binding(self, limits: Iterable[Limit]) -> list[Limit]:
        """The limits that hold orders back; `most` is then how many fit at most."""
        left, found = dict(enumerate(limits)), list[Limit]()
        for _ in range(ROUNDS):
            if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
                break
            self.most = min(self.most, self.solver.Objective().Value())
            broken = self._worst(left)
            if not broken:
                break
            for at in broken:
                self._add(left[at])
                found.append(left.pop(at))
        return found

    def _share(self) -> pywraplp.Variable:
        return self.solver.NumVar(0, 1, "")

    def _worst(self, limits: Mapping[int, Limit]) -> list[int]:
        """The limits that are broken most, by what share of their room; a few of each piece."""
        shares: dict[Piece, dict[str, float]] = defaultdict(dict)
        for (piece, job), share in self.shares.items():
            shares[piece][job] = share.solution_value()
        by_piece: dict[Piece, list[tuple[float, int]]] = defaultdict(list)
        for at, limit in limits.items():
            here = shares[limit.piece]
            load = sum(least * here[job] for job, least in limit.minutes.items())
            over = (load - limit.most) / max(1, limit.most)
            if over > SLACK:
                by_piece[limit.piece].append((over, -at))
        return [
            -at
            for found in by_piece.values()
            for _, at in sorted(found, reverse=True)[:MOST_A_ROUND]
        ]

    def _add(self, limit: Limit) -> None:
        terms = [least * self.shares[limit.piece, job] for job, least in limit.minutes.items()]
        self.solver.Add(self.solver.Sum(terms) <= limit.most)
