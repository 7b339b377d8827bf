"""What a plan costs, level by level (docs: plan-format.md, objective)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workshop.planner.problem import Assignment, Objective, Order, Plan, Problem


def plan_of(problem: Problem, assignments: Sequence[Assignment]) -> Plan:
    """The plan that places just these jobs, with what it costs; nothing of it is proved."""
    placed = {row.job for row in assignments}
    unplaced = tuple(job.id for job in problem.jobs if job.id not in placed)
    return Plan(tuple(assignments), unplaced, objective(problem, assignments))


def objective(problem: Problem, assignments: Sequence[Assignment]) -> Objective:
    """The seven levels of a plan that places just these jobs."""
    rows = {row.job: row for row in assignments}
    ends = {order.id: _last_end(problem, order, rows) for order in problem.orders}
    called = to_call(problem, rows)
    calls = [order for order in problem.orders if order.id in called]
    return Objective(
        customers_to_call=len(calls),
        waiting_to_call=sum(order.waiting for order in calls),
        comebacks_to_call=sum(order.comeback for order in calls),
        unplaced=len(problem.jobs) - len(rows),
        late_minutes=sum(_lateness(problem, each, ends[each.id]) for each in problem.orders),
        jobs_moved=sum(is_moved(problem, row) for row in assignments),
        completion_minutes=sum(end for end in ends.values() if end is not None),
    )


def to_call(problem: Problem, rows: Mapping[str, Assignment]) -> set[str]:
    """The orders whose customers are to be called when just these jobs are placed."""
    return {order.id for order in problem.orders if _is_to_call(problem, order, rows)}


def jobs_of_late_orders(problem: Problem, plan: Plan) -> list[str]:
    """The placed jobs of the orders that end after their promise."""
    rows = {row.job: row for row in plan.assignments}
    late = [
        order
        for order in problem.orders
        if _lateness(problem, order, _last_end(problem, order, rows)) > 0
    ]
    return [job.id for order in late for job in problem.jobs_of[order.id] if job.id in rows]


def was_late(problem: Problem, order: Order) -> bool:
    """Whether the order is late under the plan in force, so that its customer knows."""
    return _lateness(problem, order, _last_end(problem, order, problem.current_of)) > 0


def _is_to_call(problem: Problem, order: Order, rows: Mapping[str, Assignment]) -> bool:
    if any(job.id not in rows for job in problem.jobs_of[order.id]):
        return True
    late = _lateness(problem, order, _last_end(problem, order, rows)) > 0
    return late and not was_late(problem, order)


def _last_end(problem: Problem, order: Order, rows: Mapping[str, Assignment]) -> int | None:
    ends = [rows[job.id].end for job in problem.jobs_of[order.id] if job.id in rows]
    return max(ends, default=None)


def _lateness(problem: Problem, order: Order, end: int | None) -> int:
    due = problem.due(order)
    return 0 if due is None or end is None else max(0, end - due)


def is_moved(problem: Problem, row: Assignment) -> bool:
    """Whether technician, bay or start differ from the plan in force; new jobs do not count."""
    known = problem.current_of.get(row.job)
    if known is None:
        return False
    return (known.technician, known.bay, known.start) != (row.technician, row.bay, row.start)
