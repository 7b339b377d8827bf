"""Finding what the shop sells, and what it costs on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import select

from workshop import together
from workshop.catalogue import rules
from workshop.catalogue.models import (
    LabourPrice,
    LabourRate,
    Operation,
    OperationPart,
    Package,
    PackageItem,
    PackagePrice,
    PriceRow,
)
from workshop.catalogue.rules import PriceList
from workshop.db import remember, session
from workshop.errors import N_, NotFound

K = TypeVar("K", bound=Hashable)

_SEARCHED = (Operation.code, Operation.name_zh, Operation.name_en, Operation.keywords)

# The shelf is a neighbour, known here by its keys only.
_PART = sa.table(
    "part",
    *(sa.column(name) for name in ("id", "no", "name_zh", "name_en", "choice_group", "active")),
)
_SKILL = sa.table("skill", *(sa.column(name) for name in ("id", "code", "name_zh", "name_en")))


def search_operations(text: str, limit: int = 20) -> list[Operation]:
    """Active operations in which every word of `text` occurs, in code, names or keywords.

    The exact code comes first, then codes that begin with the text, then names, then the rest.
    Without words the first operations by code are listed.
    """
    query = select(Operation).where(Operation.active.is_(True), *matching(_SEARCHED, text))
    wanted = text.strip().lower()
    rank = sa.case(
        (sa.func.lower(Operation.code) == wanted, 0),
        (sa.func.lower(Operation.code).startswith(wanted, autoescape=True), 1),
        (_contains(Operation.name_zh, wanted) | _contains(Operation.name_en, wanted), 2),
        else_=3,
    )
    return list(session.scalars(query.order_by(rank, Operation.code).limit(limit)))


def matching(columns: Iterable[Any], text: str) -> list[sa.ColumnElement[bool]]:
    """The conditions that every word of `text` occurs in one of the columns."""
    columns = list(columns)
    return [sa.or_(*(_contains(column, word) for column in columns)) for word in text.split()]


def _contains(column: Any, word: str) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = sa.func.lower(column).contains(word.lower(), autoescape=True)
    return found


def get_operation(operation_id: int) -> Operation:
    """The operation; raises NotFound."""
    operation = session.get(Operation, operation_id)
    if operation is None:
        raise NotFound(N_("There is no such operation."))
    return operation


def list_operations(operation_ids: Collection[int]) -> list[Operation]:
    """The operations of these ids, by code."""
    query = select(Operation).where(Operation.id.in_(operation_ids))
    return list(session.scalars(query.order_by(Operation.code)))


def find_operations(codes: Iterable[str]) -> dict[str, Operation]:
    """The operations of these codes however they are written, by code in small letters."""
    wanted = [code.lower() for code in codes]
    query = select(Operation).where(sa.func.lower(Operation.code).in_(wanted))
    return {each.code.lower(): each for each in session.scalars(query)}


def list_menders() -> list[Operation | Package]:
    """What may be recommended by its code: operations and packages that are offered."""
    offered = select(Operation).where(Operation.active.is_(True)).order_by(Operation.code)
    return [*session.scalars(offered), *(each for each in list_packages() if each.active)]


def list_packages() -> list[Package]:
    """The packages on the menu, by code."""
    query = select(Package).where(Package.active.is_(True))
    return list(session.scalars(query.order_by(Package.code)))


def get_package(package_id: int) -> Package:
    """The package; raises NotFound."""
    package = session.get(Package, package_id)
    if package is None:
        raise NotFound(N_("There is no such package."))
    return package


def list_packages_with(operation: Operation) -> list[Package]:
    """The packages on the menu that this operation is part of."""
    query = (
        select(Package)
        .where(
            Package.active.is_(True),
            Package.id.in_(
                select(PackageItem.package_id).where(PackageItem.operation_id == operation.id)
            ),
        )
        .order_by(Package.code)
    )
    return list(session.scalars(query))


def price_list(branch_id: int, day: date) -> PriceList:
    """What holds on a day of the shop's zone: hours by grade and payer, packages at a fixed price.

    A grade that is retired goes on: only new operations take no retired grade.
    """
    key = ("price list", branch_id, day)
    return remember(key, _PRICED, lambda: _read_prices(branch_id, day))


_PRICED = {LabourRate, LabourPrice, PackagePrice}


def _read_prices(branch_id: int, day: date) -> PriceList:
    hours: dict[tuple[str, str], list[LabourPrice]] = defaultdict(list)
    query = select(LabourRate.code, LabourPrice).join(
        LabourPrice, LabourPrice.rate_id == LabourRate.id
    )
    for code, line in session.execute(query.where(LabourRate.branch_id == branch_id)):
        hours[code, line.payer.value].append(line)
    packages: dict[int, list[PackagePrice]] = defaultdict(list)
    for fixed in session.scalars(select(PackagePrice)):
        packages[fixed.package_id].append(fixed)
    return PriceList(day, _on_day(hours, day), _on_day(packages, day))


def _on_day(histories: Mapping[K, Sequence[PriceRow]], day: date) -> dict[K, int]:
    """What of each history holds on a day, where anything does."""
    found = {key: fen_on(lines, day) for key, lines in histories.items()}
    return {key: fen for key, fen in found.items() if fen is not None}


def fen_on(lines: Sequence[PriceRow], day: date) -> int | None:
    """The price of a history that holds on a day; None when there is none."""
    found = rules.on_day(lines, day)
    return found.fen if found else None


def list_rates(branch_id: int, day: date) -> dict[str, int]:
    """The hours that the customer pays on a day, in fen, tax included, by the grade's code."""
    prices = price_list(branch_id, day)
    return {grade: fen for (grade, payer), fen in prices.hours.items() if payer == rules.CUSTOMER}


