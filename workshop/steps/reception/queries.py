"""What the reception has so far, and who waits for it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop import together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.flow import Stage
from workshop.orders.models import Attachment, RepairOrder, StageChange
from workshop.shop.models import Branch
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.models import (
    ConcernCorrection,
    Cover,
    DamageMark,
    RepeatCheck,
    Valuable,
    ViewCheck,
    Walkaround,
    WalkaroundPhoto,
    WalkaroundSigning,
    WalkIn,
)
from workshop.steps.reception.rules import CoverKind


def find_walkaround(order: RepairOrder) -> Walkaround | None:
    """The walk-around of the order, if its reception has begun."""
    column, kinds = Walkaround.order_id, {Walkaround}
    found = together.list_of(order.id, "walk-around", lambda: select(Walkaround), column, kinds)
    return found[0] if found else None


def show_walkaround(order: RepairOrder) -> Walkaround:
    """The walk-around to show: an empty one, that is not kept, for an order that has none."""
    return find_walkaround(order) or Walkaround(
        order_id=order.id,
        finding="",
        interview={},
        lamps=[],
        lamps_note="",
        odometer_replaced=False,
        items=[],
        items_note="",
        keys=1,
        papers=[],
        wash_wanted=True,
        road_test_wanted=False,
        checks={},
        checks_note="",
        edition=0,
    )


def list_damage(order: RepairOrder) -> list[DamageMark]:
    """The damage marks that stand, by number."""
    return together.list_of(
        order.id,
        "damage",
        lambda: (
            select(DamageMark).where(DamageMark.removed_at.is_(None)).order_by(DamageMark.number)
        ),
        DamageMark.order_id,
    )


def get_mark(order: RepairOrder, mark_id: int) -> DamageMark:
    """A damage mark of the order that stands; raises NotFound."""
    mark = session.get(DamageMark, mark_id)
    if mark is None or mark.order_id != order.id or mark.removed_at is not None:
        raise NotFound(N_("There is no such damage mark."))
    return mark


def list_valuables(order: RepairOrder) -> list[Valuable]:
    """The valuables that were noted, oldest first."""
    query = select(Valuable).where(Valuable.order_id == order.id).order_by(Valuable.id)
    return list(session.scalars(query))


def get_valuable(order: RepairOrder, valuable_id: int) -> Valuable:
    """A valuable of the order; raises NotFound."""
    valuable = session.get(Valuable, valuable_id)
    if valuable is None or valuable.order_id != order.id:
        raise NotFound(N_("There is no such valuable."))
    return valuable


def covers(order: RepairOrder) -> dict[CoverKind, Cover]:
    """The covers that are on, by kind."""
    found = together.list_of(order.id, "covers", lambda: select(Cover), Cover.order_id)
    return {cover.kind: cover for cover in found}


def view_checks(order: RepairOrder) -> dict[CarView, ViewCheck]:
    """The sides that were looked at, by view."""
    found = together.list_of(order.id, "view checks", lambda: select(ViewCheck), ViewCheck.order_id)
    return {check.view: check for check in found}


def list_corrections(order: RepairOrder) -> list[ConcernCorrection]:
    """What the customer added to the concern, oldest first."""
    query = select(ConcernCorrection).where(ConcernCorrection.order_id == order.id)
    return list(session.scalars(query.order_by(ConcernCorrection.id)))


def list_signings(order: RepairOrder) -> list[WalkaroundSigning]:
    """All signatures under the walk-around, newest first."""
    return together.list_of(
        order.id,
        "signings",
        lambda: select(WalkaroundSigning).order_by(WalkaroundSigning.edition.desc()),
        WalkaroundSigning.order_id,
    )


def find_repeat_check(order: RepairOrder) -> RepeatCheck | None:
    """The look-up of an earlier visit that this one may repeat."""
    query = select(RepeatCheck).where(RepeatCheck.order_id == order.id)
    return session.scalars(query).one_or_none()


def list_photos(order: RepairOrder) -> list[tuple[DamageMark, Attachment]]:
    """The photos of the marks that stand, in the order of the marks."""
    return [(mark, photo.attachment) for mark in list_damage(order) for photo in mark.photos]


def list_car_photos(order: RepairOrder) -> list[WalkaroundPhoto]:
    """The photos of the sides and the dashboard that stand, oldest first."""
    query = select(WalkaroundPhoto).where(
        WalkaroundPhoto.order_id == order.id, WalkaroundPhoto.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(WalkaroundPhoto.id)))


def get_car_photo(order: RepairOrder, photo_id: int) -> WalkaroundPhoto:
    """A photo of a side or the dashboard that stands; raises NotFound."""
    photo = session.get(WalkaroundPhoto, photo_id)
    if photo is None or photo.order_id != order.id or photo.removed_at is not None:
        raise NotFound(N_("There is no such picture."))
    return photo


def find_begun_at(order: RepairOrder) -> datetime | None:
    """Since when the reception is as it is: nothing was done at the car before."""
    query = select(sa.func.max(StageChange.at)).where(StageChange.order_id == order.id)
    return session.scalar(query) or order.greeted_at


def list_walk_ins(branch: Branch) -> list[WalkIn]:
    """Cars that came without an appointment and wait to be greeted, the first to come first."""
    query = select(WalkIn).where(
        WalkIn.branch_id == branch.id, WalkIn.order_id.is_(None), WalkIn.left_at.is_(None)
    )
    return list(session.scalars(query.order_by(WalkIn.arrived_at, WalkIn.id)))


def get_walk_in(branch: Branch, walk_in_id: int) -> WalkIn:
    """A waiting walk-in of the branch; raises NotFound."""
    walk_in = session.get(WalkIn, walk_in_id)
    if walk_in is None or walk_in.branch_id != branch.id:
        raise NotFound(N_("There is no such arrival."))
    return walk_in


def list_in_reception(branch: Branch) -> list[RepairOrder]:
    """The branch's orders in reception, the first to arrive first."""
    query = select(RepairOrder).where(RepairOrder.here(branch.id, {Stage.RECEPTION}))
    return list(session.scalars(query.order_by(RepairOrder.arrived_at, RepairOrder.id)))


def list_inspected(branch: Branch) -> list[RepairOrder]:
    """Orders whose walk-around is signed and that wait for their quotation, oldest first."""
    query = select(RepairOrder).where(RepairOrder.here(branch.id, {Stage.INSPECTED}))
    return list(session.scalars(query.order_by(RepairOrder.arrived_at, RepairOrder.id)))


def list_greeted(branch: Branch, begins: datetime, ends: datetime) -> list[RepairOrder]:
    """The orders whose customers were greeted in this time."""
    query = select(RepairOrder).where(
        RepairOrder.branch_id == branch.id,
        RepairOrder.greeted_at >= begins,
        RepairOrder.greeted_at < ends,
    )
    return list(session.scalars(query))
