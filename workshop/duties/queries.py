"""What a person holds, what waits for their answer, and who may do a thing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from workshop.db import session
from workshop.duties import rules
from workshop.duties.models import (
    HandOver,
    HandOverState,
    PermissionRequest,
    RequestState,
)
from workshop.errors import N_, NotFound
from workshop.shop import duty as at_work
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission

_RECENT = 20


def get_hand_over(hand_over_id: int, branch_id: int) -> HandOver:
    """The hand-over of this branch; raises NotFound."""
    found = session.get(HandOver, hand_over_id)
    if found is None or found.branch_id != branch_id:
        raise NotFound(N_("There is no such hand-over."))
    return found


def list_offered_to(*users: User) -> list[HandOver]:
    """What waits for the answer of these people."""
    return _list_offered(HandOver.to_id.in_([each.id for each in users]))


def list_offered_by(user: User) -> list[HandOver]:
    """What this person has offered and nobody has answered."""
    return _list_offered(HandOver.from_id == user.id)


def list_overdue(branch_id: int, at: datetime) -> list[HandOver]:
    """What nobody answered within the hour, or who left was asked: the manager's."""
    found = _list_offered(HandOver.branch_id == branch_id)
    return [each for each in found if rules.is_overdue(each.made_at, at) or not each.taker.active]


def _list_offered(whose: Any) -> list[HandOver]:
    query = select(HandOver).where(whose, HandOver.state == HandOverState.OFFERED)
    return list(session.scalars(query.order_by(HandOver.made_at, HandOver.id)))


def list_recent(user: User) -> list[HandOver]:
    """The answered hand-overs from and to a person, the newest first."""
    query = select(HandOver).where(
        or_(HandOver.from_id == user.id, HandOver.to_id == user.id),
        HandOver.state != HandOverState.OFFERED,
    )
    return list(session.scalars(query.order_by(HandOver.id.desc()).limit(_RECENT)))


def list_takers(user: User) -> list[User]:
    """To whom a person's duties can go: everybody else of the branch."""
    return [each for each in staff.list_users(user.branch_id) if each.id != user.id]


@dataclass(frozen=True)
class WhoMay:
    """Who of a branch may do a thing; `roles` may hold it though nobody has one of them."""

    roles: list[Role]
    here: list[User]
    others: list[User]
    givers: list[User]

    @property
    def people(self) -> list[User]:
        """Everybody who may, those who are at work first."""
        return [*self.here, *self.others]


def who_may(
    branch: Branch, rights: Collection[Permission], at: datetime, *, besides: User | None = None
) -> WhoMay:
    """Who of the branch holds one of the rights, who of them is at work, and who gives roles."""
    users = [each for each in staff.list_users(branch.id) if besides is None or each != besides]
    wanted = set(rights)
    able = [each for each in users if wanted & each.rights]
    here = at_work.list_here(able, branch, at)
    names = {each.value for each in rights}
    return WhoMay(
        roles=[each for each in staff.list_offered() if names & set(each.permissions)],
        here=here,
        others=[each for each in able if each not in here],
        givers=[] if able else [each for each in users if each.may(Permission.MANAGE_STAFF)],
    )


def get_request(request_id: int, branch_id: int) -> PermissionRequest:
    """The request of this branch; raises NotFound."""
    found = session.get(PermissionRequest, request_id)
    if found is None or found.branch_id != branch_id:
        raise NotFound(N_("There is no such request."))
    return found


def list_asked_of(user: User) -> list[PermissionRequest]:
    """The open requests that this person may answer: named, or one of those who may."""
    query = select(PermissionRequest).where(
        PermissionRequest.branch_id == user.branch_id,
        PermissionRequest.state == RequestState.OPEN,
        PermissionRequest.asked_by_id != user.id,
        # Who has left needs it no more.
        PermissionRequest.asked_by.has(User.active.is_(True)),
        or_(
            PermissionRequest.asked_of_id == user.id,
            PermissionRequest.asked_of_id.is_(None),
            PermissionRequest.asked_of.has(User.active.is_(False)),
        ),
    )
    found = session.scalars(query.order_by(PermissionRequest.asked_at, PermissionRequest.id))
    return [each for each in found if may_answer(each, user)]


def list_asked_by(user: User) -> list[PermissionRequest]:
    """What this person has asked, the open ones first, the newest first."""
    query = select(PermissionRequest).where(PermissionRequest.asked_by_id == user.id)
    newest = session.scalars(query.order_by(PermissionRequest.id.desc()).limit(_RECENT))
    return sorted(newest, key=lambda each: not each.is_open)


def rights_of(request: PermissionRequest) -> set[Permission]:
    """The rights of which one is enough."""
    known = {each.value: each for each in Permission}
    return {known[name] for name in request.rights.split(",") if name in known}


def may_answer(request: PermissionRequest, user: User) -> bool:
    """Whether it was asked of this person: by name, or of whoever can help.

    What was asked of somebody who has left meanwhile is asked of everybody who can help.
    """
    asked_of = request.asked_of
    if asked_of is not None and asked_of.active:
        return asked_of.id == user.id
    return can_help(request, user)


def can_help(request: PermissionRequest, user: User) -> bool:
    """Whether the person can do what is asked, or give the right where nobody has it."""
    return bool(rights_of(request) & user.rights) or user.may(Permission.MANAGE_STAFF)
