"""When a technician is away: noted, ended early, never deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Invalid, NotFound
from workshop.shop.models import Absence, Branch, Technician
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def add_absence(
    technician: Technician,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    *,
    by: User,
    at: datetime,
) -> Absence:
    """Note that a technician is not there; what was planned stays and shows as a conflict."""
    staff.require_permission(by, Permission.SCHEDULE)
    if ends_at <= starts_at:
        raise Invalid(N_("The end must come after the start."), field="ends_at")
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    absence = Absence(
        technician_id=technician.id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip()[:80],
    )
    session.add(absence)
    audit.write(by, "shop.add_absence", absence, at, technician_id=technician.id)
    return absence


def end_absence(absence: Absence, *, by: User, at: datetime) -> None:
    """The technician is there after all: the absence ends now, and stays as history."""
    staff.require_permission(by, Permission.SCHEDULE)
    ends_at = max(at, absence.starts_at + timedelta(minutes=1))
    if ends_at < absence.ends_at:
        audit.write(by, "shop.end_absence", absence, at, was=absence.ends_at.isoformat())
        absence.ends_at = ends_at


def get_absence(absence_id: int, branch: Branch) -> Absence:
    """An absence of this branch's technicians; raises NotFound."""
    query = select(Absence).join(Technician, Absence.technician_id == Technician.id)
    query = query.where(Absence.id == absence_id, Technician.branch_id == branch.id)
    found: Absence | None = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such absence."))
    return found


def list_absences(branch: Branch, since: datetime) -> list[tuple[Technician, Absence]]:
    """Absences of the branch's technicians that have not ended at `since`, by start."""
    query = (
        select(Technician, Absence)
        .join(Absence, Absence.technician_id == Technician.id)
        .where(Technician.branch_id == branch.id, Absence.ends_at > since)
        .order_by(Absence.starts_at, Absence.id)
    )
    return [(technician, absence) for technician, absence in session.execute(query)]
