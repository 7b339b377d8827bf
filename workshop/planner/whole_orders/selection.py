"""Which orders are kept whole and in time: the first three levels as a problem of its own.

A customer is called or not, whatever becomes of the rest of the car: so these levels ask only
which orders have all their jobs in time. What is given up needs no place, which leaves a much
smaller problem than the plan. Only the planner imports this module, and with it the solver.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import ceil, inf
from types import MappingProxyType

from ortools.sat.python import cp_model

from workshop.planner import greedy, score
from workshop.planner.model import Model
from workshop.planner.problem import Assignment, Order, Plan
from workshop.planner.slots import Literal, Read
from workshop.planner.whole_orders import energy
from workshop.planner.whole_orders.deadlines import Deadlines
from workshop.planner.whole_orders.packing import Packing

LEVELS = ("customers_to_call", "waiting_to_call", "comebacks_to_call")
# What a linear programme says is off by less than this.
ROUNDING = 1e-4


class Selection:
    """A literal for each order that could be kept; its jobs are placed in time, or not at all.

    With `free` only those orders are chosen among: of the others `called` are given up, and the
    rest stay where `kept` has their jobs.
    """

    def __init__(
        self,
        deadlines: Deadlines,
        *,
        free: Collection[str] | None = None,
        called: Collection[str] = (),
        kept: Mapping[str, Assignment] = MappingProxyType({}),
    ) -> None:
        self.problem = deadlines.problem
        self.deadlines = deadlines
        jobs = None if free is None else self._jobs_of(free, kept)
        self.model = Model(deadlines.layout, must_place=False, free=jobs, kept=kept)
        self.cp = self.model.cp
        given_up = deadlines.lost.union(set(called).difference(free or ()))
        self.kept = {
            order.id: self._kept(order) for order in self.problem.orders if order.id not in given_up
        }
        self.floor = {
            level: sum(order.id in self.deadlines.lost for order in self._counted(level))
            for level in LEVELS
        }
        self._places: list[tuple[Literal, energy.Piece, energy.Use]] = []
        self._has_energy = False

    def of(self, level: str) -> cp_model.LinearExprT:
        """How many of the customers whom the level counts are called."""
        orders = self._counted(level)
        return len(orders) - sum(self.kept[each.id] for each in orders if each.id in self.kept)

    def begin_with(self, plan: Plan) -> None:
        """Give the solver the orders that a plan keeps, and where it has their jobs."""
        rows = {row.job: row for row in plan.assignments}
        called = score.to_call(self.problem, rows)
        staying = self.deadlines.staying
        job_of = self.problem.job_of
        kept = {
            name: row
            for name, row in rows.items()
            if job_of[name].order not in called or name in staying
        }
        self.model.hint_rows(kept)
        for name, literal in self.kept.items():
            self.model.hint(literal, name not in called)
        for literal, piece, use in self._places:
            self.model.hint(literal, self._is_at(kept.get(use.job), piece, use))
        self.model.give_hints()

    def plan_of(self, read: Read) -> Plan:
        """The orders that are kept, and all else in the room that they leave."""
        return greedy.complete(self.problem, self.model.rows(read))

    def add_energy(self) -> int:
        """Say in numbers how much work fits where; the fewest calls that follow at once.

        It takes a while to find out, so it is left until the solver wants it.
        """
        if self._has_energy:
            return self.floor[LEVELS[0]]
        self._has_energy = True
        layout = self.model.layout
        uses = energy.uses_of(layout)
        packing = Packing(self.problem, self.kept, uses)
        literals = self._place_literals(uses)
        for limit in packing.binding(energy.limits(layout, uses)):
            work = [least * literals[limit.piece, job] for job, least in limit.minutes.items()]
            self.cp.add(sum(work) <= limit.most)
        fewest = ceil(len(self.problem.orders) - packing.most - ROUNDING)
        self.floor[LEVELS[0]] = max(self.floor[LEVELS[0]], fewest)
        return self.floor[LEVELS[0]]

    def _jobs_of(self, free: Collection[str], kept: Mapping[str, Assignment]) -> set[str]:
        """The jobs of these orders, and those without a place that must end before them."""
        options, job_of = self.deadlines.layout.options, self.problem.job_of
        waits = [name for name in options if job_of[name].order in free]
        found: set[str] = set()
        while waits:
            name = waits.pop()
            found.add(name)
            waits += [
                each
                for each in job_of[name].after
                if each in options and each not in kept and each not in found
            ]
        return found

    def _counted(self, level: str) -> list[Order]:
        orders = self.problem.orders
        if level == "waiting_to_call":
            return [order for order in orders if order.waiting]
        if level == "comebacks_to_call":
            return [order for order in orders if order.comeback]
        return list(orders)

    def _kept(self, order: Order) -> Literal:
        """Whether all the order's jobs are done in time."""
        jobs = self.problem.jobs_of[order.id]
        slots = [self.model.slots[job.id] for job in jobs if job.id in self.model.slots]
        if not slots:
            return self.model.true
        kept = self.cp.new_bool_var(f"kept {order.id}")
        due = self.deadlines.due[order.id]
        for slot in slots:
            if slot.job.id not in self.deadlines.staying:
                self.cp.add(slot.placed == kept)
                continue
            self.cp.add_implication(kept, slot.placed)
            if due < inf:
                in_time = self.cp.add(slot.end <= self.model.layout.minute(int(due)))
                in_time.only_enforce_if(kept)
        return kept

    def _place_literals(
        self, uses: Mapping[energy.Piece, list[energy.Use]]
    ) -> dict[tuple[energy.Piece, str], Literal]:
        """For each piece and each job that may be done there: whether it is."""
        of_group: dict[tuple[str, int, str], list[tuple[energy.Piece, energy.Use]]] = {}
        for piece, mine in uses.items():
            for use in mine:
                of_group.setdefault((piece.kind, piece.group, use.job), []).append((piece, use))
        found = {}
        for (kind, group, job), places in of_group.items():
            slot = self.model.slots[job]
            whole = (slot.people if kind == energy.PEOPLE else slot.bays)[group]
            if len(places) == 1:
                found[places[0][0], job] = whole
                continue
            for piece, use in places:
                found[piece, job] = self._place_literal(piece, use)
            self.cp.add(sum(found[piece, job] for piece, _ in places) == whole)
        return found

    def _place_literal(self, piece: energy.Piece, use: energy.Use) -> Literal:
        literal = self.cp.new_bool_var("")
        minute = self.model.layout.minute
        start = self.model.slots[use.job].start
        inside = self.cp.add_linear_constraint(start, minute(use.first), minute(use.last))
        inside.only_enforce_if(literal)
        self._places.append((literal, piece, use))
        return literal

    def _is_at(self, row: Assignment | None, piece: energy.Piece, use: energy.Use) -> bool:
        """Whether a plan has a job in this piece."""
        if row is None or not use.first <= row.start <= use.last:
            return False
        layout = self.model.layout
        if piece.kind == energy.PEOPLE:
            return layout.person_of[row.technician] == piece.group
        return row.bay is not None and layout.place_of[row.bay] == piece.group
