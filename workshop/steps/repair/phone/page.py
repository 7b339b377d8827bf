"""What the pages of the technician's phone share: whose job it is, its card, acts applied once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, g, request
from flask_babel import gettext

from workshop import clock, web
from workshop.allocation.models import TeamRole
from workshop.attendance import hours, presence
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.phone import applied
from workshop.phone import page as phone
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff.access import me
from workshop.steps.parts import queries as parts
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import queries, rules, work
from workshop.steps.repair.changing import told
from workshop.steps.repair.models import WorkSession
from workshop.steps.repair.phone import actions, agenda

# The acts of these pages are answered as every phone's are.
reply, tell_queue, is_queue = phone.reply, phone.tell_queue, phone.is_queue


def get_mine(job_id: int) -> Job:
    """A job that is, or was, the technician's own; raises NotAllowed for anybody else's."""
    mine = queries.get_job(job_id, me().branch_id)
    if not queries.has_worked_on(mine, me()):
        work.require_own_job(mine, me())
    return mine


def card(shown: Job) -> dict[str, Any]:
    """What every page about a job shows: its next act, its clock, what is missing."""
    now = clock.now()
    ticked = {each.point for each in queries.list_points(shown)}
    check = queries.find_self_check(shown)
    running = queries.find_open_session(shown)
    return {
        "job": shown,
        "order": shown.order,
        "next_act": agenda.find_next_act(shown).value,
        "running": running,
        "clocked": queries.clocked_minutes(shown, now),
        "last_session": next(iter(reversed(queries.list_sessions(shown))), None),
        "seconds": seconds_of(queries.list_sessions(shown), now),
        "speed": clock.speed(),
        "off": told.find(shown),
        "missing_to_start": repair_gates.missing_to_start(shown, now),
        "missing_to_finish": repair_gates.missing_to_finish(shown),
        "open_points": rules.points_missing(ticked),
        "ticked": [point.value for point in ticked],
        "checked": check is not None and check.passed,
        "reasons": rules.REASONS_OF_JOB,
        "new_action_id": applied.new_id,
        "clock_speed": clock.speed,
        **day(),
    }


def day() -> dict[str, Any]:
    """Where the time clock has the person, the job in hand, and the figures of the day."""
    now, technician = clock.now(), agenda.find_technician(me())
    if technician is None:
        return {"here": presence.Presence(presence.State.OUT)}
    branch: Branch = g.branch
    today = calendar.local_day(branch, now)
    working = queries.find_running_session(technician)
    return {
        "here": presence.of(technician, now),
        # Who helps leaves a job that goes on.
        "job_in_hand": working.job if working and working.role is TeamRole.LEAD else None,
        "hours": hours.of_day([technician], branch, today, now)[technician.id],
        "new_action_id": applied.new_id,
    }


def seconds_of(sessions: Iterable[WorkSession], now: datetime) -> int:
    """How long these clocks have run."""
    return sum(
        max(0, int(((each.ended_at or now) - each.started_at).total_seconds())) for each in sessions
    )


def list_part_lines(shown: Job) -> list[tuple[Any, int]]:
    """The parts of this job's lines, each with what was issued of it in thousandths."""
    return [pair for each in list_lines(shown) for pair in each.parts]


@dataclass(frozen=True)
class PhoneLine:
    """One signed line of a job, with its parts as `list_part_lines` has them."""

    line: QuotationLine
    parts: list[tuple[QuotationLine, int]]
    is_off: bool = False


def list_lines(shown: Job) -> list[PhoneLine]:
    """What is done in this job line by line; what the customer took off comes last."""
    lines = quotation.list_authorised_lines(shown.order)
    off = [each.line for each in taking_off.list_off(shown.order)]
    return [
        *(
            PhoneLine(
                head, [(part, parts.issued_milli(part.id)) for part in _parts_of(head, lines)]
            )
            for head in lines
            if head.job_id == shown.id and head.parent_line_id is None
        ),
        *(
            PhoneLine(line, [], is_off=True)
            for line in off
            if line.job_id == shown.id and line.is_labour
        ),
    ]


def _parts_of(head: QuotationLine, lines: Iterable[QuotationLine]) -> list[QuotationLine]:
    return [line for line in lines if line.is_part and head.id in (line.id, line.parent_line_id)]


def once(
    name: str, do: Callable[[datetime], Any], job: Job | None = None, *, url: str = ""
) -> dict[str, Any]:
    """Apply what the technician's phone has sent, once; what was taken off meanwhile is kept."""

    def act(at: datetime) -> None:
        off = told.find(job) if job is not None and name not in _KEPT_ANYWAY else None
        if off is not None and job is not None and queries.has_worked_on(job, me()):
            _keep_late(name, job, off, phone.tapped_at() or clock.now(), clock.now())
        else:
            do(at)

    return phone.once(name, act, after=lambda: actions.find_last_at(job, by=me()), url=url)


# A note is written down though the work is off.
_KEPT_ANYWAY = ("note",)
_UNSAID = frozenset({"csrf_token", "client_id", "user", "tapped_at", "back", "seen", "arrive"})


def _keep_late(name: str, job: Job, off: told.TakenOff, tapped_at: datetime, now: datetime) -> None:
    """The customer took the work off before this came in: keep what was tapped, and say so."""
    sent = [f"{key}: {said}" for key, said in request.form.items() if key not in _UNSAID and said]
    words = gettext(
        "Came in after the work was taken off: “%(act)s”, tapped at %(at)s.",
        act=gettext(_ACTS.get(name, name)),
        at=web.local(tapped_at).strftime("%H:%M"),
    )
    told.keep_late(job, "\n".join([words, *sent]), by=me(), at=now)
    flash(
        gettext(
            "The customer took this work off at %(at)s. What you tapped is kept as a note.",
            at=web.local(off.at).strftime("%H:%M"),
        )
    )


_ACTS = {
    "start": N_("Start"),
    "resume": N_("Resume"),
    "pause": N_("Pause"),
    "finish": N_("Finish"),
    "tick": N_("Point ticked"),
    "untick": N_("Point of the work unticked"),
    "self_check": N_("Self-check"),
    "inspect": N_("Line of the inspection"),
    "inspect_ask": N_("Finding of the inspection"),
    "inspect_green": N_("Group of the inspection in order"),
    "inspect_finish": N_("Inspection complete"),
}
