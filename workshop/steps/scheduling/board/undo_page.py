"""The change that this person could take back now, kept in the session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import session

from workshop.orders.models import Job, RepairOrder
from workshop.steps.scheduling.board import undoing
from workshop.steps.scheduling.dispatch.reasons import Who
from workshop.steps.scheduling.dispatch.whole_order import Placing

_UNDO = "scheduling_undo"


def find_undo() -> dict[str, Any] | None:
    """What this person could take back now."""
    kept = session.get(_UNDO)
    if kept is None or "kind" not in kept:
        return None
    return kept if undoing.is_as_left(kept) else None


def remember_place(job: Job, was: dict[str, Any] | None) -> None:
    """The job has just got another place, or went back to the queue; `was` is its place before."""
    session[_UNDO] = undoing.of_place(job, was)


def remember_pin(job: Job, was: list[str]) -> None:
    """What is fixed of the job's place has just changed; `was` are the parts before."""
    session[_UNDO] = undoing.of_pin(job, was)


def remember_order(order: RepairOrder, placings: Sequence[Placing]) -> None:
    """All that was left of the order has just got its places."""
    session[_UNDO] = undoing.of_order(order, placings)


def find_placed(order: RepairOrder) -> dict[int, Who]:
    """Of the order that this person has just placed as a whole, what each was chosen for, by job.

    Nothing once somebody has changed any of it.
    """
    kept = find_undo()
    if kept is None or kept["kind"] != undoing.ORDER or kept["order_id"] != order.id:
        return {}
    return {job_id: Who(who) for job_id, _, who in kept["jobs"]}


def forget() -> None:
    """There is nothing to take back."""
    session.pop(_UNDO, None)
