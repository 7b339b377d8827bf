"""Finding what the shop sells."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import select

from workshop.catalogue.models import LabourRate, Operation, Package
from workshop.db import session
from workshop.errors import N_, NotFound

_SEARCHED = (Operation.code, Operation.name_zh, Operation.name_en, Operation.keywords)


def search_operations(text: str, limit: int = 20) -> list[Operation]:
    """Active operations in which every word of `text` occurs, in code, names or keywords.

    The exact code comes first, then codes that begin with the text, then names, then the rest.
    Without words the first operations by code are listed.
    """
    query = select(Operation).where(Operation.active.is_(True))
    for word in text.split():
        query = query.where(sa.or_(*(_contains(column, word) for column in _SEARCHED)))
    wanted = text.strip().lower()
    rank = sa.case(
        (sa.func.lower(Operation.code) == wanted, 0),
        (sa.func.lower(Operation.code).startswith(wanted, autoescape=True), 1),
        (_contains(Operation.name_zh, wanted) | _contains(Operation.name_en, wanted), 2),
        else_=3,
    )
    return list(session.scalars(query.order_by(rank, Operation.code).limit(limit)))


def _contains(column: sa.orm.InstrumentedAttribute[str], word: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).contains(word.lower(), autoescape=True)


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


def list_rates(branch_id: int) -> dict[str, int]:
    """The branch's labour rates in fen an hour, tax included, by code."""
    rates = session.scalars(select(LabourRate).where(LabourRate.branch_id == branch_id))
    return {rate.code: rate.fen_per_hour for rate in rates}


def fen_per_hour(branch_id: int, rate_code: str) -> int:
    """The branch's labour rate in fen an hour, tax included; raises NotFound."""
    rates = list_rates(branch_id)
    if rate_code not in rates:
        raise NotFound(N_("The branch has no labour rate “%(rate)s”."), rate=rate_code)
    return rates[rate_code]
