"""Handing over what is bound to one person: offered and accepted, or set by the manager."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from workshop import db, events
from workshop.db import session
from workshop.duties import registry
from workshop.duties.held import Held, list_held
from workshop.duties.models import DutiesChanged, HandOver, HandOverItem, HandOverState
from workshop.errors import N_, Conflict, Invalid, NotAllowed, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def hand_over(
    giver: User,
    taker: User,
    chosen: Collection[str],
    reason: str,
    *,
    sets: bool = False,
    by: User,
    at: datetime,
) -> HandOver:
    """Offer duties to somebody, who accepts them; `sets` gives them at once, by the manager.

    `chosen` are the keys of what is held (`Held.key`). Only one's own are offered; another's are
    set, by who supervises. What the taker cannot take is refused by name. Raises NotAllowed,
    Invalid at the field, and RuleBroken for what the taker cannot take.
    """
    _require_hand(giver, sets, by)
    db.lock("duties", giver.branch_id)
    _require_taker(giver, taker, reason)
    held = _choose(giver, chosen, at)
    _refuse_obstacles(held, taker, at)
    made = HandOver(
        branch_id=giver.branch_id,
        from_id=giver.id,
        to_id=taker.id,
        giver=giver,
        taker=taker,
        reason=reason.strip()[:300],
        made_at=at,
        made_by_id=by.id,
    )
    made.items = [
        HandOverItem(duty=each.duty.key, record_id=each.record.id, name=each.name[:120])
        for each in held
    ]
    session.add(made)
    session.flush()
    if sets:
        _hand(made, HandOverState.SET, "", by, at)
    audit.write(by, "duties.set" if sets else "duties.offer", made, at, **_told(made))
    events.record(DutiesChanged(made.branch_id, at))
    return made


def accept(made: HandOver, *, by: User, at: datetime) -> None:
    """Take over what was offered; the manager may set what was never answered.

    What has ended meanwhile, or belongs to somebody else by now, stays as it is.
    """
    _begin_answer(made)
    is_manager = by.may(Permission.SUPERVISE)
    if by.id != made.to_id and not is_manager:
        raise NotAllowed(
            N_("This was handed to %(name)s, who accepts it, or who may supervise sets it."),
            way=staff.instead(Permission.SUPERVISE),
            name=made.taker.display_name,
        )
    state = HandOverState.ACCEPTED if by.id == made.to_id else HandOverState.SET
    if not made.taker.active:
        raise RuleBroken(N_("This person works here no longer."), code="left")
    _hand(made, state, "", by, at)
    audit.write(by, "duties.accept", made, at, **_told(made))


def decline(made: HandOver, words: str, *, by: User, at: datetime) -> None:
    """Say no to what was offered, and why; it stays with who has it. Raises Invalid without."""
    _begin_answer(made)
    if by.id != made.to_id:
        raise NotAllowed(N_("Only who was asked may decline it."))
    if not words.strip():
        raise Invalid(N_("Say why."), field="answer")
    _close(made, HandOverState.DECLINED, words, by, at)
    audit.write(by, "duties.decline", made, at, reason=made.answer)


def take_back(made: HandOver, *, by: User, at: datetime) -> None:
    """Keep what was offered after all."""
    _begin_answer(made)
    if by.id not in (made.from_id, made.made_by_id) and not by.may(Permission.SUPERVISE):
        raise NotAllowed(N_("Only who has offered it may take it back."))
    _close(made, HandOverState.TAKEN_BACK, "", by, at)
    audit.write(by, "duties.take_back", made, at, **_told(made))


def may_set(by: User) -> bool:
    """Whether the person gives out the duties of others."""
    return by.may(Permission.SUPERVISE)


def may_see(user: User, by: User) -> bool:
    """Whether `by` may see what the person holds."""
    return user.id == by.id or may_set(by) or by.may(Permission.MANAGE_STAFF)


def require_seeing(user: User, by: User) -> None:
    """Raise NotAllowed for who may not see what others hold."""
    if not may_see(user, by):
        raise staff.refuse_without({Permission.SUPERVISE, Permission.MANAGE_STAFF})


def _require_hand(giver: User, sets: bool, by: User) -> None:
    if sets or by.id != giver.id:
        staff.require_permission(by, Permission.SUPERVISE)
        staff.require_same_branch(by, giver)
    if by.id != giver.id and not sets:
        message = N_("What is another person's is not offered but set, without an answer.")
        raise Invalid(message, field="sets")


def _require_taker(giver: User, taker: User, reason: str) -> None:
    staff.require_same_branch(giver, taker)
    if taker.id == giver.id or not taker.active:
        raise Invalid(N_("Choose somebody else who works here."), field="taker")
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")


def _choose(giver: User, chosen: Collection[str], at: datetime) -> list[Held]:
    held = [each for each in list_held(giver, at) if each.key in set(chosen)]
    if not held:
        raise Invalid(N_("Choose what is handed over."), field="chosen")
    for each in held:
        if each.pending is not None:
            raise RuleBroken(
                N_("%(what)s is offered to %(name)s already; take that back first."),
                code="pending",
                way=Way("duties.person", N_("Open the duties"), {"user_id": giver.id}),
                what=each.name,
                name=each.pending.taker.display_name,
            )
    return [each for each in held if each.duty.hand is not None]


def _refuse_obstacles(held: list[Held], taker: User, at: datetime) -> None:
    found = [(each, each.find_obstacle(taker, at)) for each in held]
    missing = [obstacle for _, obstacle in found if obstacle is not None]
    if missing:
        names = [each.name for each, obstacle in found if obstacle is not None]
        raise RuleBroken(
            N_("%(name)s cannot take over %(what)s. Give these to somebody else."),
            code="obstacle",
            missing=missing,
            name=taker.display_name,
            what=names,
        )


def _begin_answer(made: HandOver) -> None:
    db.lock("duties", made.branch_id)
    db.reread(made)
    if not made.is_offered:
        raise Conflict(N_("This hand-over is answered already."))


def _hand(made: HandOver, state: HandOverState, words: str, by: User, at: datetime) -> None:
    still_held = {each.key: each for each in list_held(made.giver, at)}
    _close(made, state, words, by, at)
    for item in made.items:
        duty, held = registry.find_duty(item.duty), still_held.get(f"{item.duty}:{item.record_id}")
        if duty is None or duty.hand is None or held is None:
            continue
        if held.find_obstacle(made.taker, at) is None:
            duty.hand(held.record, made.taker)
            item.is_handed = True
    session.flush()


def _close(made: HandOver, state: HandOverState, words: str, by: User, at: datetime) -> None:
    made.state, made.answer = state, words.strip()[:300]
    made.answered_at, made.answered_by_id = at, by.id
    for item in made.items:
        item.is_open = False
    session.flush()
    events.record(DutiesChanged(made.branch_id, at))


def _told(made: HandOver) -> dict[str, object]:
    return {
        "user_id": made.from_id,
        "to": made.to_id,
        "reason": made.reason,
        "handed": [each.name for each in made.items if made.is_offered or each.is_handed],
    }
