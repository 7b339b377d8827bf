"""A customer keeps a time for some minutes, and asks for it with name and wish.

Everything is checked and taken in one transaction, one booking at a time in a branch: the same
lock and the same plan of the day that the desk books by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop import db, events
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.catalogue.models import Operation, Package
from workshop.customers import rules as customer_rules
from workshop.customers.models import VehicleClass
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import pictures
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.steps.booking.estimates import Estimate
from workshop.steps.booking.online import gates, offering, queries, rules
from workshop.steps.booking.online.models import OnlineBooking, OnlinePhoto
from workshop.steps.booking.online.rules import OnlineState

MOST_PHOTOS = 5
_DAY = timedelta(days=1)
_GONE = N_("%(slot)s has just been taken. These times are still free near it.")


@dataclass(frozen=True)
class OnlineChanged(events.Event):
    """A customer asked for a time, or what they asked for was answered or given back."""

    branch_id: int
    at: datetime


@dataclass(frozen=True)
class Work:
    """What is to be done: a package of the menu, or None for a diagnosis; and the class."""

    package: Package | None
    size: VehicleClass | None = None

    @property
    def operations(self) -> list[Operation]:
        return list(self.package.operations) if self.package is not None else []


@dataclass(frozen=True)
class Details:
    """Who comes, and what they say."""

    name: str
    concern: str = ""
    plate: str = ""
    stays: bool | None = None
    wish: str = ""
    photos: Sequence[bytes] = ()


def hold(
    branch: Branch,
    work: Work,
    slot_at: datetime,
    phone: str,
    *,
    token: str,
    locale: str,
    at: datetime,
) -> OnlineBooking:
    """Keep a time for five minutes; sent again with the same token it is the same one.

    A number keeps one time: an older one of it is given back. Raises Invalid (field "phone") for
    what is no number, RuleBroken (field "slot") when the time is not free, and when the page is
    closed or the number tried too often.
    """
    gates.require_open(branch)
    number = customer_rules.normalise_phone(phone, field="phone")
    db.lock("booking", branch.id)
    give_back_run_out(branch.id, at)
    known = queries.find_by_token(token)
    if known is not None:
        return known if known.slot_at == slot_at else _keep_another(known, slot_at, at)
    if queries.count_tries(branch, number, at - _DAY) >= rules.MOST_TRIES:
        raise RuleBroken(
            N_("This number has chosen a time very often today. Please call us."), code="too_often"
        )
    for other in queries.list_of_phone(branch, number, {OnlineState.HELD}):
        give_back(other, at)
    needed = _needed(branch, work, slot_at)
    booking = OnlineBooking(
        branch_id=branch.id,
        token_hash=rules.hash_of(token),
        advisor_id=_free_advisor(branch, needed, slot_at, at=at),
        slot_at=slot_at,
        day=calendar.local_day(branch, slot_at),
        package_id=work.package.id if work.package is not None else None,
        vehicle_class=work.size,
        minutes=needed.minutes,
        fen=needed.fen,
        phone=number,
        locale=locale,
        held_until=at + rules.HOLD,
        created_at=at,
    )
    session.add(booking)
    session.flush()
    session.refresh(booking)
    _take(booking, needed, at)
    return booking


def _keep_another(booking: OnlineBooking, slot_at: datetime, at: datetime) -> OnlineBooking:
    """Keep another time in its place: what was kept is free again in the same moment."""
    if booking.requested_at is not None:
        raise RuleBroken(N_("This was sent already."), code="sent")
    needed = needed_of(booking, slot_at)
    advisor_id = _free_advisor(booking.branch, needed, slot_at, at=at, own_id=booking.id)
    capacity.release(TakeSource.ONLINE, booking.id, at=at)
    booking.advisor_id, booking.slot_at = advisor_id, slot_at
    booking.day = calendar.local_day(booking.branch, slot_at)
    booking.state, booking.held_until, booking.ended_at = OnlineState.HELD, at + rules.HOLD, None
    session.flush()
    _take(booking, needed, at)
    return booking


def ask(
    booking: OnlineBooking, details: Details, *, at: datetime, slot_at: datetime | None = None
) -> OnlineBooking:
    """Ask for the time that is held, or for `slot_at` in its place; the desk confirms it.

    Sent twice it is asked for once. Raises Invalid without a name, or without words when it is
    unknown what is wrong; RuleBroken (field "slot") when the time is gone meanwhile, with nothing
    lost of what was typed, and when the number waits for an answer already.
    """
    db.lock("booking", booking.branch_id)
    session.refresh(booking)
    if booking.requested_at is not None:
        return booking
    gates.require_open(booking.branch)
    _check(booking, details)
    _refuse_second(booking)
    give_back_run_out(booking.branch_id, at)
    wished = slot_at or booking.slot_at
    if not booking.takes_time or wished != booking.slot_at:
        _keep_another(booking, wished, at)
    else:
        _require_still_free(booking, at)
    _write(booking, details, at)
    booking.held_until = rules.answer_by(booking.slot_at)
    booking.state, booking.requested_at = OnlineState.REQUESTED, at
    audit.write(None, "booking.ask_online", booking, at, slot=booking.slot_at.isoformat())
    events.record(OnlineChanged(booking.branch_id, at))
    session.flush()
    return booking


def _check(booking: OnlineBooking, details: Details) -> None:
    if not details.name.strip():
        raise Invalid(N_("Tell us your name."), field="name")
    if booking.package_id is None and not details.concern.strip():
        raise Invalid(N_("Tell us in a few words what is wrong."), field="concern")
    if len(details.photos) > MOST_PHOTOS:
        raise Invalid(N_("Five pictures at most."), field="photos")


def _refuse_second(booking: OnlineBooking) -> None:
    asked = {OnlineState.REQUESTED}
    if queries.list_of_phone(booking.branch, booking.phone, asked):
        raise RuleBroken(
            N_("A request of this number waits for our answer already. We call as soon as we can."),
            code="asked_twice",
        )


def _require_still_free(booking: OnlineBooking, at: datetime) -> None:
    """The time was held, but meanwhile the day may have closed or the advisor be away."""
    needed = needed_of(booking, booking.slot_at)
    booking.advisor_id = _free_advisor(
        booking.branch, needed, booking.slot_at, at=at, own_id=booking.id
    )


def _write(booking: OnlineBooking, details: Details, at: datetime) -> None:
    pieces = [pictures.clean(each) for each in details.photos]
    booking.name, booking.concern = details.name.strip(), details.concern.strip()
    booking.plate = details.plate.strip().upper()
    booking.stays, booking.wish = details.stays, details.wish.strip()
    for data, mime in pieces:
        session.add(OnlinePhoto(booking_id=booking.id, mime=mime, data=data, at=at))


def _needed(branch: Branch, work: Work, slot_at: datetime) -> Estimate:
    day = calendar.local_day(branch, slot_at)
    return offering.estimate(branch, work.operations, work.size, day)


def needed_of(booking: OnlineBooking, slot_at: datetime) -> Estimate:
    """What the wished work needs on the day of a time."""
    return _needed(booking.branch, Work(booking.package, booking.vehicle_class), slot_at)


def _free_advisor(
    branch: Branch, needed: Estimate, slot_at: datetime, *, at: datetime, own_id: int | None = None
) -> int:
    """Whose time it is; whatever was sent, only what the page would offer now is taken."""
    day = calendar.local_day(branch, slot_at)
    for slot in offering.list_times(branch, day, needed.needs, at=at, own_id=own_id):
        if slot.at == slot_at:
            return slot.advisor_id
    raise RuleBroken(_GONE, field="slot", code="slot_gone", slot=slot_at)


def _take(booking: OnlineBooking, needed: Estimate, at: datetime) -> None:
    capacity.lock(booking.branch, booking.day)
    # The plan of the day has all needs together in it.
    capacity.take_each(
        booking.branch,
        booking.day,
        needed.needs,
        TakeSource.ONLINE,
        booking.id,
        at=at,
        not_before=booking.slot_at,
    )


def give_back(
    booking: OnlineBooking, at: datetime, state: OnlineState = OnlineState.LAPSED
) -> None:
    """Let the time go: the advisor's quarter and the hours are free again."""
    gates.require_allowed(booking, state)
    booking.state, booking.ended_at = state, at
    capacity.release(TakeSource.ONLINE, booking.id, at=at)
    session.flush()


def give_back_run_out(branch_id: int | None, at: datetime) -> int:
    """Give back what was held too long and what nobody confirmed in time; how many it was."""
    found = queries.list_run_out(branch_id, at)
    for booking in found:
        was_asked = booking.is_requested
        give_back(booking, at)
        if was_asked:
            audit.write(None, "booking.lapse_online", booking, at)
            events.record(OnlineChanged(booking.branch_id, at))
    return len(found)
