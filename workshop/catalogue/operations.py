"""Making, correcting and retiring labour operations; what was used is never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workshop import db
from workshop.catalogue import queries
from workshop.catalogue.models import (
    BayNeed,
    Energy,
    LabourRate,
    Operation,
    OperationFlag,
    OperationPart,
)
from workshop.catalogue.particulars import Need, Particulars, particulars_of, state_of
from workshop.db import session
from workshop.enums import LabelledEnum
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State

MOST_MINUTES = 10_000
MOST_MILLI = 1_000_000
HIGHEST_LEVEL = 5
NO_NAME = N_("Enter the name in both languages.")
NO_CODE = N_("Enter a code, for example B-PAD-F.")
TAKEN = N_("The code %(taken)s is taken.")


def make(particulars: Particulars, *, branch_id: int, by: User, at: datetime) -> Operation:
    """Add an operation. Raises Invalid, at the field, for what cannot be."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    operation = build(particulars, branch_id=branch_id)
    audit.write(by, "catalogue.make_operation", operation, at, code=operation.code)
    return operation


def build(
    particulars: Particulars, *, branch_id: int, starter_version: str | None = None
) -> Operation:
    """Add an operation as a piece of a larger act, which is what the trail tells."""
    operation = Operation(active=True, starter_version=starter_version)
    _write(operation, _checked(particulars, branch_id, None))
    session.add(operation)
    session.flush()
    return operation


