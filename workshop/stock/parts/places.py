"""Where a part lies, and below which quantity it is bought again: the counter's daily data."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import shelf
from workshop.stock.models import Part
from workshop.web import versions
from workshop.web.versions import State


def place(
    part: Part,
    branch: shelf.Place,
    bin_code: str,
    minimum_milli: int,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Say where the part lies at the branch, and below which quantity it is bought again.

    Raises Invalid for a negative minimum, Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    level = shelf.locked_level(branch.id, part)
    wanted = state_of_place(bin_code.strip(), minimum_milli)
    versions.refuse_stale(seen, state_of_place(level.bin, level.minimum_milli), wanted)
    if minimum_milli < 0:
        raise Invalid(N_("A quantity cannot be negative."), field="minimum")
    was = [level.bin, level.minimum_milli]
    level.bin, level.minimum_milli = bin_code.strip(), minimum_milli
    audit.write(by, "stock.place", level, at, now=[level.bin, minimum_milli], was=was)
    session.flush()


def state_of_place(bin_code: str, minimum_milli: int) -> State:
    """What people see of a part's place, to notice a stale page."""
    return {N_("Bin"): bin_code, N_("Minimum stock"): shelf.plain(minimum_milli)}
