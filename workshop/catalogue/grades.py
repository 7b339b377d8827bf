"""Grades of labour: making, naming and retiring them; their prices are set in pricing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from workshop.catalogue import operations, pricing, queries
from workshop.catalogue.models import LabourRate, Operation, Payer
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State


def make(
    branch_id: int,
    code: str,
    name_zh: str,
    name_en: str,
    fen: int,
    *,
    valid_from: date,
    today: date,
    by: User,
    at: datetime,
) -> LabourRate:
    """Add a grade with the price of an hour that the customer pays, tax included.

    Raises Invalid, at the field, for a taken code, missing names or a price of nothing.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    code, name_zh, name_en = code.strip(), name_zh.strip(), name_en.strip()
    if queries.find_grade(branch_id, code) is not None:
        raise Invalid(operations.TAKEN, field="code", taken=code)
    _check(code, name_zh, name_en)
    grade = LabourRate(
        branch_id=branch_id, code=code, name_zh=name_zh, name_en=name_en, active=True
    )
    session.add(grade)
    audit.write(by, "catalogue.make_rate", grade, at, code=code)
    pricing.set_labour_price(
        grade, Payer.CUSTOMER, fen, valid_from=valid_from, today=today, by=by, at=at
    )
    return grade


def _check(code: str, name_zh: str, name_en: str) -> None:
    if not code or len(code) > 20:
        raise Invalid(N_("Enter a short code, for example standard."), field="code")
    for name, field in ((name_zh, "name_zh"), (name_en, "name_en")):
        if not name or len(name) > 80:
            raise Invalid(operations.NO_NAME, field=field)


def state_of(name_zh: str, name_en: str) -> State:
    """What people see of a grade, to notice a stale page."""
    return {N_("Name in Chinese"): name_zh, N_("Name in English"): name_en}


def rename(
    grade: LabourRate,
    name_zh: str,
    name_en: str,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Name a grade otherwise; raises Invalid without both names, Conflict on a stale page."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    name_zh, name_en = name_zh.strip(), name_en.strip()
    was, now = state_of(grade.name_zh, grade.name_en), state_of(name_zh, name_en)
    versions.refuse_stale(seen, was, now)
    _check(grade.code, name_zh, name_en)
    grade.name_zh, grade.name_en = name_zh, name_en
    changed = operations.differences(was, now)
    audit.write(by, "catalogue.rename_rate", grade, at, changed=changed)


def put_in_use(grade: LabourRate, active: bool, *, by: User, at: datetime) -> None:
    """Retire a grade, or use it again. Raises RuleBroken while operations are charged by it."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    query = select(Operation.code).where(
        Operation.rate_code == grade.code, Operation.active.is_(True)
    )
    users = list(session.scalars(query.order_by(Operation.code)))
    if not active and users:
        raise RuleBroken(
            N_("Operations are charged by it, such as %(operation)s. Change them first."),
            code="in_use",
            way=Way("catalogue.index", N_("Open the operations"), {"q": users[0]}),
            operation=users[0],
        )
    was, grade.active = grade.active, active
    audit.write(by, "catalogue.use_rate", grade, at, active=active, was=was)