def change(
    operation: Operation,
    particulars: Particulars,
    *,
    branch_id: int,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Correct an operation; who saves it has looked at it.

    Lines of quotations keep what they were made with. Raises Invalid at the field, Conflict with
    both versions when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    db.lock("operation", operation.id)
    session.refresh(operation)
    was = particulars_of(operation)
    plain = _checked(particulars, branch_id, operation)
    versions.refuse_stale(seen, state_of(was), state_of(plain))
    changed = differences(state_of(was), state_of(plain))
    _write(operation, plain)
    looked_at(operation, by, at)
    if changed:
        operation.changed_at = at
    audit.write(by, "catalogue.change_operation", operation, at, code=plain.code, changed=changed)
    session.flush()


def differences(was: State, now: State) -> dict[str, list[str]]:
    """What the trail keeps of a change: by label, before and after."""
    return {
        label: [_plain(was[label]), _plain(now[label])]
        for label in now
        if was.get(label) != now[label]
    }


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return str(getattr(value, "value", getattr(value, "number", value)))


def looked_at(row: Any, by: User, at: datetime) -> None:
    """Note who looked at a row of the starter set; the first counts."""
    if row.is_unchecked:
        row.checked_at, row.checked_by_id = at, by.id


def copy(operation: Operation, *, by: User, at: datetime) -> Operation:
    """Make another operation like this one, under a code of its own, to be changed then."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    particulars = replace(particulars_of(operation), code=free_code(Operation, operation.code))
    made = Operation(active=True)
    _write(made, particulars)
    session.add(made)
    audit.write(by, "catalogue.copy_operation", made, at, code=made.code, of=operation.code)
    session.flush()
    return made


def free_code(model: type[Any], code: str) -> str:
    """The next code after `code` that nothing has: B-PAD-F, B-PAD-F-2, B-PAD-F-3."""
    taken = set(session.scalars(select(model.code)))
    number = 2
    while (found := f"{code[:16]}-{number}") in taken:
        number += 1
    return found


def put_in_use(operation: Operation, active: bool, *, by: User, at: datetime) -> None:
    """Retire an operation, or use it again; on open orders it goes on.

    Raises RuleBroken while a package on the menu holds it.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    holders = queries.list_packages_with(operation)
    if not active and holders:
        raise RuleBroken(
            N_("It is part of %(packages)s. Take it out there, or retire the package first."),
            code="in_package",
            way=Way("catalogue.package", N_("Open the package"), {"package_id": holders[0].id}),
            packages="、".join(each.code for each in holders),
        )
    was, operation.active = operation.active, active
    operation.changed_at = at
    audit.write(by, "catalogue.use_operation", operation, at, active=active, was=was)


def _checked(given: Particulars, branch_id: int, own: Operation | None) -> Particulars:
    """The particulars as they are kept; raises Invalid at the field for what cannot be."""
    plain = replace(
        given,
        **{name: getattr(given, name).strip() for name in ("code", "name_zh", "name_en")},
        models=given.models.strip()[:200],
        keywords=given.keywords.strip()[:200],
        sells=given.sells.strip()[:40],
        bay_kinds=_known(given.bay_kinds, BayNeed),
        energies=_known(given.energies, Energy),
        flags=_known(given.flags, OperationFlag),
        needs=tuple(given.needs),
    )
    check_named(Operation, plain.code, plain.name_zh, plain.name_en, own)
    _check_minutes(plain)
    _check_needs(plain.needs)
    if not 1 <= plain.level <= HIGHEST_LEVEL:
        raise Invalid(N_("A level lies between 1 and 5."), field="level")
    if plain.skill_id is not None and not _has_skill(plain.skill_id):
        raise Invalid(N_("There is no such skill."), field="skill_id")
    grade = queries.find_grade(branch_id, plain.rate_code)
    if not plain.rate_code or (grade is not None and not grade.active and _is_new(own, grade)):
        raise Invalid(N_("Choose a labour rate that is in use."), field="rate_code")
    return plain


def _is_new(own: Operation | None, grade: LabourRate) -> bool:
    return own is None or own.rate_code != grade.code


def check_named(
    model: type[Any], code: str, name_zh: str, name_en: str, own: Any, length: int = 20
) -> None:
    """Raise Invalid, at the field, without a free code and both names."""
    if not code or len(code) > length:
        raise Invalid(NO_CODE, field="code")
    other = session.scalars(select(model).where(model.code == code)).first()
    if other is not None and other is not own:
        raise Invalid(TAKEN, field="code", taken=code)
    for name, field in ((name_zh, "name_zh"), (name_en, "name_en")):
        if not name or len(name) > 80:
            raise Invalid(NO_NAME, field=field)


def _known(values: Sequence[str], kind: type[LabelledEnum]) -> tuple[str, ...]:
    return tuple(each.value for each in kind if each.value in values)


def _check_minutes(plain: Particulars) -> None:
    for name in ("book_minutes", "compact_minutes", "suv_minutes"):
        minutes = getattr(plain, name)
        if minutes is not None and not 0 < minutes <= MOST_MINUTES:
            raise Invalid(N_("The book time must be at least a minute."), field=name)


def _check_needs(needs: Sequence[Need]) -> None:
    seen = set()
    for need in needs:
        if (need.part_id is None) == (need.kind_id is None):
            raise Invalid(N_("Name a part or a kind of part."), field="needs")
        amounts = (need.quantity_milli, need.compact_milli, need.suv_milli)
        if any(each is not None and not 0 < each <= MOST_MILLI for each in amounts):
            raise Invalid(N_("Enter a quantity between 0.001 and 1000."), field="needs")
        if (need.part_id, need.kind_id) in seen:
            raise Invalid(N_("The same part stands there twice."), field="needs")
        seen.add((need.part_id, need.kind_id))


def _has_skill(skill_id: int) -> bool:
    return skill_id in {each.id for each in queries.list_skills()}


def _write(operation: Operation, plain: Particulars) -> None:
    for each in fields(Particulars):
        if each.name != "needs":
            value = getattr(plain, each.name)
            setattr(operation, each.name, list(value) if isinstance(value, tuple) else value)
    names = [each.name for each in fields(Need)]
    operation.parts = [
        OperationPart(**{name: getattr(need, name) for name in names}) for need in plain.needs
    ]
