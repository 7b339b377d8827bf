"""The hours of the day that an appointment takes, and taking them of a day that is sold out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workshop import events
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.catalogue.models import Operation
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.orders.models import DeferredWork
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import estimates, queries, service, slots
from workshop.steps.booking.estimates import Estimate
from workshop.steps.booking.models import Appointment, AppointmentOperation, Overbooking


def take(
    appointment: Appointment, needed: Estimate, overbook_reason: str, *, by: User, at: datetime
) -> None:
    """Take the day's hours of skills and bays, all needs together.

    A full day is refused by what is full and with the next free day (RuleBroken, field "slot"),
    unless somebody who may override rules says why it is booked all the same.
    """
    branch, day = appointment.branch, appointment.day
    capacity.lock(branch, day)
    full = _find_refusal(appointment, needed, at)
    if full is not None:
        if not overbook_reason.strip() or full.code != "capacity":
            raise _full(appointment, needed, full, at) from full
        _overbook(appointment, overbook_reason.strip(), full, by=by, at=at)
    capacity.take_each(
        branch,
        day,
        needed.needs,
        TakeSource.APPOINTMENT,
        appointment.id,
        at=at,
        not_before=appointment.slot_at,
    )


def add_work(
    appointment: Appointment,
    operations: Sequence[Operation],
    *,
    deferred: DeferredWork | None = None,
    seen_version: int,
    by: User,
    at: datetime,
) -> None:
    """Add operations to an appointment that is still open, with the hours they need on its day.

    Raises RuleBroken when it is over, when all of it is in there, and as `take` does when the
    day is full; Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.BOOK)
    service.check_version(appointment, seen_version)
    if not appointment.is_open:
        raise RuleBroken(
            N_("Nothing can be added to an appointment that is “%(status)s”."),
            code="status",
            status=appointment.status,
        )
    known = {each.id for each in queries.list_operations(appointment)}
    added = [each for each in dict.fromkeys(operations) if each.id not in known]
    if not added:
        raise RuleBroken(N_("The appointment has this work already."), code="twice")
    size = appointment.vehicle.size
    needed = estimates.estimate(appointment.branch, added, day=appointment.day, size=size)
    take(appointment, needed, "", by=by, at=at)
    for operation in added:
        session.add(
            AppointmentOperation(
                appointment_id=appointment.id,
                operation_id=operation.id,
                deferred_work_id=deferred.id if deferred is not None else None,
            )
        )
    appointment.estimated_minutes += needed.minutes
    appointment.estimated_fen += needed.fen
    codes = ", ".join(each.code for each in added)
    audit.write(by, "booking.add_work", appointment, at, operations=codes)
    events.record(
        service.AppointmentChanged(appointment.id, appointment.branch_id, appointment.status, at)
    )
    session.flush()


def _find_refusal(appointment: Appointment, needed: Estimate, at: datetime) -> RuleBroken | None:
    try:
        capacity.refuse_full(
            appointment.branch,
            appointment.day,
            needed.needs,
            TakeSource.APPOINTMENT,
            at=at,
            not_before=appointment.slot_at,
        )
    except RuleBroken as refusal:
        return refusal
    return None


def _overbook(
    appointment: Appointment, reason: str, full: RuleBroken, *, by: User, at: datetime
) -> None:
    staff.require_permission(by, Permission.OVERRIDE)
    session.add(Overbooking(appointment_id=appointment.id, reason=reason, by_id=by.id, at=at))
    audit.write(
        by,
        "booking.overbook",
        appointment,
        at,
        day=appointment.day.isoformat(),
        minutes=full.values["wanted"],
        reason=reason,
    )
    session.flush()
    session.refresh(appointment, ["overbooking"])


def _full(appointment: Appointment, needed: Estimate, full: RuleBroken, at: datetime) -> RuleBroken:
    branch, day = appointment.branch, appointment.day
    plan = slots.plan_day(branch, day, needed.needs, at=at)
    following = plan.next_day or slots.next_day(branch, day, needed.needs, at=at)
    values = {
        "slot": appointment.slot_at,
        "day": day.isoformat(),
        "what": full.values.get("what", []),
        "next": following.isoformat() if following else "",
    }
    return RuleBroken(
        _words(bool(plan.offers), bool(following)), field="slot", code="full", **values
    )


def _words(has_earlier: bool, has_next: bool) -> str:
    """What is said to a caller: the whole day is full, or only what is left of it from there on."""
    if has_earlier and has_next:
        return N_(
            "From %(slot)s on the day is full for this work: %(what)s. "
            "Take an earlier time, or %(next)s."
        )
    if has_earlier:
        return N_("From %(slot)s on the day is full for this work: %(what)s. Take an earlier time.")
    if has_next:
        return N_("%(day)s is full for this work: %(what)s. The next free day is %(next)s.")
    return N_("%(day)s is full for this work: %(what)s. So are the next weeks.")
