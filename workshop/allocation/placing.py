"""Whether an allocation may stand somewhere: the shop's rules in kind words.

A refusal names the rule and the nearest legal slot. That two never overlap is also guarded by the
database itself; this is asked first, so that people get an answer and not an error.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from workshop.allocation import overlaps
from workshop.allocation import queries as allocation_queries
from workshop.allocation.free_time import FreeTime, WorkPiece
from workshop.allocation.models import Allocation
from workshop.errors import N_, Conflict, Invalid, RuleBroken
from workshop.shop import calendar, rules
from workshop.shop.models import Bay, Branch, Technician
from workshop.shop.rules import Span

# Who plans a job a moment ago is not refused for the minute that passed.
LATE_MINUTES = 15
SHORTEST_MINUTES = 5

_TECHNICIAN_TAKEN = N_(
    "%(technician)s is taken from %(since)s to %(until)s, buffer included. "
    "The nearest free time is %(nearest)s."
)
_BAY_TAKEN = N_(
    "Bay %(bay)s is taken from %(since)s to %(until)s, buffer included. "
    "The nearest free time is %(nearest)s."
)
_DAY_CLOSED = N_(
    "The day %(day)s is closed; nothing is planned into it any more. "
    "The nearest free time is %(nearest)s."
)
_ASSISTANT_TAKEN = N_(
    "%(assistant)s, who helps with this job, is taken from %(since)s to %(until)s, buffer "
    "included. The nearest time at which both are free is %(nearest)s."
)
_ASSISTANT_AWAY = N_(
    "%(assistant)s, who helps with this job, is not at work for all of that time. "
    "The nearest time at which both are free is %(nearest)s."
)


@dataclass(frozen=True)
class Place:
    """Where an allocation shall stand; a `helper` comes along, or joins it at `joins_at`.

    What goes back to where it stood has its old `ends_at`, whatever the shifts say by now.
    """

    technician: Technician
    bay: Bay | None
    starts_at: datetime
    minutes: int
    across: bool = False
    ends_at: datetime | None = None
    helper: Technician | None = None
    joins_at: datetime | None = None

    @property
    def helped_from(self) -> datetime:
        """When the helper's time begins."""
        return max(self.starts_at, self.joins_at) if self.joins_at else self.starts_at


def check(branch: Branch, place: Place, at: datetime, without: Collection[int]) -> datetime:
    """When work at this place ends; `without` is taken time (by id) to look through.

    Raises RuleBroken that names the rule and the nearest legal slot (value `nearest`).
    """
    if place.minutes < SHORTEST_MINUTES:
        raise Invalid(
            N_("Plan at least %(minutes)s minutes."), field="minutes", minutes=SHORTEST_MINUTES
        )
    _refuse_strangers(branch, place)
    if place.starts_at < at - timedelta(minutes=LATE_MINUTES):
        raise RuleBroken(N_("That time is over."), field="starts_at", code="past")
    free = FreeTime(branch, place.starts_at, without, beside=place.helper)
    day = calendar.local_day(branch, place.starts_at)
    if day in free.closed_days:
        raise _refusal(_DAY_CLOSED, free, place, at, code="day_closed", day=day)
    windows = free.table.shifts(place.technician.id, day)
    ends_at = place.ends_at or rules.work_end(place.starts_at, place.minutes, windows, place.across)
    if ends_at is None:
        raise _why_no_time(free, place, day, windows, at)
    span = (place.starts_at, branch.blocked_until(ends_at))
    _refuse_overlap(free, place, span, at)
    if place.helper is not None:
        worked = rules.intersect([(place.helped_from, ends_at)], windows)
        _refuse_helper(free, place, place.helper, worked, span[1], at)
    return ends_at


def check_version(allocation: Allocation, seen_version: int, place: Place) -> None:
    """Raise Conflict with both versions when the allocation changed since it was seen."""
    if allocation.version != seen_version:
        raise Conflict(
            N_("Somebody else changed this meanwhile. Look at both versions and save again."),
            theirs=labelled(allocation),
            yours=labelled(place),
        )


def describe(place: Place | Allocation) -> dict[str, Any]:
    """Technician, bay, start and minutes, as a conflict shows them."""
    helper = place.helper if isinstance(place, Place) else allocation_queries.find_helper(place)
    names = [each.name for each in (place.technician, helper) if each is not None]
    return {
        "technician": " + ".join(names),
        "bay": place.bay.code if place.bay else "—",
        "starts_at": place.starts_at,
        "minutes": place.minutes,
    }


