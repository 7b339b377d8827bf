"""A card dropped on the board: its row says who or where, what it leaves open is chosen here.

A row of technicians leaves the bay open, a row of bays the technician. Whoever has a job keeps it;
the bay changes when it is taken and another one is free. The rules themselves are those of `place`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workshop.allocation import placing, team
from workshop.allocation import queries as allocation_queries
from workshop.allocation.free_time import FreeTime, Slot, WorkPiece
from workshop.allocation.models import Allocation
from workshop.errors import N_, Conflict, RuleBroken, WorkshopError
from workshop.orders.models import Job, JobState
from workshop.shop import calendar, rules
from workshop.shop import queries as shop
from workshop.shop.models import Bay, Technician
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch.place import Wish

# Refusals that another time, technician or bay would cure name one of these fields.
_PLACE_FIELDS = ("starts_at", "technician_id", "bay_id")


@dataclass(frozen=True)
class Drop:
    """Where a card was let go; minutes None: as long as it was, or all that is left of the job."""

    technician: Technician | None
    bay: Bay | None
    starts_at: datetime
    minutes: int | None = None
    seen_version: int | None = None


@dataclass(frozen=True)
class DayDrop:
    """Where a card of the week was let go: the first free time of a person's day."""

    technician: Technician
    day: date
    seen_version: int | None = None


def wish_of(job: Job, drop: Drop) -> Wish:
    """The whole place that the drop means. Raises RuleBroken when nobody could do the job."""
    live = queries.find_live(job)
    minutes = drop.minutes or _usual_minutes(job, live)
    free = _free_time(job, live, drop.starts_at)
    technician = drop.technician or _choose_technician(free, job, live, drop, minutes)
    day = calendar.local_day(job.order.branch, drop.starts_at)
    windows = free.table.shifts(technician.id, day)
    rests = live is not None and live.rest_minutes > 0
    across = rests or minutes > rules.longest_minutes(windows)
    ends_at = rules.work_end(drop.starts_at, minutes, windows, across)
    bay = drop.bay or _choose_bay(free, job, live, (drop.starts_at, ends_at))
    return Wish(technician, bay, drop.starts_at, minutes, across, seen_version=drop.seen_version)


def on_day(job: Job, drop: DayDrop, at: datetime) -> Drop:
    """A card of the week let go on a person's day, as a drop on the board.

    On its own day it keeps its time; on another one it takes the first that is free. Raises
    RuleBroken when that person has none on the day.
    """
    live = queries.find_live(job)
    branch = job.order.branch
    begins_at, ends_at = calendar.day_span(branch, drop.day)
    if live is not None and begins_at <= live.starts_at < ends_at:
        return Drop(drop.technician, None, live.starts_at, None, drop.seen_version)
    not_before = max(at, begins_at)
    free = _free_time(job, live, not_before)
    minutes = _usual_minutes(job, live)
    # Who is missing the skill is named when the card is put there.
    piece, bays = WorkPiece(minutes), free.bays_for(queries.piece_of(job, minutes))
    slots = free.list_slots(piece, drop.day, not_before, [drop.technician], bays)
    if not slots:
        raise RuleBroken(
            N_("%(technician)s has no free time for it on %(day)s."),
            field="day",
            code="full",
            technician=drop.technician.name,
            day=drop.day.isoformat(),
        )
    return Drop(drop.technician, slots[0].bay, slots[0].starts_at, None, drop.seen_version)


def check_seen(job: Job, wish: Wish) -> None:
    """Raise Conflict with both versions when the job has got, or lost, a place meanwhile."""
    live = queries.find_live(job)
    if (live is None) == (wish.seen_version is None):
        return
    yours = placing.labelled(
        placing.Place(wish.technician, wish.bay, wish.starts_at, wish.minutes, wish.across)
    )
    theirs = dict.fromkeys(yours) if live is None else placing.labelled(live)
    raise Conflict(
        N_("Somebody else changed this meanwhile. Look at both versions and save again."),
        theirs=theirs,
        yours=yours,
    )


def find_nearest(job: Job, drop: Drop, error: WorkshopError, at: datetime) -> Slot | None:
    """The next legal slot after a refused drop: of the same technician and bay if these are fit.

    None when no other place would help, as for a job that is over or has begun.
    """
    is_cured = isinstance(error, RuleBroken) and error.field in _PLACE_FIELDS
    if not is_cured or job.state is JobState.RUNNING:
        return None
    live = queries.find_live(job)
    not_before = max(at, drop.starts_at)
    free = _free_time(job, live, not_before)
    piece = queries.piece_of(job, drop.minutes or _usual_minutes(job, live))
    technician = drop.technician or (live.technician if live else None)
    day = calendar.local_day(job.order.branch, not_before)
    people = None
    if technician is not None and technician.active:
        held = free.held.get(technician.id, {})
        people = [technician] if shop.can_do(held, job.skills, day) else None
    is_fit = drop.bay is not None and drop.bay.active and _may_use(job, drop.bay)
    bays = [drop.bay] if is_fit else None
    return free.find_earliest(piece, not_before, people, bays)


def _usual_minutes(job: Job, live: Allocation | None) -> int:
    # Of a job that stands still only the rest is planned again.
    if live is None or job.state is JobState.PAUSED:
        return queries.minutes_left(job)
    return live.minutes


def _free_time(job: Job, live: Allocation | None, since: datetime) -> FreeTime:
    return FreeTime(
        job.order.branch,
        since,
        team.ids_of(live),
        beside=allocation_queries.find_helper(live) if live else None,
    )


def _choose_technician(
    free: FreeTime, job: Job, live: Allocation | None, drop: Drop, minutes: int
) -> Technician:
    """Who has the job keeps it; a job of the queue goes to who is done with it first."""
    if live is not None:
        return live.technician
    piece = queries.piece_of(job, minutes)
    day = calendar.local_day(job.order.branch, drop.starts_at)
    slots = free.list_slots(piece, day, drop.starts_at, bays=[drop.bay])
    return (slots[0] if slots else free.get_earliest(piece, drop.starts_at)).technician


def _choose_bay(
    free: FreeTime,
    job: Job,
    live: Allocation | None,
    span: tuple[datetime, datetime | None],
) -> Bay | None:
    """The bay that the job has, or else the first fit one that is free then."""
    bays = _fit_bays(free, job, live)
    starts_at, ends_at = span
    if ends_at is not None:
        blocked = (starts_at, free.branch.blocked_until(ends_at))
        for bay in bays:
            if all(rules.are_apart(blocked, each) for each in free.taken_of_bay(bay)):
                return bay
    return bays[0] if bays else None


def _fit_bays(free: FreeTime, job: Job, live: Allocation | None) -> Sequence[Bay | None]:
    bays = free.bays_for(queries.piece_of(job, 1))
    kept = live.bay if live is not None else None
    if kept is None or not _may_use(job, kept):
        return bays
    return [kept, *(bay for bay in bays if bay is not None and bay.id != kept.id)]


def _may_use(job: Job, bay: Bay) -> bool:
    return not job.bay_kinds or bay.kind.value in job.bay_kinds
