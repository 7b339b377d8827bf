"""Which acts take something away, and when a list that somebody has seen is still the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from workshop.errors import N_

TAKES_AWAY = {
    "catalogue.use_operation": N_("Operation in or out of use"),
    "catalogue.use_package": N_("Package in or out of use"),
    "shop.add_absence": N_("Absence added"),
    "shop.change_particulars": N_("Particulars of the shop changed"),
    "shop.fill_holidays": N_("Holidays filled in"),
    "shop.forget_day": N_("Day of the calendar as usual again"),
    "shop.put_on_board": N_("On or off the board"),
    "shop.set_day": N_("Day of the calendar set"),
    "shop.set_opening": N_("Opening hours set"),
    "shop.set_shifts": N_("Shifts set"),
    "shop.set_skills": N_("Skills set"),
    "shop.use_bay": N_("Bay in or out of use"),
    "staff.change": N_("Name or roles of a person changed"),
    "staff.change_role": N_("Role changed"),
    "staff.leave": N_("Works here no longer"),
    "staff.retire_role": N_("Role retired"),
    "stock.use_part": N_("Part in or out of use"),
}
"""The acts, by their names in the audit trail, that can take the ground from what is agreed.

What one of them touches is asked before it is kept; a new act of this sort needs its line here.
"""


def mark(things: Iterable[str]) -> str:
    """A short mark of a list of things: another one when any of them is another one."""
    return hashlib.sha256("\n".join(sorted(things)).encode()).hexdigest()[:16]
