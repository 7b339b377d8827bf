"""Setting prices from a day on, and taking back what has not begun; the history only grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from workshop import db
from workshop.catalogue import queries, rules
from workshop.catalogue.models import (
    LabourPrice,
    LabourRate,
    Package,
    PackagePrice,
    Payer,
    PriceRow,
)
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, NotFound, RuleBroken
from workshop.money import LARGEST_TYPED_FEN
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State, Unit, quantity

L = TypeVar("L", LabourPrice, PackagePrice)


def set_labour_price(
    grade: LabourRate,
    payer: Payer,
    fen: int | None,
    *,
    valid_from: date,
    today: date,
    reason: str = "",
    seen: str | None = None,
    by: User,
    at: datetime,
) -> LabourPrice:
    """Let an hour of the grade cost `fen`, tax included, for a payer from a day on.

    None ends the payer's own price: from then on the customer's price counts. Quotations keep the
    price of their day. Raises Invalid for a price of nothing or a day that is over, Conflict when
    somebody else has set the same payer's price since the page was shown.
    """
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    _check(fen, valid_from, today)
    if fen is None and payer is Payer.CUSTOMER:
        raise Invalid(
            N_("What the customer pays is the base of all: it needs a price."), field="price"
        )
    db.lock("labour price", grade.id)
    now = labour_state(grade, payer)
    versions.refuse_stale(seen, now, _next(fen, valid_from))
    line = LabourPrice(rate_id=grade.id, payer=payer, **_line(fen, valid_from, reason, by, at))
    session.add(line)
    audit.write(
        by,
        "catalogue.set_rate",
        grade,
        at,
        payer=payer.value,
        fen=fen,
        was=queries.fen_on(_of_payer(grade, payer), today),
        valid_from=valid_from.isoformat(),
        reason=line.reason,
    )
    session.flush()
    return line


def set_package_price(
    package: Package,
    fen: int | None,
    *,
    valid_from: date,
    today: date,
    reason: str = "",
    seen: str | None = None,
    by: User,
    at: datetime,
) -> PackagePrice:
    """Let the whole package cost `fen`, tax included, from a day on; None: what its lines cost."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    _check(fen, valid_from, today)
    db.lock("package price", package.id)
    versions.refuse_stale(seen, package_state(package), _next(fen, valid_from))
    was = queries.fen_on(queries.list_package_prices(package), today)
    line = PackagePrice(package_id=package.id, **_line(fen, valid_from, reason, by, at))
    session.add(line)
    audit.write(
        by,
        "catalogue.set_package_price",
        package,
        at,
        fen=fen,
        was=was,
        valid_from=valid_from.isoformat(),
        reason=line.reason,
    )
    package.changed_at = at
    session.flush()
    return line


def _check(fen: int | None, valid_from: date, today: date) -> None:
    if fen is not None and fen <= 0:
        raise Invalid(N_("A price is more than nothing."), field="price")
    if fen is not None and fen >= LARGEST_TYPED_FEN:
        raise Invalid(N_("This price is too large."), field="price")
    if valid_from < today:
        raise Invalid(
            N_("A price begins today or later; what was quoted stays."), field="valid_from"
        )


def _line(fen: int | None, valid_from: date, reason: str, by: User, at: datetime) -> dict[str, Any]:
    return {
        "fen": fen,
        "valid_from": valid_from,
        "reason": reason.strip()[:200],
        "at": at,
        "by_id": by.id,
    }


def labour_state(grade: LabourRate, payer: Payer) -> State:
    """What people see of a payer's price, to notice a stale page."""
    return _state(_of_payer(grade, payer))


def package_state(package: Package) -> State:
    """What people see of a package's fixed price, to notice a stale page."""
    return _state(queries.list_package_prices(package))


def _of_payer(grade: LabourRate, payer: Payer) -> list[LabourPrice]:
    return [each for each in queries.list_labour_prices(grade) if each.payer is payer]


def _state(lines: Sequence[PriceRow]) -> State:
    """The price that comes last: of it the next one is thought."""
    stand = rules.standing(lines)
    last = stand[-1] if stand else None
    return _next(last.fen, last.valid_from) if last else _next(None, None)


def _next(fen: int | None, valid_from: date | None) -> State:
    return {N_("Price"): quantity(fen, Unit.FEN), N_("Valid from"): valid_from}


def take_back_labour_price(
    grade: LabourRate, line_id: int, *, today: date, by: User, at: datetime
) -> LabourPrice:
    """Take a price back before its day comes; raises RuleBroken once it has begun."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    line = _coming(queries.list_labour_prices(grade), line_id, today)
    gone = LabourPrice(
        rate_id=grade.id,
        payer=line.payer,
        takes_back_id=line.id,
        **_line(None, line.valid_from, "", by, at),
    )
    session.add(gone)
    details = {
        "payer": line.payer.value,
        "fen": line.fen,
        "valid_from": line.valid_from.isoformat(),
    }
    audit.write(by, "catalogue.take_back_rate", grade, at, **details)
    session.flush()
    return gone


def take_back_package_price(
    package: Package, line_id: int, *, today: date, by: User, at: datetime
) -> PackagePrice:
    """Take a package's price back before its day comes; raises RuleBroken once it has begun."""
    staff.require_permission(by, Permission.MANAGE_CATALOGUE)
    line = _coming(queries.list_package_prices(package), line_id, today)
    gone = PackagePrice(
        package_id=package.id,
        takes_back_id=line.id,
        **_line(None, line.valid_from, "", by, at),
    )
    session.add(gone)
    details = {"fen": line.fen, "valid_from": line.valid_from.isoformat()}
    audit.write(by, "catalogue.take_back_package_price", package, at, **details)
    session.flush()
    return gone


def _coming(lines: list[L], line_id: int, today: date) -> L:
    line = next((each for each in lines if each.id == line_id), None)
    if line is None or line.takes_back_id is not None:
        raise NotFound(N_("There is no such price."))
    if any(each.takes_back_id == line.id for each in lines):
        raise Conflict(N_("This price was taken back already."))
    if line.valid_from <= today:
        raise RuleBroken(
            N_("This price holds already; set another one in its place."), code="begun"
        )
    return line
