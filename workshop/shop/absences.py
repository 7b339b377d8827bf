"""When a person is away: noted, ended early, called off, never deleted; two never overlap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken
from workshop.shop import rules
from workshop.shop.models import Absence, Branch
from workshop.shop.rules import Span
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def add_absence(
    user: User,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    *,
    by: User,
    at: datetime,
) -> Absence:
    """Note that a person is not there; what was planned stays and shows as a conflict.

    It joins what is noted already: only the time that no other absence covers is added, in more
    than one piece where one lies inside. Returns the first. Raises RuleBroken when all is covered.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    staff.require_same_branch(by, user)
    if ends_at <= starts_at:
        raise Invalid(N_("The end must come after the start."), field="ends_at")
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    spans = list_uncovered(user, starts_at, ends_at)
    if not spans:
        raise _refuse_covered(user, starts_at)
    added = [_add(user, span, reason.strip()[:80]) for span in spans]
    session.flush()
    times = [[begins.isoformat(), ends.isoformat()] for begins, ends in spans]
    audit.write(by, "shop.add_absence", added[0], at, user_id=user.id, times=times)
    return added[0]


def list_uncovered(user: User, starts_at: datetime, ends_at: datetime) -> list[Span]:
    """The parts of this time for which no absence of the person is noted yet."""
    known = [(each.starts_at, each.ends_at) for each in _touching([user.id], starts_at, ends_at)]
    return rules.subtract([(starts_at, ends_at)], known)


def _refuse_covered(user: User, starts_at: datetime) -> RuleBroken:
    ends_at = max(each.ends_at for each in _touching([user.id], starts_at, None))
    return RuleBroken(
        N_("%(name)s is noted as away already, until %(time)s."),
        field="starts_at",
        code="away_already",
        name=user.display_name,
        time=ends_at,
    )


def _add(user: User, span: Span, reason: str) -> Absence:
    absence = Absence(user_id=user.id, starts_at=span[0], ends_at=span[1], reason=reason)
    session.add(absence)
    return absence


def end_absence(absence: Absence, *, by: User, at: datetime) -> None:
    """The person is there after all: the absence ends now, or never begins; it stays as history."""
    staff.require_permission(by, Permission.SCHEDULE)
    ends_at = max(at, absence.starts_at)
    if ends_at < absence.ends_at:
        audit.write(by, "shop.end_absence", absence, at, was=absence.ends_at.isoformat())
        absence.ends_at = ends_at


def get_absence(absence_id: int, branch: Branch) -> Absence:
    """An absence of this branch's people; raises NotFound."""
    query = select(Absence).join(User, Absence.user_id == User.id)
    query = query.where(Absence.id == absence_id, User.branch_id == branch.id)
    found: Absence | None = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such absence."))
    return found


def list_absences(branch: Branch, since: datetime) -> list[Absence]:
    """Absences of the branch's people that have not ended at `since`, by start."""
    query = (
        select(Absence)
        .join(User, Absence.user_id == User.id)
        .where(User.branch_id == branch.id, User.active.is_(True), Absence.ends_at > since)
        .where(Absence.starts_at < Absence.ends_at)
        .order_by(Absence.starts_at, Absence.id)
    )
    return list(session.scalars(query))


def list_touching(users: Iterable[User], span: Span) -> list[Absence]:
    """The absences of these people that touch the span, by start."""
    return _touching([each.id for each in users], *span)


def _touching(user_ids: list[int], begins: datetime, ends: datetime | None) -> list[Absence]:
    query = select(Absence).where(
        Absence.user_id.in_(user_ids),
        Absence.ends_at > begins,
        Absence.starts_at < Absence.ends_at,
    )
    if ends is not None:
        query = query.where(Absence.starts_at < ends)
    return list(session.scalars(query.order_by(Absence.starts_at, Absence.id)))
