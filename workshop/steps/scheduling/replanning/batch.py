"""Several jobs put elsewhere at once, all of them or none, by the rules of a single move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop import db
from workshop.allocation import placing, team
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, Conflict, RuleBroken
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import holds
from workshop.steps.scheduling.dispatch import counted, pauses
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.fitness import check_fit
from workshop.steps.scheduling.dispatch.service import Consent
from workshop.steps.scheduling.folder import service as folders


@dataclass(frozen=True)
class Change:
    """Where a job shall stand: no `place` is the queue, no `seen_version` is out of the queue.

    `piece` is work of the job that was ended and now goes on at the place, after `paused_minutes`
    of rest.
    """

    job: Job
    place: placing.Place | None
    seen_version: int | None
    piece: Allocation | None = None
    paused_minutes: int = 0


def carry_out(
    changes: Sequence[Change],
    *,
    consents: Mapping[int, Consent],
    back: bool = False,
    paused_at: datetime | None = None,
    by: User,
    at: datetime,
) -> dict[int, Allocation | None]:
    """Put all the jobs where they shall stand; the new allocation of each by the job's id.

    `consents` to another day by the order's id; whoever goes `back` to where a plan has just
    taken them from needs none. Work that was paused has ended at `paused_at`. Raises as
    `scheduling.move`, `assign` and `unassign` do.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    if not changes:
        return {}
    db.lock("board", changes[0].job.order.branch_id)
    live = {change.job.id: _find_live(change) for change in changes}
    helpers = {job_id: team.helper_of(allocation) for job_id, allocation in live.items()}
    for change in changes:
        _check(change, live[change.job.id], by=by)
    if not back:
        _record_consents(changes, live, consents, by=by, at=at)
    moves = _make_room(changes, live, paused_at or at, by=by, at=at)
    moved = allocations.rearrange(moves, by=by, at=at, back=back) if moves else []
    placed: dict[int, Allocation | None] = {each.job_id: each for each in moved}
    for change in sorted(changes, key=_first_day_first):
        if change.place is not None and change.job.id not in placed:
            helper = helpers[change.job.id]
            placed[change.job.id] = _place(
                change.job, change.place, helper, back=back, by=by, at=at
            )
        _follow(change, placed.get(change.job.id), by=by, at=at)
    return placed


def changes_times(changes: Sequence[Change]) -> bool:
    """Whether one of the changes is one of time, which is the advisor's (domain.md §2)."""
    for change in changes:
        live = queries.find_live(change.job)
        if live is None:
            continue
        place = change.place
        if place is None or scheduling.changes_time(live, place.starts_at, place.minutes):
            return True
    return False


def _find_live(change: Change) -> Allocation | None:
    live = queries.find_live(change.job)
    if live is not None:
        # Others may have committed since this transaction first read it.
        session.refresh(live)
    return live


def _check(change: Change, live: Allocation | None, *, by: User) -> None:
    job, place = change.job, change.place
    session.refresh(job, ["state"])
    orders.require_stage(job.order, Action.SCHEDULE)
    if (live is None) != (change.seen_version is None):
        raise _moved_meanwhile(change, live)
    if live is not None and change.seen_version is not None:
        shown = place or placing.Place(live.technician, live.bay, live.starts_at, live.minutes)
        placing.check_version(live, change.seen_version, shown)
    if place is None:
        _check_queue(job, by=by)
        return
    check_fit(
        job, place.technician, place.bay, calendar.local_day(job.order.branch, place.starts_at)
    )
    if live is None:
        _refuse_over(job)
        return
    if scheduling.changes_time(live, place.starts_at, place.minutes):
        scheduling.require_time_right(job.order.branch, by)
    scheduling.refuse_running(job, live, place.starts_at)


def _moved_meanwhile(change: Change, live: Allocation | None) -> Conflict:
    """Somebody gave the job its first place, or took it out, since the plan was made."""
    wanted = change.place
    return Conflict(
        N_("Somebody else changed this meanwhile. Look at both versions and save again."),
        theirs=placing.labelled(live) if live else {},
        yours=placing.labelled(wanted) if wanted else {},
    )


def _check_queue(job: Job, *, by: User) -> None:
    scheduling.require_time_right(job.order.branch, by)
    if job.state is not JobState.WAITING and job.state is not JobState.PAUSED:
        raise RuleBroken(N_("This job has begun; it keeps its place."), code="begun")


def _refuse_over(job: Job) -> None:
    if job.state in (JobState.DONE, JobState.CANCELLED):
        raise RuleBroken(N_("This job is over."), code="job_over")


def _record_consents(
    changes: Sequence[Change],
    live: Mapping[int, Allocation | None],
    consents: Mapping[int, Consent],
    *,
    by: User,
    at: datetime,
) -> None:
    for change in changes:
        allocation = live[change.job.id]
        if allocation is not None and change.place is not None:
            consent = consents.get(change.job.order_id)
            starts_at = change.place.starts_at
            scheduling.record_consent(change.job, allocation, starts_at, consent, by=by, at=at)


def _make_room(
    changes: Sequence[Change],
    live: Mapping[int, Allocation | None],
    paused_at: datetime,
    *,
    by: User,
    at: datetime,
) -> list[tuple[Allocation, int, placing.Place]]:
    """Free what shall be freed; what is to be moved is the answer, as `rearrange` wants it."""
    moves = []
    for change in changes:
        allocation = live[change.job.id]
        if change.piece is not None and change.place is not None:
            if allocation is not None:
                allocations.cancel(allocation, by=by, at=at)
            change.job.paused_minutes = change.paused_minutes
            moves.append((change.piece, change.piece.version, change.place))
        elif allocation is None:
            continue
        elif _is_rest(change, allocation, paused_at):
            # What was worked stays where it was; the rest becomes a new piece, or waits for one.
            allocations.finish(allocation, at=paused_at)
            pauses.forget(change.job)
        elif change.place is None:
            allocations.cancel(allocation, by=by, at=at)
        else:
            moves.append((allocation, allocation.version, change.place))
    return moves


def _is_rest(change: Change, allocation: Allocation, at: datetime) -> bool:
    is_later = change.place is None or change.place.starts_at >= at
    return change.job.state is JobState.PAUSED and allocation.starts_at < at and is_later


def _place(
    job: Job,
    place: placing.Place,
    helper: team.Helper | None,
    *,
    back: bool,
    by: User,
    at: datetime,
) -> Allocation:
    allocation = allocations.allocate(
        job.id,
        place.technician,
        place.bay,
        place.starts_at,
        place.minutes,
        by=by,
        at=at,
        across=place.across,
        back=back,
        helper=helper,
    )
    folders.ensure(job, by=by, at=at)
    holds.end(job, by=by, at=at)
    return allocation


def _follow(change: Change, allocation: Allocation | None, *, by: User, at: datetime) -> None:
    job = change.job
    if allocation is not None:
        scheduling.after_change(job.order, job, allocation, by=by, at=at)
        return
    counted.keep(job, None, at)
    scheduling.follow_stage(job.order, by=by, at=at)
    orders.announce(job.order, at)


def _first_day_first(change: Change) -> float:
    # The ledger's locks are taken in order of the day; whoever goes back to the queue needs none.
    return change.place.starts_at.timestamp() if change.place else 0.0
