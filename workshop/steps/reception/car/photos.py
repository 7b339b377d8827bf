"""Photos of the car as it came: its sides and its dashboard."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, RepairOrder
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.reception import queries, walkaround
from workshop.steps.reception.models import WalkaroundPhoto
from workshop.steps.reception.rules import PhotoOf

MOST = 4


def add(
    order: RepairOrder, subject: PhotoOf, data: bytes, *, by: User, at: datetime
) -> WalkaroundPhoto:
    """Keep a photo of a side or of the dashboard; it says nothing about who looked at the side.

    Raises Invalid when it is no picture or there are as many of the same already.
    """
    walkaround.begin(order, by)
    of_it = [each for each in queries.list_car_photos(order) if each.subject is subject]
    if len(of_it) >= MOST:
        raise Invalid(N_("There are %(most)s photos of it already."), field="photo", most=MOST)
    kept = orders.add_attachment(order, data, AttachmentKind.PHOTO, at=at, by=by)
    photo = WalkaroundPhoto(
        order_id=order.id, subject=subject, attachment_id=kept.id, at=at, by_id=by.id
    )
    session.add(photo)
    session.flush()
    audit.write(by, "reception.add_photo", order, at, view=subject.value)
    return photo


def remove(order: RepairOrder, photo: WalkaroundPhoto, *, by: User, at: datetime) -> None:
    """Take a wrong photo off the walk-around; its row stays."""
    walkaround.begin(order, by)
    photo.removed_at, photo.removed_by_id = at, by.id
    audit.write(by, "reception.remove_photo", order, at, view=photo.subject.value)
