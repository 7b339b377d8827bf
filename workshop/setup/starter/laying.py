"""Laying the starter set, and taking it back while it is unused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from workshop import db
from workshop.catalogue.checklists import starter as lists
from workshop.errors import N_, Invalid, RuleBroken
from workshop.setup.starter import catalogue
from workshop.setup.starter.contents import VERSION, Group
from workshop.setup.starter.rows import Kind, Result
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

# What comes first may be needed by what comes after; taking back goes the other way.
KINDS: tuple[Kind, ...] = (*catalogue.KINDS,)


def lay(
    branch: Branch, groups: Collection[Group], *, with_lists: bool = False, by: User, at: datetime
) -> dict[str, Result]:
    """Lay the groups of the set: rows that are missing come, all others stay as they are.

    `with_lists` brings the suggested checklists, templates and words too, whatever the groups.
    Raises Invalid when no group is chosen.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    if not groups:
        raise Invalid(N_("Choose at least one group."), field="groups")
    db.lock("starter", branch.id)
    results = {kind.name: kind.lay(branch, groups, at) for kind in KINDS}
    if with_lists:
        results["lists"] = Result(lists.lay(by=by, at=at))
    numbers = {name: result.number for name, result in results.items()}
    names = [each.value for each in groups]
    audit.write(by, "setup.lay_starter", branch, at, version=VERSION, groups=names, laid=numbers)
    return results


def take_back(branch: Branch, *, by: User, at: datetime) -> dict[str, Result]:
    """Take the whole set back; what was changed or is used stays and is named with the reason.

    Suggested lists that nobody has worded otherwise are out of use; records may refer to them.
    Raises RuleBroken when nothing of it is there.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    db.lock("starter", branch.id)
    if not lists.count_to_take_back() and not any(kind.count().laid for kind in KINDS):
        raise RuleBroken(N_("Nothing of the starter set is laid."), code="nothing")
    results = {kind.name: kind.take_back(branch) for kind in reversed(KINDS)}
    if number := lists.take_back(by=by, at=at):
        results["lists"] = Result(number)
    numbers = {name: result.number for name, result in results.items()}
    kept = [each.record.code for result in results.values() for each in result.kept]
    audit.write(by, "setup.take_back_starter", branch, at, gone=numbers, kept=kept)
    return results
