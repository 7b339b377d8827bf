"""The shop itself: its name and address, its rules, its opening hours and its bays."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.shop import checks, setup
from workshop.shop import week as weeks
from workshop.shop.models import Bay, BayKind, Branch, OpeningHours
from workshop.shop.week import Week
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State, Unit, quantity


@dataclass(frozen=True)
class Particulars:
    """What papers and the customer's link say of the shop."""

    name: str
    address: str
    phone: str
    complaint_phone: str
    email: str
    bank_account: str
    tax_no: str
    short_name: str = ""
    licence_no: str = ""
    credit_code: str = ""
    zone: str = setup.DEFAULT_ZONE


@dataclass(frozen=True)
class Rules:
    """The shop's own numbers; the defaults are those of domain.md §1."""

    buffer_minutes: int
    delivery_minutes: int
    reserve_percent: int
    on_time_minutes: int
    no_show_minutes: int
    repeat_days: int
    report_every_minutes: int
    tax_basis_points: int
    controller_moves_alone: bool
    core_days: int = 30


LABELS = {
    "name": N_("Name of the workshop"),
    "address": N_("Address"),
    "phone": N_("Phone"),
    "complaint_phone": N_("Complaint phone"),
    "email": N_("E-mail"),
    "bank_account": N_("Bank and account"),
    "tax_no": N_("Tax number"),
    "short_name": N_("Short name"),
    "licence_no": N_("Filing number as a repairer"),
    "credit_code": N_("Unified social credit code"),
    "zone": N_("Time zone"),
    "buffer_minutes": N_("Minutes between two jobs"),
    "delivery_minutes": N_("Minutes between the last job and the promise"),
    "reserve_percent": N_("Share of each day kept for walk-ins (percent)"),
    "on_time_minutes": N_("Minutes around the slot that count as on time"),
    "no_show_minutes": N_("Minutes after the slot until a no-show"),
    "repeat_days": N_("Days in which a visit may be a repeat repair"),
    "report_every_minutes": N_("Minutes between two progress reports"),
    "tax_basis_points": N_("Tax rate (percent)"),
    "core_days": N_("Days in which an old part has to be back for its deposit"),
    "controller_moves_alone": N_("The job controller changes times without the advisor"),
}
"""What people call the shop's values."""

LONGEST_CODE = 20

# The smallest and the largest that make sense; outside of it somebody's finger slipped.
LIMITS = {
    "buffer_minutes": (0, 120),
    "delivery_minutes": (0, 240),
    "reserve_percent": (0, 90),
    "on_time_minutes": (0, 60),
    "no_show_minutes": (0, 600),
    "repeat_days": (0, 365),
    "report_every_minutes": (5, 480),
    "tax_basis_points": (0, 10_000),
    "core_days": (1, 365),
}


def particulars_of(branch: Branch) -> Particulars:
    """The particulars as they are kept."""
    return Particulars(**{each.name: getattr(branch, each.name) for each in fields(Particulars)})


def rules_of(branch: Branch) -> Rules:
    """The rules as they are kept."""
    return Rules(**{each.name: getattr(branch, each.name) for each in fields(Rules)})


def state_of(values: Particulars | Rules) -> State:
    """What people see of the values, to notice a stale page."""
    return {LABELS[each.name]: _with_unit(each.name, values) for each in fields(values)}


def _with_unit(name: str, values: Particulars | Rules) -> Any:
    value = getattr(values, name)
    unit = next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), None)
    return value if unit is None else quantity(value, unit)


_UNITS = {
    "_minutes": Unit.MINUTES,
    "_percent": Unit.PERCENT,
    "_basis_points": Unit.BASIS_POINTS,
}


