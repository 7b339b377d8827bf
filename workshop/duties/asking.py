"""Asking who may: a request on their desk, answered once, never left twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from workshop import db, events
from workshop.db import session
from workshop.duties import queries
from workshop.duties.models import DutiesChanged, PermissionRequest, RequestState
from workshop.errors import N_, Conflict, Invalid, NotAllowed, RuleBroken
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def ask(
    branch: Branch,
    rights: Collection[Permission],
    path: str,
    words: str,
    *,
    of: User | None,
    by: User,
    at: datetime,
) -> PermissionRequest:
    """Leave a request on the desk of one person, or of everybody who may (`of` None).

    The same that is still open is not left again: it is returned as it is, for the first one to
    stand. Raises RuleBroken for who may do it themselves, Invalid for somebody who cannot help.
    """
    db.lock("duties", branch.id)
    wanted = sorted({each.value for each in rights})
    if not wanted or set(rights) & by.rights:
        raise RuleBroken(N_("You may do this yourself."), code="may")
    if of is not None:
        _require_helper(branch, rights, of)
    known = _find_open(by, ",".join(wanted), path)
    if known is not None:
        return known
    request = PermissionRequest(
        branch_id=branch.id,
        rights=",".join(wanted),
        path=path[:300],
        words=words.strip()[:300],
        asked_at=at,
        asked_by_id=by.id,
        asked_of_id=of.id if of is not None else None,
    )
    session.add(request)
    session.flush()
    audit.write(by, "duties.ask", request, at, path=request.path, rights=wanted)
    events.record(DutiesChanged(branch.id, at))
    return request


def answer(
    request: PermissionRequest, state: RequestState, words: str, *, by: User, at: datetime
) -> None:
    """Say that it is done, or that it will not be, and why (Invalid without)."""
    _begin(request)
    if not queries.may_answer(request, by) or state is RequestState.TAKEN_BACK:
        raise NotAllowed(N_("This was not asked of you."))
    if state is RequestState.DECLINED and not words.strip():
        raise Invalid(N_("Say why."), field="answer")
    _close(request, state, words, by, at)
    audit.write(by, "duties.answer", request, at, state=state.value, words=request.answer)


def take_back(request: PermissionRequest, *, by: User, at: datetime) -> None:
    """It is needed no more."""
    _begin(request)
    if request.asked_by_id != by.id:
        raise NotAllowed(N_("Only who has asked may take it back."))
    _close(request, RequestState.TAKEN_BACK, "", by, at)
    audit.write(by, "duties.unask", request, at, path=request.path)


def _begin(request: PermissionRequest) -> None:
    db.reread(request)
    if not request.is_open:
        raise Conflict(N_("This request is answered already."))


def _close(
    request: PermissionRequest, state: RequestState, words: str, by: User, at: datetime
) -> None:
    request.state, request.answer = state, words.strip()[:300]
    request.answered_at, request.answered_by_id = at, by.id
    session.flush()
    events.record(DutiesChanged(request.branch_id, at))


def _require_helper(branch: Branch, rights: Collection[Permission], of: User) -> None:
    may_help = set(rights) & of.rights or of.may(Permission.MANAGE_STAFF)
    if of.branch_id != branch.id or not of.active or not may_help:
        raise Invalid(N_("This person may not do it either."), field="of")


def _find_open(by: User, rights: str, path: str) -> PermissionRequest | None:
    query = select(PermissionRequest).where(
        PermissionRequest.asked_by_id == by.id,
        PermissionRequest.rights == rights,
        PermissionRequest.path == path[:300],
        PermissionRequest.state == RequestState.OPEN,
    )
    found: PermissionRequest | None = session.scalars(query).one_or_none()
    return found