_LABELS = {
    "technician": N_("Technician"),
    "bay": N_("Bay"),
    "starts_at": N_("Starts at"),
    "minutes": N_("Minutes"),
}


def labelled(place: Place | Allocation) -> dict[str, Any]:
    """The same under the labels of a form, as both versions of a conflict are compared."""
    return {_LABELS[name]: value for name, value in describe(place).items()}


def _refuse_strangers(branch: Branch, place: Place) -> None:
    for each in (place.technician, place.helper):
        if each is not None and (not each.active or not each.user.active):
            raise RuleBroken(
                N_("%(technician)s does not work here any more."),
                field="technician_id",
                code="inactive",
                technician=each.name,
            )
    if place.helper is not None and place.helper.id == place.technician.id:
        raise RuleBroken(
            N_("%(technician)s helps with this job and cannot lead it as well."),
            field="technician_id",
            code="helps",
            technician=place.technician.name,
        )
    bay = place.bay
    if bay is not None and (not bay.active or bay.branch_id != branch.id):
        raise RuleBroken(
            N_("Bay %(bay)s is out of use."), field="bay_id", code="inactive", bay=bay.code
        )


def _refuse_overlap(free: FreeTime, place: Place, span: rules.Span, at: datetime) -> None:
    taken = overlaps.find_of_person(free, place.technician, span)
    if taken is not None:
        since, until = taken
        raise _refusal(_TECHNICIAN_TAKEN, free, place, at, code="overlap", since=since, until=until)
    taken = overlaps.find_of_bay(free, place.bay, span)
    if taken is not None and place.bay is not None:
        raise _refusal(
            _BAY_TAKEN,
            free,
            place,
            at,
            code="overlap",
            field="bay_id",
            since=taken[0],
            until=taken[1],
            bay=place.bay.code,
        )


def _refuse_helper(
    free: FreeTime,
    place: Place,
    helper: Technician,
    worked: Sequence[Span],
    until: datetime,
    at: datetime,
) -> None:
    """Who helps must be at work for all that is still to be worked, and free until the buffer."""
    name, since = helper.name, place.helped_from
    if free.branch.blocked_until(since) >= until:
        message = N_("%(assistant)s joins this job at %(since)s; it cannot end before.")
        raise RuleBroken(message, field="minutes", code="assistant", assistant=name, since=since)
    if overlaps.is_away(free, helper, worked, at):
        raise _refusal(_ASSISTANT_AWAY, free, place, at, code="assistant", assistant=name)
    taken = overlaps.find_of_person(free, helper, (since, until))
    if taken is not None:
        raise _refusal(
            _ASSISTANT_TAKEN,
            free,
            place,
            at,
            code="assistant",
            assistant=name,
            since=taken[0],
            until=taken[1],
        )


def _why_no_time(
    free: FreeTime, place: Place, day: date, windows: Sequence[rules.Span], at: datetime
) -> RuleBroken:
    if not free.table.is_open(day):
        message = N_("The shop is closed on that day. The nearest free time is %(nearest)s.")
        return _refusal(message, free, place, at, code="closed")
    if any(opens <= place.starts_at < closes for opens, closes in windows):
        message = N_(
            "The work would run into the break or past closing time of %(technician)s. "
            "The nearest free time is %(nearest)s."
        )
        return _refusal(message, free, place, at, code="gap")
    message = N_(
        "%(technician)s is not at work at that time. The nearest free time is %(nearest)s."
    )
    return _refusal(message, free, place, at, code="shift")


def _refusal(
    message: str,
    free: FreeTime,
    place: Place,
    at: datetime,
    *,
    code: str,
    field: str = "starts_at",
    **values: Any,
) -> RuleBroken:
    piece = WorkPiece(place.minutes)
    nearest = free.find_earliest(piece, max(at, place.starts_at), [place.technician], [place.bay])
    if nearest is None and place.helper is not None:
        return RuleBroken(
            N_("%(technician)s and %(assistant)s have no time together in the next %(days)s days."),
            field="technician_id",
            code="full",
            technician=place.technician.name,
            assistant=place.helper.name,
            days=calendar.HORIZON_DAYS,
        )
    if nearest is None:
        return RuleBroken(
            N_("%(technician)s has no free time for this in the next %(days)s days."),
            field="technician_id",
            code="full",
            technician=place.technician.name,
            days=calendar.HORIZON_DAYS,
        )
    return RuleBroken(
        message,
        field=field,
        code=code,
        technician=place.technician.name,
        nearest=nearest.starts_at,
        **values,
    )