def change_particulars(
    branch: Branch, values: Particulars, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Change what papers say of the shop, and its time zone; what is planned keeps its moment.

    Raises Invalid without a name and for a wrong credit code or zone, Conflict when stale.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    values = replace(values, credit_code=checks.checked_credit_code(values.credit_code))
    checks.check_zone(values.zone)
    versions.refuse_stale(seen, state_of(particulars_of(branch)), state_of(values))
    if not values.name.strip():
        raise Invalid(N_("Enter the name of the workshop."), field="name")
    _write(branch, values, "shop.change_particulars", by, at)


def change_rules(
    branch: Branch, values: Rules, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Change the shop's numbers; what was planned and promised before stays as it is.

    Raises Invalid for a number outside LIMITS, Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    versions.refuse_stale(seen, state_of(rules_of(branch)), state_of(values))
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(values, name) <= most:
            raise Invalid(N_("Between %(least)s and %(most)s."), field=name, least=least, most=most)
    _write(branch, values, "shop.change_rules", by, at)


def _write(
    branch: Branch, values: Particulars | Rules, action: str, by: User, at: datetime
) -> None:
    changed: dict[str, Any] = {}
    was: dict[str, Any] = {}
    for each in fields(values):
        new = getattr(values, each.name)
        new = new.strip() if isinstance(new, str) else new
        old = getattr(branch, each.name)
        if new != old:
            changed[each.name], was[each.name] = new, old
            setattr(branch, each.name, new)
    audit.write(by, action, branch, at, **changed, was=was)


def opening_of(branch: Branch) -> dict[int, list[tuple[time, time]]]:
    """The weekly opening hours; a weekday without any is closed."""
    query = select(OpeningHours).where(OpeningHours.branch_id == branch.id)
    week: dict[int, list[tuple[time, time]]] = {}
    for each in session.scalars(query.order_by(OpeningHours.weekday, OpeningHours.opens)):
        week.setdefault(each.weekday, []).append((each.opens, each.closes))
    return week


def set_opening(
    branch: Branch, week: Week, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Set the weekly opening hours; single days are the calendar's.

    Raises Invalid for intervals that overlap, RuleBroken when the shop would never open, Conflict
    when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    was = opening_of(branch)
    versions.refuse_stale(seen, weeks.state_of(was), weeks.state_of(week))
    weeks.check(week)
    if not any(week.values()):
        raise RuleBroken(N_("The shop must be open on one day at least."), code="never_open")
    for known in session.scalars(select(OpeningHours).where(OpeningHours.branch_id == branch.id)):
        session.delete(known)
    session.flush()
    for weekday, spans in week.items():
        for opens, closes in spans:
            session.add(
                OpeningHours(branch_id=branch.id, weekday=weekday, opens=opens, closes=closes)
            )
    told = weeks.as_text(week)
    audit.write(by, "shop.set_opening", branch, at, week=told, was=weeks.as_text(was))


def list_all_bays(branch: Branch) -> list[Bay]:
    """All bays by code, those out of use last."""
    query = select(Bay).where(Bay.branch_id == branch.id)
    return sorted(session.scalars(query), key=lambda bay: (not bay.active, bay.code))


def add_bay(branch: Branch, code: str, kind: BayKind, *, by: User, at: datetime) -> Bay:
    """Add a place for one car. Raises Invalid without a code, RuleBroken for a code twice."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    if not code.strip():
        raise Invalid(N_("Enter the name of the bay, as it stands on its wall."), field="code")
    _refuse_same_code(branch, code.strip())
    if len(code.strip()) > LONGEST_CODE:
        raise Invalid(N_("At most 20 characters for the name of a bay."), field="code")
    bay = Bay(branch_id=branch.id, code=code.strip(), kind=kind)
    session.add(bay)
    audit.write(by, "shop.add_bay", bay, at, code=bay.code, kind=kind.value)
    return bay


def add_bays(branch: Branch, codes: str, kind: BayKind, *, by: User, at: datetime) -> list[Bay]:
    """Add a bay for each of the names, which commas part. Raises as `add_bay` does."""
    names = [each for each in re.split(r"[,，、]", codes) if each.strip()] or [""]
    return [add_bay(branch, name, kind, by=by, at=at) for name in names]


def _refuse_same_code(branch: Branch, code: str) -> None:
    query = select(Bay.id).where(Bay.branch_id == branch.id, Bay.code == code)
    if session.scalar(query) is not None:
        raise RuleBroken(
            N_("There is a bay %(bay)s already."), field="code", code="bay_taken", bay=code
        )


def use_bay(bay: Bay, in_use: bool, *, by: User, at: datetime) -> None:
    """Take a bay out of use, or into use again; what is planned there stays and shows."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    bay.active = in_use
    audit.write(by, "shop.use_bay", bay, at, in_use=in_use)
