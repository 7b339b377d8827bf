"""What a plan costs, as expressions of the solver: one for each level of the objective.

Only the planner imports this module, and with it the solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from ortools.sat.python import cp_model

from workshop.planner import score
from workshop.planner.model import Model
from workshop.planner.options import soonest_end
from workshop.planner.problem import LEVELS, Assignment, Order
from workshop.planner.slots import Literal, Slot

Cost = cp_model.LinearExprT


class Costs:
    """The levels of the objective over a model; each is built when it is first asked for."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.cp = model.cp
        self.problem = model.problem
        self._last: dict[str, cp_model.IntVar] = {}
        self._some: dict[str, Literal] = {}
        self._soonest = model.layout.soonest
        self._latest = model.layout.latest
        self._left_out = {
            job.order
            for job in self.problem.jobs
            if job.id in model.layout.options
            and job.id not in model.slots
            and job.id not in model.facts
        }
        self._hopeless = {
            job.order
            for job in self.problem.jobs
            if job.id not in model.slots and job.id not in model.facts
        }

    def of(self, level: str) -> Cost:
        """The cost of one level of the objective, by the level's name."""
        cost: Cost = getattr(self, f"_{level}")
        return cost

    def hint(self, rows: Mapping[str, Assignment]) -> None:
        """Begin the search with a plan, costs included, or the solver drops the hint."""
        self.model.hint_rows(rows)
        made = self.__dict__
        good = made.get("_late", {})
        for order in self.problem.orders:
            mine = [rows[job.id] for job in self.problem.jobs_of[order.id] if job.id in rows]
            end = max((row.end for row in mine), default=None)
            due = self.problem.due(order)
            late = 0 if due is None or end is None else max(0, end - due)
            is_short = len(mine) < len(self.problem.jobs_of[order.id])
            for name, value in (
                ("_late", late > 0),
                ("_calls", is_short or (late > 0 and order.id in good)),
                ("_lateness", late),
                ("_last", 0 if end is None else end),
                ("_some", end is not None),
            ):
                variable = made.get(name, {}).get(order.id)
                if isinstance(variable, cp_model.IntVar):
                    offset = self.problem.now if variable.name.startswith("last from now") else 0
                    self.model.hint(variable, int(value) - offset)
        for name, moved in made.get("_moved", {}).items():
            row, known = rows.get(name), self.problem.current_of[name]
            stays = row is not None and (row.technician, row.bay, row.start) == (
                known.technician,
                known.bay,
                known.start,
            )
            self.model.hint(moved, row is not None and not stays)

    def floor(self) -> dict[str, int]:
        """What each level costs at least, whatever the plan; known without a search."""
        problem = self.problem
        floor = dict.fromkeys(LEVELS, 0)
        placeable = len(self.model.slots) + len(self.model.facts)
        floor["unplaced"] = len(problem.jobs) - placeable
        for order in problem.orders:
            is_late = self._minutes_late(order) > 0 and not score.was_late(problem, order)
            is_called = order.id in self._hopeless or is_late
            floor["customers_to_call"] += is_called
            floor["waiting_to_call"] += is_called and order.waiting
            floor["comebacks_to_call"] += is_called and order.comeback
            if self._is_certain(order):
                floor["late_minutes"] += self._minutes_late(order)
                end = soonest_end(problem, order, self._soonest)
                floor["completion_minutes"] += 0 if end is None else end
        if not all(self._is_certain(order) for order in problem.orders):
            # An order that is not placed ends at 0, which is no bound for the others.
            floor["completion_minutes"] = min(0, problem.now) * len(problem.orders)
        return floor

    @cached_property
    def _unplaced(self) -> Cost:
        missing = len(self.problem.jobs) - len(self.model.slots) - len(self.model.facts)
        return missing + sum(1 - slot.placed for slot in self.model.slots.values())

    @cached_property
    def _customers_to_call(self) -> Cost:
        return sum(self._calls.values())

    @cached_property
    def _waiting_to_call(self) -> Cost:
        return sum(self._calls[order.id] for order in self.problem.orders if order.waiting)

    @cached_property
    def _comebacks_to_call(self) -> Cost:
        return sum(self._calls[order.id] for order in self.problem.orders if order.comeback)

    @cached_property
    def _late_minutes(self) -> Cost:
        return sum(self._lateness.values())

    @cached_property
    def _jobs_moved(self) -> Cost:
        kept = [row for row in self.model.facts.values() if score.is_moved(self.problem, row)]
        return len(kept) + sum(self._moved.values())

    @cached_property
    def _completion_minutes(self) -> Cost:
        return sum(self._completion.values())

    def _slots(self, order: Order) -> list[Slot]:
        jobs = self.problem.jobs_of[order.id]
        return [self.model.slots[job.id] for job in jobs if job.id in self.model.slots]

    def _known_end(self, order: Order) -> int | None:
        """When the order's jobs that stay where they are have ended, running ones among them."""
        rows = [self.model.facts.get(job.id) for job in self.problem.jobs_of[order.id]]
        return max((row.end for row in rows if row is not None), default=None)

    def _is_certain(self, order: Order) -> bool:
        """Whether every job of the order that can be placed will be."""
        if order.id in self._left_out:
            return False
        return all(slot.placed is self.model.true for slot in self._slots(order))

    def _minutes_late(self, order: Order) -> int:
        """By how much the order's placeable jobs break the promise even if nothing were busy."""
        due = self.problem.due(order)
        end = soonest_end(self.problem, order, self._soonest)
        return 0 if due is None or end is None else max(0, end - due)

    @cached_property
    def _late(self) -> dict[str, Literal]:
        """For each order with a promise that is still good: whether the plan breaks it."""
        return {
            order.id: self._late_literal(order)
            for order in self.problem.orders
            if order.promised is not None and not score.was_late(self.problem, order)
        }

    def _late_literal(self, order: Order) -> Literal:
        due, known = self.problem.due(order), self._known_end(order)
        assert due is not None
        if known is not None and known > due:
            return self.model.true
        if self._is_certain(order) and self._minutes_late(order) > 0:
            return self.model.true
        if not self._slots(order):
            return self.model.false
        late = self.cp.new_bool_var(f"late {order.id}")
        for slot in self._slots(order):
            in_time = self.cp.add(slot.end <= self.model.layout.minute(due))
            in_time.only_enforce_if(late.negated(), slot.placed)
        return late

    @cached_property
    def _calls(self) -> dict[str, Cost]:
        return {order.id: self._call(order) for order in self.problem.orders}

    def _call(self, order: Order) -> Cost:
        if order.id in self._hopeless:
            return 1
        late = self._late.get(order.id)
        unsure = [slot.placed for slot in self._slots(order) if slot.placed is not self.model.true]
        if not unsure:
            return 0 if late is None else late
        call = self.cp.new_bool_var(f"call {order.id}")
        for placed in unsure:
            self.cp.add_bool_or(placed, call)
        if late is not None:
            self.cp.add_implication(late, call)
        return call

    @cached_property
    def _lateness(self) -> dict[str, cp_model.IntVar]:
        return {
            order.id: self._lateness_variable(order, due)
            for order in self.problem.orders
            if (due := self.problem.due(order)) is not None
        }

    def _lateness_variable(self, order: Order, due: int) -> cp_model.IntVar:
        most = max(0, self._latest - due)
        least = self._minutes_late(order) if self._is_certain(order) else 0
        known = self._known_end(order)
        if known is not None:
            least = max(least, known - due)
        minutes = self.cp.new_int_var(least, most, f"lateness {order.id}")
        for slot in self._slots(order):
            last = self.cp.add(slot.end <= self.model.layout.minute(due) + minutes)
            last.only_enforce_if(slot.placed)
        if order.id in self._late:
            self.cp.add(minutes <= most * self._late[order.id])
        return minutes

    @cached_property
    def _moved(self) -> dict[str, Literal]:
        """For each job of the plan in force that is placed again: whether it moves."""
        return {
            name: self._moved_literal(slot, self.problem.current_of[name])
            for name, slot in self.model.slots.items()
            if name in self.problem.current_of
        }

    def _moved_literal(self, slot: Slot, row: Assignment) -> Literal:
        layout = self.model.layout
        technician = slot.people.get(layout.person_of[row.technician])
        place = None if row.bay is None else layout.place_of[row.bay]
        bay = self.model.true if place is None else slot.bays.get(place)
        if technician is None or bay is None or (row.bay is None) != (not slot.bays):
            return slot.placed
        moved = self.cp.new_bool_var(f"moved {slot.job.id}")
        stays = [moved.negated(), slot.placed]
        self.cp.add(slot.start == self.model.layout.minute(row.start)).only_enforce_if(stays)
        for literal in (technician, bay):
            self.cp.add_bool_or(moved, slot.placed.negated(), literal)
        return moved

    @cached_property
    def _completion(self) -> dict[str, Cost]:
        return {
            order.id: self._completion_cost(order)
            for order in self.problem.orders
            if self._slots(order) or self._known_end(order) is not None
        }

    def _completion_cost(self, order: Order) -> Cost:
        slots, known = self._slots(order), self._known_end(order)
        if not slots:
            return known or 0
        now = self.problem.now
        if any(slot.placed is self.model.true for slot in slots) or known is not None:
            if len(slots) == 1 and known is None:
                return slots[0].end + now
            return self._last_variable(order, slots, known) + now
        # An order of which nothing is placed costs nothing, whatever the origin is.
        last = self.cp.new_int_var(min(0, now), max(0, self._latest), f"last {order.id}")
        some = self.cp.new_bool_var(f"some {order.id}")
        self._last[order.id], self._some[order.id] = last, some
        self.cp.add_max_equality(some, [slot.placed for slot in slots])
        self.cp.add(last == 0).only_enforce_if(some.negated())
        for slot in slots:
            self.cp.add(last >= slot.end + now).only_enforce_if(slot.placed)
        return last

    def _last_variable(self, order: Order, slots: list[Slot], known: int | None) -> cp_model.IntVar:
        least = self.problem.now if known is None else known
        if self._is_certain(order):
            least = max(least, soonest_end(self.problem, order, self._soonest) or least)
        first, last = self.model.layout.minute(least), self.model.layout.minute(self._latest)
        variable = self.cp.new_int_var(first, last, f"last from now {order.id}")
        self._last[order.id] = variable
        for slot in slots:
            self.cp.add(variable >= slot.end).only_enforce_if(slot.placed)
        return variable
