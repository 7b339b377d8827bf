"""Pairing a shared device, and taking its right away."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from workshop.characters import to_half_width
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.floor import queries
from workshop.staff.floor.models import FloorDevice
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.staff.sessions.models import SignIn

# Without letters and digits that look the same on a oily screen.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 6
OFFER_HOURS = 1
_MOST_OFFERS = 30


def offer(token: str | None, *, at: datetime) -> tuple[FloorDevice, str]:
    """Let a device ask to be paired: the device with its code, and the token it must keep.

    The same device gets the same code again. Raises RuleBroken when too many ask at once.
    """
    _forget_old_offers(at)
    known = queries.find_device(token)
    if token and known is not None:
        return known, token
    waiting = select(func.count(FloorDevice.id)).where(FloorDevice.paired_at.is_(None))
    if (session.scalar(waiting) or 0) >= _MOST_OFFERS:
        message = N_("Too many devices wait to be paired. Pair one of them, or try in an hour.")
        way = Way("staff.devices", N_("Open the devices"))
        raise RuleBroken(message, code="crowd", way=way)
    fresh = secrets.token_urlsafe(32)
    device = FloorDevice(
        token_hash=queries.hash_token(fresh),
        pairing_code="".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)),
        offered_at=at,
    )
    session.add(device)
    session.flush()
    return device, fresh


def pair(code: str, name: str, *, by: User, at: datetime) -> FloorDevice:
    """Make the device that shows this code one of the person's own branch.

    Raises Invalid for a code that no device shows, and without a name.
    """
    staff.require_permission(by, Permission.PAIR_SCREEN)
    plain = "".join(to_half_width(code).upper().split()).replace("-", "")
    query = select(FloorDevice).where(
        FloorDevice.pairing_code == plain,
        FloorDevice.offered_at > at - timedelta(hours=OFFER_HOURS),
    )
    device = session.scalars(query).one_or_none()
    if device is None:
        raise Invalid(N_("No device shows this code."), field="code")
    _name(device, name)
    device.pairing_code, device.branch_id = None, by.branch_id
    device.paired_at, device.paired_by_id = at, by.id
    audit.write(by, "staff.pair_device", device, at, name=device.name)
    return device


def rename(device: FloorDevice, name: str, *, by: User, at: datetime) -> None:
    """Give the device another name. Raises Invalid without one."""
    staff.require_permission(by, Permission.PAIR_SCREEN)
    was = device.name
    _name(device, name)
    audit.write(by, "staff.rename_device", device, at, name=device.name, was={"name": was})


def revoke(device: FloorDevice, *, by: User, at: datetime) -> None:
    """Take the device's right away for good; who is signed in on it is out at once."""
    staff.require_permission(by, Permission.PAIR_SCREEN)
    if device.revoked_at is not None:
        return
    device.revoked_at, device.revoked_by_id = at, by.id
    living = select(SignIn).where(SignIn.device_id == device.id, SignIn.ended_at.is_(None))
    ended = list(session.scalars(living))
    for each in ended:
        each.ended_at, each.ended_by_id = at, by.id
    audit.write(by, "staff.revoke_device", device, at, name=device.name, ended=len(ended))


def _name(device: FloorDevice, name: str) -> None:
    if not name.strip():
        raise Invalid(N_("Give the device a name, such as the place where it lies."), field="name")
    device.name = name.strip()[:60]


def _forget_old_offers(at: datetime) -> None:
    # Nobody ever acted on these, so nothing is lost.
    session.execute(
        delete(FloorDevice).where(
            FloorDevice.paired_at.is_(None),
            FloorDevice.offered_at <= at - timedelta(hours=OFFER_HOURS),
        )
    )
