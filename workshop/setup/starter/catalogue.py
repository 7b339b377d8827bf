"""The catalogue's part of the set: kinds of parts, operations, packages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from workshop.catalogue import kinds as catalogue_kinds
from workshop.catalogue import operations as catalogue_operations
from workshop.catalogue import packages as catalogue_packages
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import GuaranteeClass, Operation, Package, PartKind
from workshop.catalogue.particulars import Need, Particulars
from workshop.db import session
from workshop.errors import N_
from workshop.setup.starter import contents
from workshop.setup.starter.contents import VERSION, Amount, Group
from workshop.setup.starter.rows import (
    ON_THE_SHELF,
    Count,
    Kind,
    Result,
    codes_of,
    count_rows,
    take_back_rows,
)
from workshop.shop.models import Branch, Skill
from workshop.shop.setup import SKILLS
from workshop.stock.models import Part


def _lay_kinds(_branch: Branch, groups: Collection[Group], _at: datetime) -> Result:
    needed = {code for each in _chosen(groups) for code in each.parts}
    known, result = codes_of(PartKind), Result()
    for each in contents.kinds():
        if each.code in needed - known:
            catalogue_kinds.build(each.code, each.zh, each.en, each.unit, starter_version=VERSION)
            result.number += 1
    return result


def _chosen(groups: Collection[Group]) -> list[contents.Operation]:
    names = {each.value for each in groups}
    return [each for each in contents.operations() if each.group in names]


def _lay_operations(branch: Branch, groups: Collection[Group], _at: datetime) -> Result:
    skills, kinds = _skills(), {each.code: each.id for each in catalogue_kinds.list_kinds()}
    known, result = codes_of(Operation), Result()
    for each in _chosen(groups):
        if each.code not in known:
            catalogue_operations.build(
                _particulars(each, skills, kinds), branch_id=branch.id, starter_version=VERSION
            )
            result.number += 1
    return result


def _skills() -> dict[str, int]:
    """The ids of the usual skills by code; those that are missing are made."""
    known = {skill.code for skill in session.scalars(select(Skill))}
    for code, name_zh, name_en, group in SKILLS:
        if code not in known:
            session.add(Skill(code=code, name_zh=name_zh, name_en=name_en, work_group=group))
    session.flush()
    return {skill.code: skill.id for skill in session.scalars(select(Skill))}


def _particulars(
    listed: contents.Operation, skills: dict[str, int], kinds: dict[str, int]
) -> Particulars:
    minutes = listed.minutes if isinstance(listed.minutes, list) else [listed.minutes] * 3
    compact, mid, suv = minutes
    return Particulars(
        code=listed.code,
        name_zh=listed.zh,
        name_en=listed.en,
        book_minutes=mid,
        compact_minutes=compact if compact != mid else None,
        suv_minutes=suv if suv != mid else None,
        skill_id=skills[listed.skill],
        level=listed.level,
        bay_kinds=listed.bays,
        energies=listed.energies,
        flags=listed.flags,
        guarantee=GuaranteeClass(listed.guarantee),
        keywords=listed.keywords,
        sells=listed.sells,
        needs=[_need(kinds[code], amount) for code, amount in listed.parts.items()],
    )


def _need(kind_id: int, amount: Amount) -> Need:
    amounts = amount if isinstance(amount, list) else [amount] * 3
    compact, mid, suv = (round(each * 1000) for each in amounts)
    return Need(
        quantity_milli=mid,
        kind_id=kind_id,
        compact_milli=compact if compact != mid else None,
        suv_milli=suv if suv != mid else None,
    )


def _lay_packages(_branch: Branch, _groups: Collection[Group], _at: datetime) -> Result:
    """Those packages of which the catalogue has all operations in use, whoever made them."""
    wanted = {code for each in contents.packages() for code in each.operations}
    found = catalogue.find_operations(wanted)
    ids = {each.code: each.id for each in found.values() if each.active}
    known, result = codes_of(Package), Result()
    for each in contents.packages():
        if each.code not in known and set(each.operations) <= set(ids):
            catalogue_packages.build(
                catalogue_packages.Particulars(
                    each.code,
                    each.zh,
                    each.en,
                    [ids[code] for code in each.operations],
                    each.interval_km,
                    each.interval_months,
                    each.season_from,
                    each.season_to,
                ),
                starter_version=VERSION,
            )
            result.number += 1
    return result


def _take_back_kinds(_branch: Branch) -> Result:
    """A kind stays while the shelf has parts of it."""
    shelf = set(session.scalars(select(Part.choice_group).where(Part.choice_group.is_not(None))))
    return take_back_rows(PartKind, (), lambda kind: ON_THE_SHELF if kind.code in shelf else "")


def _count_kinds() -> Count:
    return count_rows(PartKind, len(contents.kinds()))


KINDS = (
    Kind(
        "kinds",
        N_("Kinds of parts"),
        _lay_kinds,
        _take_back_kinds,
        _count_kinds,
        "catalogue.list_kinds",
    ),
    Kind(
        "operations",
        N_("Operations"),
        _lay_operations,
        lambda _branch: take_back_rows(Operation, ("operation_part",)),
        lambda: count_rows(Operation, len(contents.operations())),
        "catalogue.index",
    ),
    Kind(
        "packages",
        N_("Packages"),
        _lay_packages,
        lambda _branch: take_back_rows(Package, ("package_item", "package_price")),
        lambda: count_rows(Package, len(contents.packages())),
        "catalogue.list_packages",
    ),
)
