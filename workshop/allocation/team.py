"""A second technician (副修) on a job that has a lead (主修): time beside the lead's.

Who helps has the lead's piece of work to its end: it is moved, finished and cancelled with it.
Whoever is taken off a job that goes on has helped until then, and is free from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from workshop.allocation import changes, gates, overlaps, placing, shares
from workshop.allocation import queries as allocation_queries
from workshop.allocation.free_time import FreeTime
from workshop.allocation.models import Allocation, AllocationStatus, Assistance, TakenTime
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, Missing, RuleBroken
from workshop.shop import calendar, rules
from workshop.shop.models import Branch, Technician
from workshop.staff import audit
from workshop.staff.models import User


@dataclass(frozen=True)
class Helper:
    """Who shall help, for which part of the book time."""

    technician: Technician
    share_percent: int


def helper_of(lead: Allocation | None) -> Helper | None:
    """Who helps with this piece of work, so that the next piece can have the same."""
    found = allocation_queries.find_assistance(lead) if lead is not None else None
    return Helper(found.technician, found.share_percent or 0) if found else None


def ids_of(lead: Allocation | None) -> list[int]:
    """The piece's own time and that of who helps, for whoever looks through them."""
    if lead is None:
        return []
    helping = allocation_queries.find_assistance(lead)
    return [lead.id, helping.id] if helping else [lead.id]


def add(
    lead: Allocation, helper: Helper, *, seen_version: int, by: User, at: datetime
) -> Assistance:
    """Let a second technician help with this piece of work, from now on if it has begun.

    Raises Conflict when the piece changed since `seen_version`, RuleBroken when somebody helps
    already or this one is not free, naming the nearest time at which both are.
    """
    branch = changes.lock(lead.technician)
    session.refresh(lead)
    place = placing.Place(lead.technician, lead.bay, lead.starts_at, lead.minutes)
    placing.check_version(lead, seen_version, place)
    changes.require_planned(lead)
    _refuse_second(lead)
    place = _beside(lead, helper.technician, at)
    placing.check(branch, place, min(at, lead.starts_at), [lead.id])
    helping = _make(lead, helper, place.helped_from, branch, by, at)
    _touch(lead)
    _record(helping, "shop.help", by, at)
    return helping


def why_no_help(
    free: FreeTime, lead: Allocation, technician: Technician, at: datetime
) -> list[Missing]:
    """What stands in the way of helping with this piece of work: nothing, or the first reason.

    `free` looks through the time of this piece itself.
    """
    place = _beside(lead, technician, at)
    day = calendar.local_day(free.branch, lead.starts_at)
    hours = free.table.shifts(lead.technician_id, day)
    worked = rules.intersect([(place.helped_from, lead.ends_at)], hours)
    return gates.missing_to_help(
        is_away=overlaps.is_away(free, technician, worked, at),
        taken=overlaps.find_of_person(free, technician, (place.helped_from, lead.blocked_until)),
    )


def take_along(
    lead: Allocation, helper: Helper, branch: Branch, *, by: User, at: datetime
) -> Assistance:
    """Write the help beside a new piece of work whose place has been checked for both."""
    helping = _make(lead, helper, lead.starts_at, branch, by, at)
    _record(helping, "shop.help", by, at)
    return helping


def set_share(
    helping: Assistance, percent: int, *, seen_version: int, by: User, at: datetime
) -> None:
    """Change the part of the book time that is credited to who helps; the lead has the rest."""
    changes.lock(helping.technician)
    _check_seen(helping, seen_version)
    was, helping.share_percent = helping.share_percent, _checked(helping.lead_id, percent, helping)
    session.flush()
    audit.write(by, "shop.share", helping, at, percent=percent, was=was)
    changes.announce(helping.lead, by, at)


def release(helping: Assistance, *, seen_version: int, by: User, at: datetime) -> None:
    """Take the second technician off: nothing of it stays, or what was helped until now does."""
    branch = changes.lock(helping.technician)
    _check_seen(helping, seen_version)
    lead = helping.lead
    has_helped = helping.starts_at < at
    helping.lead_starts_at = None
    helping.status = AllocationStatus.DONE if has_helped else AllocationStatus.CANCELLED
    if has_helped:
        _end_at(helping, max(at, helping.starts_at + timedelta(minutes=1)), branch)
    session.flush()
    _touch(lead)
    _record(helping, "shop.help_ends", by, at)


def along(place: placing.Place, lead: Allocation, helping: Assistance | None) -> placing.Place:
    """The place, with who helps; who joined work that had begun stays at that time."""
    if helping is None:
        return place
    has_joined_late = helping.starts_at > lead.starts_at and place.starts_at == lead.starts_at
    joins_at = helping.starts_at if has_joined_late else None
    return replace(place, helper=helping.technician, joins_at=joins_at)


