"""Reading what a branch offers to customers, and what they asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import lazyload

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.shop.models import Branch
from workshop.steps.booking import queries as appointments
from workshop.steps.booking.models import Appointment, AppointmentSource
from workshop.steps.booking.online.models import (
    OnlineBooking,
    OnlinePhoto,
    OnlineRules,
    OnlineService,
)
from workshop.steps.booking.online.rules import TAKES_TIME, OnlineState, hash_of
from workshop.steps.booking.rules import HOLDS_SLOT

_REMEMBERED = timedelta(days=3)


def rules_of(branch: Branch) -> OnlineRules:
    """The branch's rules; those of a branch that never set any keep the page closed."""
    kept = session.scalars(select(OnlineRules).where(OnlineRules.branch_id == branch.id))
    return kept.one_or_none() or OnlineRules(
        branch_id=branch.id,
        is_open=False,
        cutoff_minutes=120,
        days_ahead=30,
        share_percent=50,
        origins="",
        version=0,
    )


def get_branch(code: str) -> Branch:
    """The branch of this code; raises NotFound."""
    branch = session.scalars(select(Branch).where(Branch.code == code)).one_or_none()
    if branch is None:
        raise NotFound(N_("There is no such workshop."))
    return branch


def list_services(branch: Branch) -> list[OnlineService]:
    """What customers of the branch may choose, in the order of the packages' codes."""
    query = select(OnlineService).where(OnlineService.branch_id == branch.id)
    return sorted(session.scalars(query), key=lambda each: each.package.code)


def find_by_token(token: str) -> OnlineBooking | None:
    """What was chosen under this secret address."""
    query = select(OnlineBooking).where(OnlineBooking.token_hash == hash_of(token))
    return session.scalars(query).one_or_none()


def get_by_token(token: str) -> OnlineBooking:
    """The same; guessed or forgotten raises NotFound."""
    found = find_by_token(token)
    if found is None:
        raise NotFound(N_("This link is not valid any more."))
    return found


def get_booking(booking_id: int, branch_id: int) -> OnlineBooking:
    """The request of this number in this branch; raises NotFound."""
    found = session.get(OnlineBooking, booking_id)
    if found is None or found.branch_id != branch_id:
        raise NotFound(N_("There is no such request."))
    return found


def find_current(booking: OnlineBooking) -> Appointment | None:
    """The appointment that was made of it; of one that was moved, the one that counts now."""
    made = booking.appointment
    while made is not None and (other := appointments.find_replacement(made)) is not None:
        made = other
    return made


def find_day(booking_id: int | None) -> date | None:
    """The day of a request, of which the holder may choose again."""
    query = select(OnlineBooking.day).where(OnlineBooking.id == (booking_id or 0))
    return session.scalar(query)


def get_photo(photo_id: int, booking: OnlineBooking) -> OnlinePhoto:
    """A picture of the request; raises NotFound."""
    found = session.get(OnlinePhoto, photo_id)
    if found is None or found.booking_id != booking.id:
        raise NotFound(N_("There is no such picture."))
    return found


def list_open(branch: Branch, at: datetime) -> list[OnlineBooking]:
    """What the desk has to do with: held, waiting for an answer, and lately not answered in time.

    Whoever must be answered first comes first.
    """
    late = (OnlineBooking.state == OnlineState.LAPSED) & OnlineBooking.requested_at.is_not(None)
    query = select(OnlineBooking).where(
        OnlineBooking.branch_id == branch.id,
        OnlineBooking.day >= (at - _REMEMBERED).date(),
        or_(OnlineBooking.state.in_(TAKES_TIME), late),
    )
    return list(session.scalars(query.order_by(OnlineBooking.slot_at, OnlineBooking.id)))


def list_waiting(branch: Branch) -> list[OnlineBooking]:
    """Who waits for a call, without the pictures; the first time comes first."""
    query = select(OnlineBooking).where(
        OnlineBooking.branch_id == branch.id,
        OnlineBooking.state.in_(TAKES_TIME),
        OnlineBooking.state == OnlineState.REQUESTED,
    )
    found = session.scalars(
        query.options(lazyload(OnlineBooking.photos)).order_by(OnlineBooking.slot_at)
    )
    return list(found)


def list_answered(branch: Branch, most: int = 10) -> list[OnlineBooking]:
    """What was confirmed, refused or cancelled last, the newest first."""
    ended = (OnlineState.CONFIRMED, OnlineState.REFUSED, OnlineState.CANCELLED)
    query = select(OnlineBooking).where(
        OnlineBooking.branch_id == branch.id, OnlineBooking.state.in_(ended)
    )
    return list(session.scalars(query.order_by(OnlineBooking.id.desc()).limit(most)))


def list_run_out(branch_id: int | None, at: datetime) -> list[OnlineBooking]:
    """Holds whose minutes are over, and requests that nobody confirmed in time."""
    query = select(OnlineBooking).where(OnlineBooking.state.in_(TAKES_TIME))
    if branch_id is not None:
        query = query.where(OnlineBooking.branch_id == branch_id)
    held = (OnlineBooking.state == OnlineState.HELD) & (OnlineBooking.held_until <= at)
    asked = OnlineBooking.state == OnlineState.REQUESTED
    found = session.scalars(query.where(or_(held, asked & (OnlineBooking.held_until <= at))))
    return list(found)


def list_of_phone(
    branch: Branch, phone: str, states: Collection[OnlineState]
) -> list[OnlineBooking]:
    """What this number has in these states."""
    query = select(OnlineBooking).where(
        OnlineBooking.branch_id == branch.id,
        OnlineBooking.phone == phone,
        OnlineBooking.state.in_(states),
    )
    return list(session.scalars(query))


def count_tries(branch: Branch, phone: str, since: datetime) -> int:
    """How many times this number has chosen since then."""
    query = select(func.count(OnlineBooking.id)).where(
        OnlineBooking.branch_id == branch.id,
        OnlineBooking.phone == phone,
        OnlineBooking.created_at >= since,
    )
    return session.scalar(query) or 0


def count_online(branch: Branch, day: date, *, without_id: int | None = None) -> int:
    """How many places of the day customers have taken by themselves."""
    booked = select(func.count(Appointment.id)).where(
        Appointment.branch_id == branch.id,
        Appointment.day == day,
        Appointment.source == AppointmentSource.WEBSITE,
        Appointment.status.in_(HOLDS_SLOT),
    )
    waiting = select(func.count(OnlineBooking.id)).where(
        OnlineBooking.branch_id == branch.id,
        OnlineBooking.day == day,
        OnlineBooking.state.in_(TAKES_TIME),
        OnlineBooking.id != (without_id or 0),
    )
    return (session.scalar(booked) or 0) + (session.scalar(waiting) or 0)