def list_grades(branch_id: int) -> list[LabourRate]:
    """The grades of labour of a branch, those in use first."""
    query = select(LabourRate).where(LabourRate.branch_id == branch_id)
    return list(session.scalars(query.order_by(LabourRate.active.desc(), LabourRate.code)))


def find_grade(branch_id: int, code: str) -> LabourRate | None:
    """The grade of this code."""
    query = select(LabourRate).where(LabourRate.branch_id == branch_id, LabourRate.code == code)
    return session.scalars(query).one_or_none()


def get_grade(branch_id: int, rate_id: int) -> LabourRate:
    """The grade; raises NotFound."""
    grade = session.get(LabourRate, rate_id)
    if grade is None or grade.branch_id != branch_id:
        raise NotFound(N_("There is no such labour rate."))
    return grade


def list_labour_prices(grade: LabourRate) -> list[LabourPrice]:
    """The whole history of a grade's prices, what was taken back included, the newest first."""
    return together.list_of(
        grade.id,
        "labour prices",
        lambda: select(LabourPrice).order_by(LabourPrice.id.desc()),
        LabourPrice.rate_id,
    )


def list_package_prices(package: Package) -> list[PackagePrice]:
    """The whole history of a package's fixed price, the newest first."""
    query = select(PackagePrice).where(PackagePrice.package_id == package.id)
    return list(session.scalars(query.order_by(PackagePrice.id.desc())))


@dataclass(frozen=True)
class Named:
    """A skill, or a part of the shelf, as the catalogue may name it."""

    id: int
    code: str
    name_zh: str
    name_en: str

    def name_in(self, locale: str) -> str:
        """The name in `locale` ("zh_CN" or "en")."""
        return self.name_zh if locale.startswith("zh") else self.name_en


def list_skills() -> list[Named]:
    """The shop's skills."""
    query = select(_SKILL.c.id, _SKILL.c.code, _SKILL.c.name_zh, _SKILL.c.name_en)
    return [Named(*row) for row in session.execute(query.order_by(_SKILL.c.id))]


def find_part(no: str) -> Named | None:
    """The active part of this number."""
    query = _known_parts().where(sa.func.lower(_PART.c.no) == no.lower(), _PART.c.active)
    row = session.execute(query).first()
    return Named(*row) if row else None


def list_parts_of(operations: Iterable[Operation]) -> dict[int, Named]:
    """By id: the parts that the operations name themselves."""
    wanted = {need.part_id for each in operations for need in each.parts if need.part_id}
    rows = session.execute(_known_parts().where(_PART.c.id.in_(wanted)))
    return {row.id: Named(*row) for row in rows}


def list_parts_of_kind(code: str) -> list[Named]:
    """The active parts of a kind, by number."""
    query = _known_parts().where(_PART.c.choice_group == code, _PART.c.active)
    return [Named(*row) for row in session.execute(query.order_by(_PART.c.no))]


def _known_parts() -> sa.Select[Any]:
    return select(_PART.c.id, _PART.c.no, _PART.c.name_zh, _PART.c.name_en)


def count_parts_of_kinds() -> dict[str, int]:
    """How many active parts the shelf knows of each kind, by the kind's code."""
    query = select(_PART.c.choice_group, sa.func.count()).where(
        _PART.c.active, _PART.c.choice_group.is_not(None)
    )
    return {
        str(code): number for code, number in session.execute(query.group_by(_PART.c.choice_group))
    }


def count_needs_of_kinds() -> dict[int, int]:
    """How many operations need each kind, by the kind's id."""
    query = select(OperationPart.kind_id, sa.func.count()).where(OperationPart.kind_id.is_not(None))
    rows = session.execute(query.group_by(OperationPart.kind_id))
    return {kind_id: number for kind_id, number in rows if kind_id is not None}
