"""Keeping two persons apart, or writing down by name that it was not done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from workshop.db import Model, session
from workshop.errors import N_, Invalid, NotAllowed
from workshop.shop.models import Branch
from workshop.shop.separation import rules
from workshop.shop.separation.models import NamedException
from workshop.shop.separation.rules import Apart, Breach, Ruling
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State


def judge(branch: Branch, breaches: Sequence[Breach]) -> Ruling:
    """What of these breaches refuses the act in this branch, and what asks for a reason."""
    return rules.judge(breaches, branch.not_apart)


def judge_other(
    branch: Branch, rule: Apart, by: User, others: Collection[int | None], message: str
) -> Ruling:
    """The ruling on an act that is for somebody else than these people."""
    return judge(branch, [Breach(rule, message)] if by.id in others else [])


def refusal_of(ruling: Ruling) -> NotAllowed | None:
    """The first thing that refuses the act, in words."""
    if ruling.is_allowed:
        return None
    first = ruling.refused[0]
    right = _RIGHTS.get(first.rule)
    way = staff.instead(right, another=True) if right is not None else None
    return NotAllowed(first.message, code=first.rule.value, way=way, **first.values)


# What the other person must hold. Who may check a car depends on the car: its page names them.
_RIGHTS = {
    Apart.CREDIT: Permission.APPROVE_CREDIT,
    Apart.FOLLOW_UP_CALL: Permission.FOLLOW_UP,
    Apart.SECOND_CALL: Permission.SUPERVISE,
    Apart.OWN_HOURS: Permission.CORRECT_ATTENDANCE,
}


def require(ruling: Ruling, reason: str) -> None:
    """Raise NotAllowed for what is refused, Invalid when an exception has no reason."""
    refusal = refusal_of(ruling)
    if refusal is not None:
        raise refusal
    if ruling.excepted and not reason.strip():
        raise Invalid(N_("Say why this is done as an exception."), field="exception")


def note(
    ruling: Ruling, record: Model, branch: Branch, reason: str, *, by: User, at: datetime
) -> None:
    """Keep with the record which rules were excepted and why, as a part of the act."""
    session.flush()
    for each in ruling.excepted:
        session.add(
            NamedException(
                branch_id=branch.id,
                rule=each.rule,
                subject=record.__tablename__,
                subject_id=record.id,  # type: ignore[attr-defined]  # Each record has one.
                reason=reason.strip()[:300],
                at=at,
                by_id=by.id,
            )
        )


def told(ruling: Ruling, reason: str) -> dict[str, object]:
    """What the audit line of the act says of its exceptions."""
    if not ruling.excepted:
        return {}
    return {"exceptions": [each.rule.value for each in ruling.excepted], "reason": reason.strip()}


def list_for(record: Model) -> list[NamedException]:
    """The exceptions that stand with a record."""
    query = select(NamedException).where(
        NamedException.subject == record.__tablename__,
        NamedException.subject_id == record.id,  # type: ignore[attr-defined]
    )
    return list(session.scalars(query.order_by(NamedException.id)))


def state_of(not_kept: Collection[str]) -> State:
    """What people see of the setting, to notice a stale page."""
    return {each.label: each.value not in not_kept for each in Apart}


def set_kept(
    branch: Branch, kept: Collection[Apart], *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Say which rules of two persons this branch can keep; the others become named exceptions."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    was, now = branch.not_apart, [each.value for each in Apart if each not in kept]
    versions.refuse_stale(seen, state_of(was), state_of(now))
    branch.not_apart = now
    audit.write(by, "shop.set_separation", branch, at, was=list(was), now=now)
