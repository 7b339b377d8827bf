"""Finding shared devices, and who may sign in on one."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.staff.floor.models import FloorDevice
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def hash_token(token: str) -> str:
    """What is kept of a device's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_device(token: str | None) -> FloorDevice | None:
    """The device that holds the token, paired or not; a revoked one is none."""
    if not token:
        return None
    query = select(FloorDevice).where(
        FloorDevice.token_hash == hash_token(token), FloorDevice.revoked_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def get_device(branch_id: int, device_id: int) -> FloorDevice:
    """The paired device of this branch; raises NotFound."""
    device = session.get(FloorDevice, device_id)
    if device is None or device.branch_id != branch_id:
        raise NotFound(N_("There is no such device."))
    return device


def list_devices(branch_id: int) -> list[FloorDevice]:
    """The devices of the branch that are paired, by name."""
    query = select(FloorDevice).where(
        FloorDevice.branch_id == branch_id, FloorDevice.revoked_at.is_(None)
    )
    return list(session.scalars(query.order_by(FloorDevice.name, FloorDevice.id)))


def list_people(branch_id: int) -> list[User]:
    """Who may sign in on a device of the branch: works on cars, and has a PIN."""
    query = (
        select(User)
        .where(User.branch_id == branch_id, User.active.is_(True), User.pin_hash.is_not(None))
        .options(selectinload(User.roles))
        .order_by(User.display_name, User.id)
    )
    return [each for each in session.scalars(query) if each.may(Permission.WORK)]
