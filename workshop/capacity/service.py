"""The capacity ledger: minutes of skills and bays that are promised on a day, and by whom.

Appointments, jobs and carry-over all take from one ledger, so nothing is sold twice. Hours are
counted, not cars (domain.md step 1). What is left is read by `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from workshop import db
from workshop.capacity.ledger import DayCapacity, Ledger
from workshop.capacity.models import CapacityTake, TakeSource
from workshop.capacity.remaining import Need, Needs
from workshop.db import session
from workshop.enums import LabelledEnum
from workshop.errors import N_, RuleBroken
from workshop.shop import calendar
from workshop.shop.models import BayKind, Branch, Skill


class Everybody(LabelledEnum):
    """The resource of work that needs no skill: whoever is there."""

    ALL = "all", N_("All technicians")


def day_capacity(branch: Branch, day: date, skill_id: int | None) -> DayCapacity:
    """What the branch has of a skill (None: of anybody) on a day, and what is taken of it."""
    return Ledger(branch, day, day).capacity(day, skill_id)


def take(
    branch: Branch,
    day: date,
    need: Need,
    minutes: int,
    source: TakeSource,
    source_id: int,
    *,
    at: datetime,
    not_before: datetime | None = None,
    beyond: bool = False,
) -> CapacityTake:
    """Take minutes of a skill and a bay on a day for an appointment or a job.

    An appointment may not touch the reserve; a job, whose car is here, may. Work that begins at
    `not_before` must fit in what is left of the day from there on. With `beyond` it is only
    written down: a board that has found a real place for the job is right, and so is somebody
    who overbooks by name. Raises RuleBroken (field "day") that names what is full. Callers that
    take of several days go in order of the day.
    """
    lock(branch, day)
    if not beyond:
        refuse_full(branch, day, {need: minutes}, source, at=at, not_before=not_before)
    taken = CapacityTake(
        branch_id=branch.id,
        day=day,
        skill_id=need.skill_id,
        bay_kinds=sorted(need.bay_kinds),
        minutes=minutes,
        source=source,
        source_id=source_id,
        not_before_at=not_before,
        taken_at=at,
    )
    session.add(taken)
    session.flush()
    return taken


def take_each(
    branch: Branch,
    day: date,
    needs: Mapping[Need, int],
    source: TakeSource,
    source_id: int,
    *,
    at: datetime,
    not_before: datetime,
) -> None:
    """Write down the minutes of each need, which were tried together or are taken by name."""
    for need, minutes in needs.items():
        take(
            branch,
            day,
            need,
            minutes,
            source,
            source_id,
            at=at,
            not_before=not_before,
            beyond=True,
        )


def lock(branch: Branch, day: date) -> None:
    """One writer at a time for a day of the ledger."""
    db.lock("capacity", branch.id * 1_000_000 + day.toordinal())


def refuse_full(
    branch: Branch,
    day: date,
    needs: Needs,
    source: TakeSource,
    *,
    at: datetime,
    not_before: datetime | None = None,
) -> None:
    """Raise RuleBroken when the needs do not fit together: the shop is closed, or what is full.

    With `not_before` also what is left of the day from there on must have room.
    """
    ledger = Ledger(branch, day, day, at=at)
    if not ledger.is_open(day):
        raise RuleBroken(N_("The shop is closed on that day."), field="day", code="closed")
    with_reserve = source is TakeSource.JOB
    full = ledger.list_full(day, needs, not_before, with_reserve=with_reserve)
    if full:
        raise RuleBroken(
            N_("The day has not the time for %(wanted)s min of it: %(what)s is full."),
            field="day",
            code="impossible" if ledger.is_impossible(day, needs) else "capacity",
            wanted=sum(needs.values()),
            what=names_of(full),
        )


def names_of(full: Iterable[Skill | BayKind | None]) -> list[Any]:
    """What is full, as a refusal shows it: each has a label or a name in both languages."""
    return [Everybody.ALL if each is None else each for each in full]


def use(
    source: TakeSource, source_id: int, *, at: datetime, worked_minutes: int | None = None
) -> None:
    """The work is done: its minutes stay counted on their day and wait for nobody any more.

    What was kept of a day that is still to come is free again, and so is of today what it has
    not `worked`, if that is given.
    """
    left = worked_minutes
    for taken in list_takes(source, source_id):
        branch = session.get_one(Branch, taken.branch_id)
        if taken.day > calendar.local_day(branch, at) or left == 0:
            taken.released_at = at
            continue
        taken.used_at = at
        if left is not None:
            taken.minutes = min(taken.minutes, left)
            left -= taken.minutes
    session.flush()


def stop(source: TakeSource, source_id: int, worked_minutes: int, *, at: datetime) -> None:
    """The work ends before it is done: what was worked stays counted, the rest is free again."""
    left = worked_minutes
    for taken in list_takes(source, source_id):
        if left > 0:
            taken.minutes, taken.used_at = min(taken.minutes, left), at
            left -= taken.minutes
        else:
            taken.released_at = at
    session.flush()


def release(source: TakeSource, source_id: int, *, at: datetime) -> int:
    """Give back all that an appointment or a job has taken; returns how many minutes."""
    given = 0
    for taken in list_takes(source, source_id):
        taken.released_at = at
        given += taken.minutes
    session.flush()
    return given


def list_takes(source: TakeSource, source_id: int) -> list[CapacityTake]:
    """What an appointment or a job holds now."""
    query = select(CapacityTake).where(
        CapacityTake.source == source,
        CapacityTake.source_id == source_id,
        CapacityTake.released_at.is_(None),
        CapacityTake.used_at.is_(None),
    )
    return list(session.scalars(query.order_by(CapacityTake.id)))


def next_free_day(branch: Branch, after: date, needs: Needs) -> date | None:
    """The first day later than `after` on which all the needs fit together."""
    first, last = after + timedelta(days=1), after + timedelta(days=calendar.HORIZON_DAYS)
    ledger = Ledger(branch, first, last)
    for day in calendar.days(first, last):
        if ledger.is_open(day) and ledger.fits(day, needs):
            return day
    return None
