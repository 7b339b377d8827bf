"""What the pages of the technician's phone share: whose job it is, its card, acts applied once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request

from workshop import clock
from workshop.orders.models import Job
from workshop.staff.access import me
from workshop.steps.repair import actions, agenda, queries, rules, work
from workshop.steps.repair.rules import PauseReason


def get_mine(job_id: int) -> Job:
    """A job that is, or was, the technician's own; raises NotAllowed for anybody else's."""
    mine = queries.get_job(job_id, me().branch_id)
    if not queries.has_worked_on(mine, me()):
        work.require_own_job(mine, me())
    return mine


def card(shown: Job) -> dict[str, Any]:
    """What every page about a job shows: its next act, its clock, what it lacks."""
    now = clock.now()
    running = queries.find_open_session(shown)
    return {
        "job": shown,
        "order": shown.order,
        "next_act": agenda.find_next_act(shown).value,
        "running": running,
        "clocked": queries.clocked_minutes(shown, now),
        "last_session": next(iter(reversed(queries.list_sessions(shown))), None),
        "seconds": _seconds(shown, now),
        "speed": clock.speed(),
        "missing_to_start": work.missing_to_start(shown),
        "missing_to_finish": queries.missing_to_finish(shown),
        "open_points": rules.points_missing({p.point for p in queries.list_points(shown)}),
        "reasons": list(PauseReason),
        "new_action_id": actions.new_id,
    }


def _seconds(shown: Job, now: datetime) -> int:
    return sum(
        max(0, int(((each.ended_at or now) - each.started_at).total_seconds()))
        for each in queries.list_sessions(shown)
    )


def once(name: str, do: Callable[[datetime], Any]) -> None:
    """Apply what the phone has sent, however often it comes."""
    at = clock.now()
    if actions.is_first(request.form.get("client_id", ""), name, by=me(), at=at):
        do(at)
