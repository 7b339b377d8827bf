"""Fixing a card where it stands, so that no plan moves it, and releasing it again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from workshop import db
from workshop.allocation import placing
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import Job, JobState
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import PinPart, PlacePin
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.replanning.batch import Change


def fix(
    job: Job, parts: Collection[PinPart], *, seen_version: int, by: User, at: datetime
) -> PlacePin:
    """Keep these parts of the card's place against re-planning.

    What was fixed before is replaced. A person may still move the card; what is fixed goes
    along. Raises Invalid without a part, RuleBroken when the job has begun or has no place,
    Conflict with both versions when the card is not where it was seen.
    """
    allocation = _require(job, seen_version, by=by)
    if job.state is JobState.RUNNING:
        raise RuleBroken(
            N_("This job is being worked on; no plan moves it anyway."), code="running"
        )
    kept = [part for part in parts if part is not PinPart.BAY or allocation.bay is not None]
    if not kept:
        raise Invalid(N_("Say what shall stay: the technician, the bay or the start."))
    _end(allocation, by=by, at=at)
    pin = PlacePin(
        allocation_id=allocation.id,
        keeps_technician=PinPart.TECHNICIAN in kept,
        keeps_bay=PinPart.BAY in kept,
        keeps_start=PinPart.START in kept,
        fixed_by_id=by.id,
        fixed_at=at,
    )
    session.add(pin)
    session.flush()
    audit.write(by, "scheduling.fix", allocation, at, parts=[part.value for part in pin.parts])
    orders.announce(job.order, at)
    return pin


def release(job: Job, *, seen_version: int, by: User, at: datetime) -> None:
    """Let plans move the card again. Raises as `fix` does; nothing happens when it is free."""
    allocation = _require(job, seen_version, by=by)
    if _end(allocation, by=by, at=at):
        audit.write(by, "scheduling.release_pin", allocation, at)
        orders.announce(job.order, at)


def refuse_moves(changes: Sequence[Change]) -> None:
    """Raise RuleBroken when a plan would move a card that was fixed after it was made."""
    for change in changes:
        live = queries.find_live(change.job)
        pin = pinned.find_pin(live)
        if live is None or pin is None or _keeps(pin, live, change.place):
            continue
        raise RuleBroken(
            N_("%(plate)s was fixed in place by %(name)s. Release it, or leave it out."),
            code="pinned",
            way=Way(
                "scheduling.place",
                N_("Open its place"),
                {"no": change.job.order.no, "job_id": change.job.id},
            ),
            order_id=change.job.order_id,
            plate=change.job.order.vehicle.called,
            name=pin.fixed_by.display_name,
        )


def _keeps(pin: PlacePin, live: Allocation, place: placing.Place | None) -> bool:
    if place is None:
        return False
    kept = {
        PinPart.TECHNICIAN: place.technician.id == live.technician_id,
        PinPart.BAY: (place.bay.id if place.bay else None) == live.bay_id,
        PinPart.START: place.starts_at == live.starts_at,
    }
    return all(kept[part] for part in pin.parts)


def _require(job: Job, seen_version: int, *, by: User) -> Allocation:
    staff.require_permission(by, Permission.SCHEDULE)
    orders.require_stage(job.order, Action.SCHEDULE)
    db.lock("board", job.order.branch_id)
    allocation = scheduling.get_live(job)
    session.refresh(allocation)
    here = placing.Place(
        allocation.technician, allocation.bay, allocation.starts_at, allocation.minutes
    )
    placing.check_version(allocation, seen_version, here)
    return allocation


def _end(allocation: Allocation, *, by: User, at: datetime) -> bool:
    pin = pinned.find_pin(allocation)
    if pin is None:
        return False
    pin.released_at, pin.released_by_id = at, by.id
    session.flush()
    return True
