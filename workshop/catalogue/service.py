"""Filling the catalogue: labour rates, operations with their usual parts, packages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from workshop.catalogue.models import (
    GuaranteeClass,
    LabourRate,
    Operation,
    OperationPart,
    Package,
    PackageItem,
)
from workshop.db import session
from workshop.errors import N_, Invalid


def set_rate(
    branch_id: int, code: str, fen_per_hour: int, *, name_zh: str, name_en: str
) -> LabourRate:
    """Set the price of an hour of book time in fen, tax included; quotations made keep theirs."""
    if fen_per_hour < 0:
        raise Invalid(N_("A labour rate cannot be negative."), field="fen_per_hour")
    query = select(LabourRate).where(LabourRate.branch_id == branch_id, LabourRate.code == code)
    rate = session.scalars(query).one_or_none()
    if rate is None:
        rate = LabourRate(branch_id=branch_id, code=code)
        session.add(rate)
    rate.name_zh, rate.name_en, rate.fen_per_hour = name_zh, name_en, fen_per_hour
    session.flush()
    return rate


def make_operation(
    code: str,
    name_zh: str,
    name_en: str,
    *,
    book_minutes: int,
    skill_id: int | None,
    level: int = 1,
    bay_kinds: Sequence[str] = (),
    rate_code: str = "standard",
    guarantee: GuaranteeClass = GuaranteeClass.MINOR,
    keywords: str = "",
    parts: Sequence[tuple[int, int]] = (),
) -> Operation:
    """Add a labour operation; `parts` are (part id, quantity in thousandths) it usually needs.

    Raises Invalid when the book time is not positive or the code is taken.
    """
    if book_minutes <= 0:
        raise Invalid(N_("The book time must be at least a minute."), field="book_minutes")
    if session.scalar(select(Operation.id).where(Operation.code == code)) is not None:
        raise Invalid(N_("The code %(taken)s is taken."), field="code", taken=code)
    operation = Operation(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        book_minutes=book_minutes,
        skill_id=skill_id,
        level=level,
        bay_kinds=list(bay_kinds),
        rate_code=rate_code,
        guarantee=guarantee,
        keywords=keywords,
    )
    operation.parts = [
        OperationPart(part_id=part_id, quantity_milli=milli) for part_id, milli in parts
    ]
    session.add(operation)
    session.flush()
    return operation


def make_package(
    code: str,
    name_zh: str,
    name_en: str,
    operations: Sequence[Operation],
    *,
    interval_km: int | None = None,
    interval_months: int | None = None,
) -> Package:
    """Add a package of operations, in the order given; raises Invalid when it is empty."""
    if not operations:
        raise Invalid(N_("A package needs at least one operation."), field="operations")
    package = Package(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        interval_km=interval_km,
        interval_months=interval_months,
    )
    package.items = [
        PackageItem(operation_id=operation.id, position=position)
        for position, operation in enumerate(operations, start=1)
    ]
    session.add(package)
    session.flush()
    return package
