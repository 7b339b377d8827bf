"""Kinds of parts: what operations need while the shelf may hold parts of several classes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.catalogue import operations
from workshop.catalogue.models import Operation, OperationPart, PartKind
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State


def list_kinds() -> list[PartKind]:
    """All kinds of parts, by code."""
    return list(session.scalars(select(PartKind).order_by(PartKind.code)))


def find_kind(code: str) -> PartKind | None:
    """The kind of this code."""
    return session.scalars(select(PartKind).where(PartKind.code == code)).one_or_none()


def get_kind(kind_id: int) -> PartKind:
    """The kind; raises NotFound."""
    kind = session.get(PartKind, kind_id)
    if kind is None:
        raise NotFound(N_("There is no such kind of part."))
    return kind


def list_users(kind: PartKind) -> list[Operation]:
    """The operations that need the kind, by code, retired ones included."""
    query = (
        select(Operation)
        .join(OperationPart, OperationPart.operation_id == Operation.id)
        .where(OperationPart.kind_id == kind.id)
    )
    return list(session.scalars(query.order_by(Operation.code)))


def state_of(name_zh: str, name_en: str, unit: str) -> State:
    """What people see of a kind, to notice a stale page."""
    return {N_("Name in Chinese"): name_zh, N_("Name in English"): name_en, N_("Unit"): unit}


def make(code: str, name_zh: str, name_en: str, unit: str, *, by: User, at: datetime) -> PartKind:
    """Add a kind; parts whose choice group is this code are of it. Raises Invalid at the field."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    kind = build(code, name_zh, name_en, unit)
    audit.write(by, "catalogue.make_kind", kind, at, code=kind.code)
    return kind


def build(
    code: str, name_zh: str, name_en: str, unit: str, *, starter_version: str | None = None
) -> PartKind:
    """Add a kind as a piece of a larger act, which is what the trail tells."""
    code, name_zh, name_en, unit = (each.strip() for each in (code, name_zh, name_en, unit))
    operations.check_named(PartKind, code, name_zh, name_en, None, length=40)
    _check_unit(unit)
    kind = PartKind(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        unit=unit,
        active=True,
        starter_version=starter_version,
    )
    session.add(kind)
    session.flush()
    return kind


def _check_unit(unit: str) -> None:
    if not unit or len(unit) > 10:
        raise Invalid(N_("Enter the unit, such as a piece or a litre."), field="unit")


def change(
    kind: PartKind,
    name_zh: str,
    name_en: str,
    unit: str,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Name a kind otherwise; its code stays, parts refer to it. Raises Conflict on a stale page."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    name_zh, name_en, unit = name_zh.strip(), name_en.strip(), unit.strip()
    was = state_of(kind.name_zh, kind.name_en, kind.unit)
    now = state_of(name_zh, name_en, unit)
    versions.refuse_stale(seen, was, now)
    operations.check_named(PartKind, kind.code, name_zh, name_en, kind, length=40)
    _check_unit(unit)
    kind.name_zh, kind.name_en, kind.unit = name_zh, name_en, unit
    changed = operations.differences(was, now)
    operations.looked_at(kind, by, at)
    if changed:
        kind.changed_at = at
    audit.write(by, "catalogue.change_kind", kind, at, code=kind.code, changed=changed)


def put_in_use(kind: PartKind, active: bool, *, by: User, at: datetime) -> None:
    """Retire a kind, or use it again. Raises RuleBroken while operations need it."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    codes = [each.code for each in list_users(kind) if each.active]
    if not active and codes:
        raise RuleBroken(
            N_("Operations need it, such as %(operation)s. Change them first."),
            code="in_use",
            way=Way("catalogue.index", N_("Open the operations"), {"q": codes[0]}),
            operation=codes[0],
        )
    was, kind.active = kind.active, active
    kind.changed_at = at
    audit.write(by, "catalogue.use_kind", kind, at, active=active, was=was)
