"""What waits for one person's answer: a hand-over that was offered, and what was asked of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.duties import queries
from workshop.duties.models import HandOver, PermissionRequest, RequestState
from workshop.errors import N_, Missing
from workshop.staff.duty import Duty
from workshop.staff.models import User


def _list_requests(users: Collection[User], _at: datetime) -> list[PermissionRequest]:
    query = select(PermissionRequest).where(
        PermissionRequest.asked_of_id.in_([each.id for each in users]),
        PermissionRequest.state == RequestState.OPEN,
    )
    return list(session.scalars(query.order_by(PermissionRequest.asked_at, PermissionRequest.id)))


def _find_obstacle(request: PermissionRequest, to: User, _at: datetime) -> Missing | None:
    if to.id != request.asked_by_id and queries.can_help(request, to):
        return None
    return Missing(N_("%(name)s may not do it either."), "no_right", {"name": to.display_name})


def _hand(request: PermissionRequest, to: User) -> None:
    request.asked_of_id, request.asked_of = to.id, to


def _offer_name(made: HandOver) -> str:
    return f"{made.giver.display_name} → {made.taker.display_name}"


def _request_name(request: PermissionRequest) -> str:
    return f"{request.asked_by.display_name}: {request.words or request.path}"


DUTIES = (
    Duty(
        "hand_over",
        N_("Hand-overs that wait for an answer"),
        "hand_over.to_id",
        N_("After an hour, who may supervise sets it or takes it back"),
        lambda users, _at: queries.list_offered_to(*users),
        _offer_name,
        lambda _made: "/duties",
    ),
    Duty(
        "request",
        N_("What was asked of this person alone"),
        "permission_request.asked_of_id",
        N_("Who asked may take it back and ask somebody else"),
        _list_requests,
        _request_name,
        lambda _request: "/duties",
        _find_obstacle,
        _hand,
    ),
)
