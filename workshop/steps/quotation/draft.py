"""The draft: the one version of a quotation that can be written, by one person at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from workshop import money
from workshop.db import session
from workshop.errors import N_, Conflict, RuleBroken, Way
from workshop.orders import service as orders
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
from workshop.shop import calendar, numbers
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import (
    Quotation,
    QuotationKind,
    QuotationLine,
    QuotationState,
)
from workshop.steps.quotation.pricing import deposits

# Who quotes writes who pays each line; who handles warranty looks after what the maker is to pay.
MAY_SAY_WHO_PAYS = (Permission.QUOTE, Permission.WARRANTY)


def get_draft(order: RepairOrder, seen: int | None, *, by: User, at: datetime) -> Quotation:
    """The quotation to write into; begins one when the order has none.

    Before the work it is the quotation itself, during the work an addition. `seen` is the version
    that the page showed, 0 for none. Raises RuleBroken when an offer is waiting for its answer or
    the stage allows no writing, and Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.QUOTE)
    found = queries.find_draft(order)
    if found is not None:
        check_version(found, seen)
        return found
    is_addition = _require_writable(order)
    if seen:
        raise _gone()
    kind = QuotationKind.ADDITION if is_addition else QuotationKind.MAIN
    return begin(order, kind, by=by, at=at)


def get_written(order: RepairOrder, seen: int | None, *, by: User) -> Quotation:
    """The draft in which somebody looks after who pays; none is begun for it.

    Raises NotAllowed, and the same refusals as `get_draft`.
    """
    staff.require_one_of(by, MAY_SAY_WHO_PAYS)
    found = queries.find_draft(order)
    if found is None:
        _require_writable(order)
        raise _gone()
    check_version(found, seen)
    return found


def _require_writable(order: RepairOrder) -> bool:
    """Whether a new draft would be an addition; raises RuleBroken where none may be begun."""
    is_addition = permits(order.stage, Action.ADD_WORK)
    if not is_addition:
        orders.require_stage(order, Action.EDIT_QUOTATION)
        _refuse_beside_current(order)
    return is_addition


def _refuse_beside_current(order: RepairOrder) -> None:
    current = queries.find_current(order)
    if current is not None:
        raise RuleBroken(
            N_("This version is “%(state)s”. Make a new version to change it."),
            code="not_draft",
            way=_way(order),
            state=current.state,
        )


def _way(order: RepairOrder) -> Way:
    return Way("quotation.show", N_("Open the quotation"), {"no": order.no})


def _gone() -> Conflict:
    return Conflict(
        N_("The version on your page is not the draft any more. Look at it again."),
        theirs={N_("State"): "—"},
        yours={N_("State"): QuotationState.DRAFT},
    )


def begin(
    order: RepairOrder,
    kind: QuotationKind,
    *,
    by: User,
    at: datetime,
    replaces: Quotation | None = None,
) -> Quotation:
    """Begin an empty draft with its number; a new version keeps the number it replaces."""
    day = calendar.local_day(order.branch, at)
    no = replaces.no if replaces else numbers.next_number(order.branch_id, "QT", day)
    quotation = Quotation(
        order_id=order.id,
        no=no,
        version_no=replaces.version_no + 1 if replaces else 1,
        kind=kind,
        replaces_id=replaces.id if replaces else None,
        promise_why={},
        created_at=at,
        created_by_id=by.id,
    )
    session.add(quotation)
    audit.write(by, "quotation.begin", quotation, at, no=no, version=quotation.version_no)
    return quotation


def check_version(
    quotation: Quotation, seen: int | None, yours: Mapping[str, Any] | None = None
) -> None:
    """Raise Conflict, with both versions, when the page showed another one; None asks nothing."""
    if seen is None or seen == quotation.version:
        return
    theirs = {N_("Total"): money.format_fen(quotation.total_fen), **_titles(quotation)}
    raise Conflict(
        N_("Somebody else changed this meanwhile. Look at both versions and save again."),
        theirs=theirs,
        yours=yours or {N_("Version on your page"): seen},
    )


def _titles(quotation: Quotation) -> dict[str, str]:
    titles = [line.title_zh for line in queries.list_lines(quotation)]
    return {N_("Lines"): "、".join(titles) or "—", N_("Version now"): str(quotation.version)}


def require_draft(quotation: Quotation) -> None:
    """Raise RuleBroken unless the quotation is still being written."""
    if quotation.state is not QuotationState.DRAFT:
        raise RuleBroken(
            N_("This version is “%(state)s”. Make a new version to change it."),
            code="not_draft",
            way=_way(quotation.order),
            state=quotation.state,
        )


def touch(quotation: Quotation) -> None:
    """Add the lines up again; the version rises even when the sum stays."""
    session.flush()
    deposits.follow(quotation)
    query = select(sa.func.coalesce(sa.func.sum(QuotationLine.total_fen), 0))
    quotation.total_fen = int(
        session.scalar(query.where(QuotationLine.quotation_id == quotation.id)) or 0
    )
    flag_modified(quotation, "total_fen")
    session.flush()


def discard(quotation: Quotation, *, by: User, at: datetime) -> None:
    """Drop a draft addition that was never offered; nobody acted on it. RuleBroken otherwise."""
    require_draft(quotation)
    if quotation.is_main:
        raise RuleBroken(N_("Only additional work that was not offered can be dropped."))
    quotation.state = QuotationState.SUPERSEDED
    audit.write(by, "quotation.discard", quotation, at)
