"""The time we can offer: the earliest feasible finish, and why (domain.md step 3, N2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.allocation.free_time import FreeTime
from workshop.allocation.models import Allocation, AllocationStatus
from workshop.capacity import ledger
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.db import session
from workshop.errors import N_, Minutes
from workshop.orders.models import Job, RepairOrder
from workshop.orders.work.rules import WorkLine
from workshop.shop import calendar
from workshop.shop import roster as rosters
from workshop.shop.models import Branch
from workshop.shop.roster import Roster
from workshop.steps.booking import queries as booking
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.quotation.packing import work_packages
from workshop.steps.quotation.packing.work_packages import Packages
from workshop.stock.models import Part

# A customer who thinks for half an hour still gets the time that was offered; after that the
# shop's day may have changed, and the offer is computed again.
HOLDS_MINUTES = 30


@dataclass(frozen=True)
class Take:
    """Minutes of a line of work (by its place in the list) on a day."""

    line: int
    day: date
    minutes: int


@dataclass(frozen=True)
class EarliestPromise:
    """What can be promised, which lines are done in one go, their days, and the facts behind it."""

    promise_at: datetime
    work: Sequence[WorkLine]
    packages: Packages
    takes: Sequence[Take]
    why: dict[str, Any]


@dataclass(frozen=True)
class Reason:
    """One sentence of the why: a msgid and its values."""

    message: str
    values: dict[str, Any]


def find_earliest(
    order: RepairOrder, lines: Sequence[QuotationLine], at: datetime
) -> EarliestPromise:
    """Compute the earliest promise for the lines, from now on or from the arrival of their parts.

    Allocations, shifts, skills, bays, buffers and the day's sold hours all count. Raises
    RuleBroken when nobody can do a piece of the work; it names the skill or the bay.
    """
    branch = order.branch
    work = work_packages.list_work(lines)
    short = find_short(branch, lines, at)
    parts_on = max((day for _, day in short if day is not None), default=None)
    begins_at = max(at, _end_of_planned(order) or at, _opening_of(branch, parts_on) or at)
    first = calendar.local_day(branch, begins_at)
    # The last day is looked at as far ahead as the first.
    roster = rosters.read(branch, first, first + timedelta(days=2 * calendar.HORIZON_DAYS))
    takes = _spread(roster, work, _ledger(order, roster, at), at)
    free = FreeTime(branch, begins_at, roster=roster)
    packages = work_packages.form(
        work, lines, {part.id: day or date.max for part, day in short}, roster
    )
    work_at, finish_at, packages = _finish(free, work, packages, takes, begins_at)
    promise_at = _when_open(free, branch.ready_at(finish_at))
    why = {
        "jobs": len(packages),
        "work_minutes": sum(line.minutes for line in work),
        "delivery_minutes": branch.delivery_minutes,
        "finish_at": finish_at.isoformat(),
        "parts_on": parts_on.isoformat() if parts_on else None,
        "short": sorted(part.id for part, _ in short),
        "is_full": finish_at > work_at,
        "after_closing": promise_at > branch.ready_at(finish_at),
    }
    return EarliestPromise(promise_at, work, packages, takes, why)


def _finish(
    free: FreeTime,
    work: Sequence[WorkLine],
    packages: Packages,
    takes: Sequence[Take],
    begins_at: datetime,
) -> tuple[datetime, datetime, Packages]:
    """When the work could be done, when its hours leave it done, and in which packages.

    A package wants one long time free: where the day has only short ones, the lines go singly.
    """

    def finish(each: Packages) -> tuple[datetime, datetime, Packages]:
        work_at = free.earliest_finish(work_packages.pieces_of(work, each), begins_at)
        last_at = _finish_of_last_day(free, work, each, takes)
        return work_at, max(work_at, last_at or work_at), each

    alone = finish(work_packages.singly(work))
    if len(packages) == len(work):
        return alone
    packed = finish(packages)
    return packed if packed[1] <= alone[1] else alone


def explain(why: Mapping[str, Any]) -> list[Reason]:
    """Why the time is what it is, in sentences; none without facts."""
    if not why:
        return []
    return [Reason(message, values) for is_so, message, values in _sentences(why) if is_so]


def _sentences(why: Mapping[str, Any]) -> list[tuple[Any, str, dict[str, Any]]]:
    return [
        (
            True,
            N_("%(time)s of book time; jobs: %(jobs)s."),
            {"time": Minutes(why["work_minutes"]), "jobs": why["jobs"]},
        ),
        (why.get("short"), N_("Not on the shelf: %(parts)s."), {"parts": _list_short(why)}),
        (why["parts_on"], N_("The last part arrives on %(day)s."), {"day": why["parts_on"]}),
        (why["is_full"], N_("The hours of the days before are sold."), {}),
        (
            True,
            N_("Technician, bay and buffers allow the work to be done by %(finish)s."),
            {"finish": datetime.fromisoformat(why["finish_at"])},
        ),
        (
            True,
            N_("%(minutes)s min for the check, the wash and the papers."),
            {"minutes": why["delivery_minutes"]},
        ),
        (
            why["after_closing"],
            N_("That is after closing: ready the next morning."),
            {},
        ),
        (why.get("keeps"), N_("The time promised before can be kept."), {}),
    ]


def _list_short(why: Mapping[str, Any]) -> list[Part]:
    ids = why.get("short")
    query = select(Part).where(Part.id.in_(ids or ())).order_by(Part.no)
    return list(session.scalars(query)) if ids else []


def find_short(
    branch: Branch, lines: Sequence[QuotationLine], at: datetime
) -> list[tuple[Part, date | None]]:
    """The parts of which the shelf has too little for the lines, with the day of their arrival."""
    wanted: dict[int, int] = defaultdict(int)
    parts = []
    for line in lines:
        if line.is_part and line.part is not None:
            wanted[line.part.id] += line.quantity_milli
            parts.append(line.part)
    shelf = queries.list_availability(branch, parts, at)
    of_id = {part.id: part for part in parts}
    return [
        (of_id[each], shelf[each].eta)
        for each, milli in wanted.items()
        if not shelf[each].is_enough(milli)
    ]


def _opening_of(branch: Branch, day: date | None) -> datetime | None:
    spans = calendar.opening(branch, day) if day is not None else []
    return spans[0][0] if spans else None


def _end_of_planned(order: RepairOrder) -> datetime | None:
    """When the work that is already planned for this order ends, buffer included."""
    query = (
        select(sa.func.max(Allocation.blocked_until))
        .join(Job, Job.id == Allocation.job_id)
        .where(Job.order_id == order.id, Allocation.status == AllocationStatus.PLANNED)
    )
    return session.scalar(query)


def _ledger(order: RepairOrder, roster: Roster, at: datetime) -> ledger.Ledger:
    """The hours from the first day on, without what the order's own appointment holds of them.

    That is given back when the order takes its own.
    """
    last = roster.first + timedelta(days=calendar.HORIZON_DAYS)
    appointment = booking.find_by_order(order)
    own = [(TakeSource.APPOINTMENT, appointment.id)] if appointment is not None else []
    return ledger.Ledger(roster.branch, roster.first, last, roster, at=at, without=own)


def _spread(
    roster: Roster, work: Sequence[WorkLine], hours: ledger.Ledger, at: datetime
) -> list[Take]:
    """Lay the lines one after another into the hours that are not sold, day by day."""
    first = roster.first
    last = first + timedelta(days=calendar.HORIZON_DAYS)
    takes: list[Take] = []
    day = first
    for place, line in enumerate(work):
        need = Need.of(line.skill_id, line.bay_kinds)
        rest = line.minutes
        while rest > 0 and day <= last:
            free = hours.free(day, need, with_reserve=True, since=_since(roster.branch, day, at))
            part = min(rest, free) if hours.is_open(day) else 0
            if part > 0:
                takes.append(Take(place, day, part))
                hours.count_in(day, need, part)
                rest -= part
            day += timedelta(days=1 if rest > 0 else 0)
        if rest > 0:
            # Nobody's hours are known so far ahead; the board will find the place.
            takes.append(Take(place, first, rest))
    return takes


def _since(branch: Branch, day: date, at: datetime) -> datetime | None:
    """Of today only what is left of it counts."""
    return at if day == calendar.local_day(branch, at) else None


def _finish_of_last_day(
    free: FreeTime, work: Sequence[WorkLine], packages: Packages, takes: Sequence[Take]
) -> datetime | None:
    """When the work of the last day can be done, if that day is what the hours leave."""
    last = max((take.day for take in takes), default=None)
    spans = free.table.opening(last) if last is not None else []
    if not spans:
        return None
    opens_at = spans[0][0]
    parts = {
        each.line: replace(work[each.line], minutes=each.minutes)
        for each in takes
        if each.day == last
    }
    left = [[parts[place] for place in places if place in parts] for places in packages]
    rest = [work_packages.piece_of(each) for each in left if each]
    return free.earliest_finish(rest, opens_at)


def when_open(branch: Branch, at: datetime) -> datetime:
    """The time itself, or soon after the next opening when nobody would be there."""
    return _when_open(FreeTime(branch, at), at)


def _when_open(free: FreeTime, at: datetime) -> datetime:
    """The time itself, or soon after the next opening when nobody would be there."""
    branch = free.branch
    day = calendar.local_day(branch, at)
    spans = free.table.opening(day)
    if any(opens <= at <= closes for opens, closes in spans):
        return at
    # Before the shop opens, or while it rests at noon, it opens again the same day.
    later = next((opens for opens, _ in spans if opens > at), None)
    opens_at = later or _opening_of(branch, calendar.next_open_day(branch, day))
    return branch.ready_at(opens_at or at)
