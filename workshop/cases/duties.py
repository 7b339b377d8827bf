"""What an open case binds to one person: its owner, and whom it was offered to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workshop.cases.models import Case, CaseState
from workshop.db import session
from workshop.errors import N_, Missing
from workshop.orders.models import RepairOrder
from workshop.staff.duty import Duty
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def _list(names: Any, users: Collection[User]) -> list[Case]:
    people = [each.id for each in users]
    query = select(Case).where(names.in_(people), Case.state != CaseState.CLOSED)
    return list(session.scalars(query.order_by(Case.id)))


def _find_obstacle(_case: Case, to: User, _at: datetime) -> Missing | None:
    if to.may(Permission.HANDLE_CASE):
        return None
    message = N_("%(name)s does not handle cases.")
    return Missing(message, "no_cases", {"name": to.display_name})


def _own(case: Case, to: User) -> None:
    case.owner_id, case.owner, case.offered_to_id = to.id, to, None


def _offer(case: Case, to: User) -> None:
    case.offered_to_id = None if case.owner_id == to.id else to.id


def _name_of(case: Case) -> str:
    return f"{case.no} {case.customer.name}"


def _order_of(case: Case) -> RepairOrder | None:
    return case.order


def _url_of(case: Case) -> str:
    return f"/cases/{case.no}"


DUTIES = (
    Duty(
        "case",
        N_("Cases"),
        "case.owner_id",
        N_("While the owner is not at work, who may override acts on the case"),
        lambda users, _at: _list(Case.owner_id, users),
        _name_of,
        _url_of,
        _find_obstacle,
        _own,
        _order_of,
    ),
    Duty(
        "case_offer",
        N_("Cases that were offered and wait for an answer"),
        "case.offered_to_id",
        N_("Until it is accepted the owner keeps the case"),
        lambda users, _at: _list(Case.offered_to_id, users),
        _name_of,
        _url_of,
        _find_obstacle,
        _offer,
        _order_of,
    ),
)
