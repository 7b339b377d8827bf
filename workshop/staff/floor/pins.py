"""PINs: few digits, worth something only on a device that a manager has paired."""

from __future__ import annotations

import re
from datetime import datetime

from flask_security.utils import hash_password, verify_password

from workshop.characters import to_half_width
from workshop.errors import N_, Invalid, NotAllowed
from workshop.staff import audit, strength
from workshop.staff import service as staff
from workshop.staff.floor import queries
from workshop.staff.floor.models import FloorDevice
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.staff.sessions import lockout


def set_pin(user: User, password: str, pin: str, *, at: datetime) -> None:
    """Choose one's own PIN; the password is asked, for a phone may lie open.

    Raises Invalid for a wrong password, for anything but 4 to 6 digits and for a PIN that is
    tried first, NotAllowed for who does not work on cars.
    """
    staff.require_permission(user, Permission.WORK)
    if not user.password or not user.verify_and_update_password(password):
        raise Invalid(N_("This is not your password."), field="old", code="wrong_password")
    plain = to_half_width(pin).strip()
    if re.fullmatch(r"[0-9]{4,6}", plain) is None:
        raise Invalid(N_("A PIN has 4 to 6 digits."), field="pin")
    if strength.is_tried_first(plain):
        raise Invalid(
            N_("Rows, repeats and years are tried first. Choose other digits."), field="pin"
        )
    user.pin_hash = hash_password(plain)
    audit.write(user, "staff.set_pin", user, at)


def remove_pin(user: User, *, by: User, at: datetime) -> None:
    """Take the PIN away: one's own, or as who manages the staff. Raises NotAllowed."""
    if by.id != user.id:
        staff.require_permission(by, Permission.MANAGE_STAFF)
        staff.require_same_branch(by, user)
    user.pin_hash = None
    audit.write(by, "staff.remove_pin", user, at)


def place_of(device: FloorDevice) -> str:
    """Where wrong PINs of this device are counted: at another one nobody has to wait for them."""
    return f"floor:{device.id}"


def require_no_wait(device: FloorDevice, user: User, *, at: datetime) -> None:
    """Raise NotAllowed while wrong PINs of this person on this device make wait."""
    lockout.require_no_wait(user.username, place_of(device), at=at)


def fits(device: FloorDevice, user: User, pin: str, *, at: datetime) -> bool:
    """Whether it is the person's PIN; a wrong one counts. Raises NotAllowed for a strange person.

    Ask `require_no_wait` first, in the same transaction.
    """
    if not device.is_live or user not in queries.list_people(device.branch_id or 0):
        raise NotAllowed(N_("Choose your name on the device."), code="not_on_floor")
    if user.pin_hash and verify_password(to_half_width(pin).strip(), user.pin_hash):
        lockout.forget(user.username, place_of(device))
        return True
    lockout.note_failure(user.username, place_of(device), at=at)
    return False
