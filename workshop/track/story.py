"""What has happened to the car so far, as its customer may read it: one moment a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_
from workshop.orders.models import DeferredWork, Job, RepairOrder
from workshop.staff.models import User
from workshop.steps.booking.models import Appointment
from workshop.steps.handover import queries as handover
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.reception import queries as reception
from workshop.steps.repair.models import Inspection
from workshop.steps.repair.rules import Level


@dataclass(frozen=True)
class Moment:
    """One thing that happened: its words as a msgid, when, who of us did it, and its pictures.

    `about` is a record or text in the shop's own words; `tone` the colour of its mark.
    """

    at: datetime
    what: str
    icon: str
    who: str = ""
    about: str = ""
    tone: str = ""
    photos: tuple[int, ...] = ()


def tell(order: RepairOrder) -> list[Moment]:
    """The visit from the booking to the handover, the oldest moment first."""
    parts = (_came(order), _agreed(order), _worked(order), _left(order))
    return sorted((each for part in parts for each in part), key=lambda each: each.at)


def list_photos(order: RepairOrder) -> set[int]:
    """The pictures that the customer may see: those of the moments."""
    return {photo for moment in tell(order) for photo in moment.photos}


def list_deferred(order: RepairOrder) -> list[DeferredWork]:
    """What was put off at this visit or before and is not done yet; safety first."""
    return handover.list_deferred(order)


def _came(order: RepairOrder) -> Iterator[Moment]:
    booked = session.scalars(select(Appointment).where(Appointment.order_id == order.id)).first()
    if booked is not None:
        yield Moment(booked.created_at, N_("Booked"), "calendar-clock")
    advisor = order.advisor.display_name
    yield Moment(order.arrived_at, N_("Your car arrived"), "car-front", who=advisor)
    walk = reception.find_walkaround(order)
    if walk is not None and walk.signed_at is not None:
        photos = tuple(photo.id for _mark, photo in reception.list_photos(order))
        what = N_("Looked at together, and signed")
        yield Moment(walk.signed_at, what, "clipboard-check", photos=photos)


def _agreed(order: RepairOrder) -> Iterator[Moment]:
    for each in quotation.list_quotations(order):
        if each.offered_at is not None and not each.is_replaced:
            yield _offered(each, each.offered_at)
        if each.state in _ANSWERED and each.signed_at is not None:
            yield _answered(each, each.signed_at)


_ANSWERED = (QuotationState.SIGNED, QuotationState.DECLINED)


def _offered(found: Quotation, at: datetime) -> Moment:
    if found.is_main:
        return Moment(at, N_("Quotation ready"), "file-text")
    photos = (found.photo_id,) if found.photo_id else ()
    tone = found.urgency.tone if found.urgency else "warn"
    what = N_("We found something more")
    return Moment(at, what, "search", about=found.reason, tone=tone, photos=photos)


def _answered(found: Quotation, at: datetime) -> Moment:
    if found.is_signed:
        return Moment(at, N_("You approved"), "file-check", who=found.signer_name, tone="good")
    return Moment(at, N_("You declined"), "x", about=found.decline_reason)


def _worked(order: RepairOrder) -> Iterator[Moment]:
    started = session.scalar(select(sa.func.min(Job.started_at)).where(Job.order_id == order.id))
    if started is not None:
        yield Moment(started, N_("Work started"), "wrench")
    yield from _checked(order)


_CHECKED = {
    Level.SELF_CHECK: N_("Checked by who did the work"),
    Level.QUALITY_CHECK: N_("Checked by the inspector"),
    Level.FINAL_CHECK: N_("Checked by your service advisor"),
}


def _checked(order: RepairOrder) -> list[Moment]:
    """The checks that stand: after a mended fault it is checked once more."""
    query = (
        select(Inspection.level, Inspection.passed, Inspection.at, User.display_name)
        .join(User, User.id == Inspection.by_id)
        .where(Inspection.order_id == order.id)
        .order_by(Inspection.id)
    )
    last = {level: (passed, at, who) for level, passed, at, who in session.execute(query)}
    return [
        Moment(at, _CHECKED[level], "badge-check", who=who)
        for level, (passed, at, who) in last.items()
        if passed
    ]


def _left(order: RepairOrder) -> Iterator[Moment]:
    wash = handover.find_wash(order)
    if wash is not None:
        yield Moment(wash.finished_at, N_("Washed"), "droplets")
    if order.ready_at is not None:
        yield Moment(order.ready_at, N_("Ready for you"), "flag", tone="good")
    if order.settled_at is not None:
        yield Moment(order.settled_at, N_("Paid"), "receipt", tone="good")
    if order.delivered_at is not None:
        yield Moment(order.delivered_at, N_("Handed over"), "key-round", tone="good")
