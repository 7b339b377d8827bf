"""Damage that was there when the car came, marked on the drawn car."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, RepairOrder
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.reception import walkaround
from workshop.steps.reception.car import zones
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.car.zones import DamageKind
from workshop.steps.reception.models import DamageMark, DamagePhoto

MOST_PHOTOS = 6


def add_mark(
    order: RepairOrder,
    zone_code: str,
    kind: DamageKind,
    *,
    view: CarView | None = None,
    x: int | None = None,
    y: int | None = None,
    note: str = "",
    photos: Sequence[bytes] = (),
    by: User,
    at: datetime,
) -> DamageMark:
    """Mark damage at a tapped point, or in the middle of a place chosen from the list.

    Raises Invalid for an unknown place or a file that is no picture.
    """
    walkaround.begin(order, by)
    zone, at_x, at_y = zones.place(zone_code, view, x, y)
    mark = DamageMark(
        order_id=order.id,
        number=_next_number(order),
        view=zone.view,
        zone=zone.code,
        x=at_x,
        y=at_y,
        kind=kind,
        note=note.strip(),
        at=at,
        by_id=by.id,
    )
    session.add(mark)
    session.flush()
    _add_photos(order, mark, photos, by, at)
    audit.write(by, "reception.add_mark", mark, at, zone=zone.code, kind=kind.value)
    return mark


def add_photos(
    order: RepairOrder, mark: DamageMark, photos: Sequence[bytes], *, by: User, at: datetime
) -> None:
    """Add photos to a mark. Raises Invalid when there is none, too many, or one is no picture."""
    walkaround.begin(order, by)
    if not photos:
        raise Invalid(N_("Choose a photo."), field="photo")
    _add_photos(order, mark, photos, by, at)


def _add_photos(
    order: RepairOrder, mark: DamageMark, photos: Sequence[bytes], by: User, at: datetime
) -> None:
    if len(mark.photos) + len(photos) > MOST_PHOTOS:
        raise Invalid(N_("A mark has at most %(most)s photos."), field="photo", most=MOST_PHOTOS)
    for data in photos:
        kept = orders.add_attachment(order, data, AttachmentKind.PHOTO, at=at, by=by)
        mark.photos.append(DamagePhoto(attachment_id=kept.id))
    session.flush()


def remove_mark(order: RepairOrder, mark: DamageMark, *, by: User, at: datetime) -> None:
    """Take a wrong mark off the drawing; its row stays."""
    walkaround.begin(order, by)
    mark.removed_at, mark.removed_by_id = at, by.id
    audit.write(by, "reception.remove_mark", mark, at)


def _next_number(order: RepairOrder) -> int:
    query = select(sa.func.max(DamageMark.number)).where(DamageMark.order_id == order.id)
    return (session.scalar(query) or 0) + 1
