"""The change that this person could take back now, kept in the session."""

from __future__ import annotations

from typing import Any

from flask import session

from workshop.orders.models import Job
from workshop.steps.scheduling.board import undoing

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


def forget() -> None:
    """There is nothing to take back."""
    session.pop(_UNDO, None)
