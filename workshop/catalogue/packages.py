"""Making, correcting and retiring packages: several operations under one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workshop import db
from workshop.catalogue import operations as operations_of
from workshop.catalogue import queries
from workshop.catalogue.models import Package, PackageItem
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State, Unit, quantity

MOST_KM = 500_000
MOST_MONTHS = 120


@dataclass(frozen=True)
class Particulars:
    """All that a manager may say of a package but its price; operations by id, in their order."""

    code: str
    name_zh: str
    name_en: str
    operation_ids: Sequence[int]
    interval_km: int | None = None
    interval_months: int | None = None
    season_from: int | None = None
    season_to: int | None = None


def particulars_of(package: Package) -> Particulars:
    """What is known of a package."""
    return Particulars(
        package.code,
        package.name_zh,
        package.name_en,
        tuple(item.operation_id for item in package.items),
        package.interval_km,
        package.interval_months,
        package.season_from,
        package.season_to,
    )


def state_of(particulars: Particulars) -> State:
    """What people see of a package, to notice a stale page."""
    codes = {each.id: each.code for each in queries.list_operations(particulars.operation_ids)}
    return {
        N_("Code"): particulars.code,
        N_("Name in Chinese"): particulars.name_zh,
        N_("Name in English"): particulars.name_en,
        N_("Operations"): "、".join(codes.get(each, "?") for each in particulars.operation_ids),
        N_("Due again after"): quantity(particulars.interval_km, Unit.KM),
        N_("Due again after months"): particulars.interval_months,
        N_("Offered from month"): particulars.season_from,
        N_("Offered until month"): particulars.season_to,
    }


def make(particulars: Particulars, *, by: User, at: datetime) -> Package:
    """Add a package. Raises Invalid, at the field, for what cannot be."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    package = build(particulars)
    audit.write(by, "catalogue.make_package", package, at, code=package.code)
    return package


def build(particulars: Particulars, *, starter_version: str | None = None) -> Package:
    """Add a package as a piece of a larger act, which is what the trail tells."""
    package = Package(active=True, starter_version=starter_version)
    _write(package, _checked(particulars, None))
    session.add(package)
    session.flush()
    return package


def change(
    package: Package,
    particulars: Particulars,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Correct a package; who saves it has looked at it. Lines that were quoted stay as they are.

    Raises Invalid at the field, Conflict with both versions when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    db.lock("package", package.id)
    session.refresh(package)
    was = state_of(particulars_of(package))
    plain = _checked(particulars, package)
    now = state_of(plain)
    versions.refuse_stale(seen, was, now)
    changed = operations_of.differences(was, now)
    _write(package, plain)
    operations_of.looked_at(package, by, at)
    if changed:
        package.changed_at = at
    audit.write(by, "catalogue.change_package", package, at, code=plain.code, changed=changed)
    session.flush()


def copy(package: Package, *, by: User, at: datetime) -> Package:
    """Make another package like this one, to be changed then; its price is not copied."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    code = operations_of.free_code(Package, package.code)
    made = Package(active=True)
    _write(made, replace(particulars_of(package), code=code))
    session.add(made)
    audit.write(by, "catalogue.copy_package", made, at, code=code, of=package.code)
    session.flush()
    return made


def put_in_use(package: Package, active: bool, *, by: User, at: datetime) -> None:
    """Take a package off the menu, or put it there again.

    Raises RuleBroken when one of its operations is retired.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    retired = [each for each in package.operations if not each.active]
    if active and retired:
        raise RuleBroken(
            N_("%(operations)s is retired. Use it again first, or take it out of the package."),
            code="retired",
            way=Way(
                "catalogue.operation", N_("Open the operation"), {"operation_id": retired[0].id}
            ),
            operations="、".join(each.code for each in retired),
        )
    was, package.active = package.active, active
    package.changed_at = at
    audit.write(by, "catalogue.use_package", package, at, active=active, was=was)


def _checked(given: Particulars, own: Package | None) -> Particulars:
    plain = replace(
        given,
        **{name: getattr(given, name).strip() for name in ("code", "name_zh", "name_en")},
        operation_ids=tuple(dict.fromkeys(given.operation_ids)),
    )
    operations_of.check_named(Package, plain.code, plain.name_zh, plain.name_en, own)
    if not plain.operation_ids:
        raise Invalid(N_("A package needs at least one operation."), field="operations")
    _check_operations(plain, own)
    for value, most, field in (
        (plain.interval_km, MOST_KM, "interval_km"),
        (plain.interval_months, MOST_MONTHS, "interval_months"),
        (plain.season_from, 12, "season_from"),
        (plain.season_to, 12, "season_to"),
    ):
        if value is not None and not 0 < value <= most:
            raise Invalid(N_("Enter a number from 1 to %(most)s."), field=field, most=most)
    if (plain.season_from is None) != (plain.season_to is None):
        missing = "season_to" if plain.season_to is None else "season_from"
        raise Invalid(N_("A season has a first and a last month."), field=missing)
    return plain


def _check_operations(plain: Particulars, own: Package | None) -> None:
    found = {each.id: each for each in queries.list_operations(plain.operation_ids)}
    if len(found) < len(plain.operation_ids):
        raise Invalid(N_("There is no such operation."), field="operations")
    held = (
        {item.operation_id for item in own.items} if own is not None and not own.active else set()
    )
    retired = [each.code for each in found.values() if not each.active and each.id not in held]
    if retired:
        raise Invalid(
            N_("%(operations)s is retired; a package takes only what is in use."),
            field="operations",
            operations="、".join(retired),
        )


def _write(package: Package, plain: Particulars) -> None:
    package.code, package.name_zh, package.name_en = plain.code, plain.name_zh, plain.name_en
    package.interval_km, package.interval_months = plain.interval_km, plain.interval_months
    package.season_from, package.season_to = plain.season_from, plain.season_to
    package.items = [
        PackageItem(operation_id=operation_id, position=position)
        for position, operation_id in enumerate(plain.operation_ids, start=1)
    ]