def follow(lead: Allocation, helping: Assistance, starts_at: datetime, branch: Branch) -> None:
    """Give the help the times and the state of the lead's piece of work."""
    helping.starts_at = starts_at
    _bind(helping, lead, branch)


def end_with(lead: Allocation, helping: Assistance, branch: Branch) -> None:
    """The lead's piece is finished, and the help with it; what had not begun never was."""
    if helping.starts_at >= lead.ends_at:
        helping.lead_starts_at, helping.status = None, AllocationStatus.CANCELLED
        return
    _bind(helping, lead, branch)


def _beside(lead: Allocation, technician: Technician, at: datetime) -> placing.Place:
    # Nobody has helped in a time that is over: who comes to work that has begun joins it now.
    joins_at = rules.round_up(at) if lead.starts_at < at else None
    return placing.Place(
        lead.technician,
        lead.bay,
        lead.starts_at,
        lead.minutes,
        across=lead.rest_minutes > 0,
        helper=technician,
        joins_at=joins_at,
    )


def _make(
    lead: Allocation, helper: Helper, starts_at: datetime, branch: Branch, by: User, at: datetime
) -> Assistance:
    helping = Assistance(
        branch_id=lead.branch_id,
        job_id=lead.job_id,
        technician_id=helper.technician.id,
        starts_at=starts_at,
        lead_id=lead.id,
        share_percent=_checked(lead.id, helper.share_percent),
        made_by_id=by.id,
        made_at=at,
    )
    _bind(helping, lead, branch)
    session.add(helping)
    changes.flush()
    return helping


def _bind(helping: Assistance, lead: Allocation, branch: Branch) -> None:
    helping.lead_starts_at, helping.status = lead.starts_at, lead.status
    helping.ends_at, helping.blocked_until = lead.ends_at, lead.blocked_until
    helping.rest_minutes = _rest_of(helping, lead, branch)


def _rest_of(helping: Assistance, lead: Allocation, branch: Branch) -> int:
    """The lead's break counts for who helps as far as it lies in the time of helping."""
    if not lead.rest_minutes:
        return 0
    span = (helping.starts_at, helping.ends_at)
    hours = calendar.shifts(lead.technician, calendar.local_day(branch, lead.starts_at))
    worked = rules.minutes_of(rules.intersect([span], hours))
    return min(rules.minutes_of([span]) - worked, lead.rest_minutes)


def _end_at(helping: Assistance, at: datetime, branch: Branch) -> None:
    helping.ends_at = min(at, helping.ends_at)
    until = branch.blocked_until(helping.ends_at)
    helping.blocked_until = min(until, helping.blocked_until)
    helping.rest_minutes = _rest_of(helping, helping.lead, branch)


def _checked(lead_id: int | None, percent: int, but: Assistance | None = None) -> int:
    """The share, when it is one and leaves something to the lead; raises Invalid."""
    if not shares.is_share(percent):
        raise Invalid(
            N_("A share is from %(least)s %% to %(most)s %%, in steps of %(step)s."),
            field="share_percent",
            least=shares.LEAST_PERCENT,
            most=shares.MOST_PERCENT,
            step=shares.STEP_PERCENT,
        )
    query = select(Assistance).where(
        Assistance.lead_id == lead_id, Assistance.status != AllocationStatus.CANCELLED
    )
    others = [each for each in session.scalars(query) if but is None or each.id != but.id]
    given = sum(each.share_percent or 0 for each in others)
    if given + percent > shares.MOST_PERCENT:
        message = N_("%(given)s %% went to who helped before; at most %(left)s %% are left.")
        left = max(0, shares.MOST_PERCENT - given)
        raise Invalid(message, field="share_percent", given=given, left=left)
    return percent


def _refuse_second(lead: Allocation) -> None:
    known = allocation_queries.find_helper(lead)
    if known is not None:
        raise RuleBroken(
            N_("%(technician)s helps with this job already."),
            field="assistant_id",
            code="helped",
            technician=known.name,
        )


def _check_seen(helping: Assistance, seen_version: int) -> None:
    session.refresh(helping)
    changes.require_planned(helping)
    if helping.version != seen_version:
        raise Conflict(
            N_("Somebody else changed this meanwhile. Look at both versions and save again."),
            theirs={N_("Share of the book time"): f"{helping.share_percent} %"},
            yours={N_("Share of the book time"): "—"},
        )


def _touch(lead: TakenTime) -> None:
    """Whoever looks at the piece of work as it was must look again."""
    flag_modified(lead, "rest_minutes")
    session.flush()


def _record(helping: Assistance, action: str, by: User, at: datetime) -> None:
    audit.write(
        by,
        action,
        helping,
        at,
        technician_id=helping.technician_id,
        share_percent=helping.share_percent,
        starts_at=helping.starts_at.isoformat(),
        ends_at=helping.ends_at.isoformat(),
    )
    changes.announce(helping.lead, by, at)
