"""Where the jobs of orders that are kept whole could go: in time for the promise, or not at all.

A customer who is not called has every job done in time. So in the question which orders to keep
no job needs a place after its order's promise; orders that are given up need no place at all,
but for the jobs that stay whatever becomes of their order. Plain Python, no solver.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping
from graphlib import TopologicalSorter
from math import inf

from workshop.planner import score
from workshop.planner.options import Layout, Options, soonest_end
from workshop.planner.problem import Order, Problem
from workshop.planner.windows import Window


class Deadlines:
    """The orders that could be kept, and the layout of their jobs: `layout.options` in time.

    `staying` are the jobs that are placed, or may be, though their order is given up: pinned
    starts, and what other orders' jobs wait for. They have all their places, late ones too.
    `lost` are the orders of which no plan keeps all jobs in time; their customers are called.
    """

    def __init__(self, layout: Layout) -> None:
        self.problem = layout.problem
        self.staying = _staying(self.problem)
        self.due = {order.id: _due(self.problem, order) for order in self.problem.orders}
        options = self._clipped(layout.options, layout.soonest)
        self.lost = {
            order.id for order in self.problem.orders if self._is_lost(order, options, layout)
        }
        options = {
            name: each
            for name, each in options.items()
            if name in self.staying or self.problem.job_of[name].order not in self.lost
        }
        self.layout = copy.copy(layout)
        self.layout.options = options

    def _clipped(
        self, options: Mapping[str, Options], soonest: Mapping[str, int]
    ) -> dict[str, Options]:
        """The options without starts too early for what comes before or too late for the promise.

        A job of one car ends before those that wait for it begin, so its own deadline is earlier.
        """
        after = {job.id: job.after for job in self.problem.jobs}
        order = list(TopologicalSorter(after).static_order())
        latest: dict[str, float] = defaultdict(lambda: inf)
        found: dict[str, Options] = {}
        for name in reversed(order):
            job = self.problem.job_of[name]
            if name not in options or job.is_running:
                continue
            if name in self.staying:
                found[name] = options[name]
                continue
            last = min(latest[name], self.due[job.order])
            ready = max([soonest.get(each, self.problem.now) for each in job.after], default=-inf)
            each = _within(options[name], job.minutes, ready, last)
            if not each.windows:
                continue
            found[name] = each
            begins = max(window.last for window in each.all_windows())
            for before in job.after:
                latest[before] = min(latest[before], begins)
        return {name: found[name] for name in order if name in found}

    def _is_lost(self, order: Order, options: Mapping[str, Options], layout: Layout) -> bool:
        jobs = self.problem.jobs_of[order.id]
        if any(not job.is_running and job.id not in options for job in jobs):
            return True
        end = soonest_end(self.problem, order, layout.soonest)
        return end is not None and end > self.due[order.id]


def _due(problem: Problem, order: Order) -> float:
    """When the order must be done for its customer not to be called; never, if it need not."""
    due = problem.due(order)
    return inf if due is None or score.was_late(problem, order) else due


def _staying(problem: Problem) -> set[str]:
    found = {job.id for job in problem.jobs if job.pin.start is not None and not job.is_running}
    for job in problem.jobs:
        found |= {
            name
            for name in job.after
            if problem.job_of[name].order != job.order and not problem.job_of[name].is_running
        }
    waits = list(found)
    while waits:
        for name in problem.job_of[waits.pop()].after:
            if name not in found and not problem.job_of[name].is_running:
                found.add(name)
                waits.append(name)
    return found


def _within(options: Options, minutes: int, ready: float, last: float) -> Options:
    """The options that start at `ready` or later and end at `last` or before."""
    kept: dict[tuple[int, int | None], tuple[Window, ...]] = {}
    for pair, found in options.windows.items():
        inside = [
            Window(
                int(max(each.first, ready)),
                int(min(each.last, last - minutes - each.pause)),
                each.pause,
            )
            for each in found
        ]
        if good := tuple(each for each in inside if each.first <= each.last):
            kept[pair] = good
    return Options(
        people=tuple(sorted({person for person, _ in kept})),
        bays=tuple(sorted({place for _, place in kept if place is not None})),
        windows=kept,
    )
