"""Pairing a television, changing it, and taking its right away."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from workshop import events
from workshop.characters import to_half_width
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.screen import queries
from workshop.screen.events import ScreenChanged, ScreenRevoked
from workshop.screen.models import ScreenDevice
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

TOKEN_COOKIE = "workshop_screen"
# Without letters and digits that look the same across a room.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 6
# A television that is on asks again before (static/screen/pairing.js), and keeps its code.
OFFER_MINUTES = 10
# One address has a few of them at most (limits.py), so that no stranger fills this up.
_MOST_OFFERS = 200


def offer(branch: Branch, token: str | None, *, at: datetime) -> tuple[ScreenDevice, str]:
    """Let a television ask to be paired: the device with its code, and the token it must keep.

    The same television gets the same code again, and it stays good as long as somebody asks for
    it. Raises RuleBroken when too many ask at once.
    """
    _forget_old_offers(at)
    device = queries.find_device(token)
    if token and device is not None and device.paired_at is None and device.branch_id == branch.id:
        device.offered_at = at
        return device, token
    _refuse_crowd(branch)
    fresh = secrets.token_urlsafe(32)
    device = ScreenDevice(
        branch_id=branch.id,
        token_hash=queries.hash_token(fresh),
        pairing_code="".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)),
        offered_at=at,
    )
    session.add(device)
    session.flush()
    return device, fresh


def pair(code: str, *, name: str, locale: str, chime: bool, by: User, at: datetime) -> ScreenDevice:
    """Make the token of the television that shows this code good for the person's own branch.

    Raises Invalid for a code that no television of the branch shows.
    """
    staff.require_permission(by, Permission.PAIR_SCREEN)
    device = session.scalars(
        select(ScreenDevice).where(
            ScreenDevice.pairing_code == plain_code(code),
            ScreenDevice.branch_id == by.branch_id,
            ScreenDevice.offered_at > at - timedelta(minutes=OFFER_MINUTES),
        )
    ).one_or_none()
    if device is None:
        raise Invalid(N_("No screen of this branch shows this code."), field="code")
    device.pairing_code = None
    device.paired_at, device.paired_by_id = at, by.id
    _set(device, name, locale, chime)
    audit.write(by, "screen.pair", device, at, name=device.name)
    return device


def pair_directly(
    branch: Branch, name: str, *, by: User, at: datetime, locale: str = "zh_CN"
) -> tuple[ScreenDevice, str]:
    """Offer and pair in one go: the device, and the token for its cookie."""
    device, token = offer(branch, None, at=at)
    paired = pair(device.pairing_code or "", name=name, locale=locale, chime=False, by=by, at=at)
    return paired, token


def change(
    device: ScreenDevice, *, name: str, locale: str, chime: bool, by: User, at: datetime
) -> None:
    """Give the television another name or language, or let it ring when a car is ready."""
    staff.require_permission(by, Permission.PAIR_SCREEN)
    was = _told(device)
    _set(device, name, locale, chime)
    audit.write(by, "screen.change", device, at, **_told(device), was=was)
    events.record(ScreenChanged(device.id))


def revoke(device: ScreenDevice, *, by: User, at: datetime) -> None:
    """Take the television's right away for good; its live connection is cut."""
    staff.require_permission(by, Permission.PAIR_SCREEN)
    if device.revoked_at is not None:
        return
    device.revoked_at, device.revoked_by_id = at, by.id
    audit.write(by, "screen.revoke", device, at, name=device.name)
    events.record(ScreenRevoked(device.id))


def note_seen(device: ScreenDevice, *, at: datetime) -> None:
    """Note that the television is connected."""
    device.last_seen_at = at


def plain_code(code: str) -> str:
    """The code as it is kept, however it was typed."""
    return "".join(to_half_width(code).upper().split()).replace("-", "")


def _set(device: ScreenDevice, name: str, locale: str, chime: bool) -> None:
    if locale not in staff.LOCALES:
        raise Invalid(N_("This language is not offered."), field="locale")
    if not name.strip():
        raise Invalid(N_("Give the screen a name, such as the place where it hangs."), field="name")
    device.name, device.locale, device.chime = name.strip(), locale, chime


def _told(device: ScreenDevice) -> dict[str, Any]:
    return {"name": device.name, "locale": device.locale, "chime": device.chime}


def _forget_old_offers(at: datetime) -> None:
    # Nobody ever acted on these, so nothing is lost.
    session.execute(
        delete(ScreenDevice).where(
            ScreenDevice.paired_at.is_(None),
            ScreenDevice.offered_at <= at - timedelta(minutes=OFFER_MINUTES),
        )
    )


def _refuse_crowd(branch: Branch) -> None:
    query = select(func.count(ScreenDevice.id)).where(
        ScreenDevice.branch_id == branch.id, ScreenDevice.paired_at.is_(None)
    )
    if (session.scalar(query) or 0) >= _MOST_OFFERS:
        raise RuleBroken(
            N_("Too many screens wait to be paired. Pair one of them, or try in ten minutes."),
            code="crowd",
            way=Way("screen.devices", N_("Open the screens")),
        )
