"""The hourly round through the lounge: each item looked at on its own, faults closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop import db
from workshop.catalogue.checklists import queries as checklists
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import Use
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken, Way
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.lounge import rules
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.models import LoungeCheck, LoungeRound


@dataclass(frozen=True)
class HourOfRound:
    """How far the round of one hour is."""

    hour_at: datetime
    checked: int
    faults: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether every item was looked at."""
        return self.checked >= self.total


def check(
    branch: Branch, item: str, is_ok: bool, action: str, *, by: User, at: datetime
) -> LoungeCheck:
    """Note an item in the round of the present hour; what is not in order needs an action.

    A correction within the same hour replaces what was noted, unless the fault was closed already.
    Raises Invalid for what is not on the list.
    """
    lounge.require_care(by)
    if not is_ok and not action.strip():
        raise Invalid(N_("Say what is done about it."), field="action")
    walk = _open_round(branch, by, at)
    asked = next((each for each in _items_of(walk) if each.code == item), None)
    if asked is None:
        raise Invalid(N_("There is no such item on the round."), field="item")
    found = _find_check(walk, item)
    if found is None:
        found = LoungeCheck(round_id=walk.id, item=item)
        session.add(found)
    elif found.closed_at is not None:
        raise RuleBroken(
            N_("This fault was closed at %(closed)s; note it again on the next round."),
            code="closed",
            way=Way("lounge.walk", N_("Open the round")),
            closed=found.closed_at,
        )
    found.is_ok, found.action = is_ok, "" if is_ok else action.strip()
    found.asked_id = asked.id
    found.at, found.by_id = at, by.id
    audit.write(by, "lounge.check", found, at, item=item, is_ok=is_ok)
    return found


def close(fault: LoungeCheck, *, by: User, at: datetime) -> None:
    """Note that the action for a fault is done; a second press changes nothing."""
    lounge.require_care(by)
    if fault.is_ok:
        raise RuleBroken(N_("There is no fault to close."), code="no_fault")
    if fault.closed_at is None:
        fault.closed_at, fault.closed_by_id = at, by.id
        audit.write(by, "lounge.close_fault", fault, at, item=fault.item)


def get_fault(branch: Branch, check_id: int) -> LoungeCheck:
    """The check of this branch; raises NotFound."""
    query = select(LoungeCheck).join(LoungeRound, LoungeRound.id == LoungeCheck.round_id)
    found = session.scalars(
        query.where(LoungeCheck.id == check_id, LoungeRound.branch_id == branch.id)
    ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such check."))
    return found


def list_checks(branch: Branch, hour_at: datetime) -> dict[str, LoungeCheck]:
    """What was noted in the round of the hour that begins at `hour_at`."""
    query = select(LoungeCheck).join(LoungeRound, LoungeRound.id == LoungeCheck.round_id)
    checks = session.scalars(
        query.where(LoungeRound.branch_id == branch.id, LoungeRound.hour_at == hour_at)
    )
    return {each.item: each for each in checks}


def list_open_faults(branch: Branch) -> list[LoungeCheck]:
    """What is not in order and not closed, the oldest first."""
    query = select(LoungeCheck).join(LoungeRound, LoungeRound.id == LoungeCheck.round_id)
    return list(
        session.scalars(
            query.where(
                LoungeRound.branch_id == branch.id,
                LoungeCheck.is_ok.is_(False),
                LoungeCheck.closed_at.is_(None),
            ).order_by(LoungeCheck.at, LoungeCheck.id)
        )
    )


def list_hours(branch: Branch, at: datetime) -> list[HourOfRound]:
    """The hours of the day that are owed a round, up to `at`, in order."""
    opening = calendar.opening(branch, calendar.local_day(branch, at))
    return [_hour(branch, hour) for hour in rules.hours_within(opening, at)]


def list_items(branch: Branch, hour_at: datetime) -> list[ChecklistItem]:
    """What the round of an hour looks at: the list as it was when the round was begun."""
    return _items_of(_find_round(branch, hour_at))


def _items_of(walk: LoungeRound | None) -> list[ChecklistItem]:
    if walk is None or walk.version is None:
        return checklists.list_items(Use.LOUNGE_ROUND)
    return walk.version.items


def _hour(branch: Branch, hour_at: datetime) -> HourOfRound:
    checks = list_checks(branch, hour_at).values()
    total = len(list_items(branch, hour_at))
    return HourOfRound(hour_at, len(checks), sum(not each.is_ok for each in checks), total)


def _open_round(branch: Branch, by: User, at: datetime) -> LoungeRound:
    db.lock("lounge round", branch.id)
    hour_at = rules.hour_of(at)
    found = _find_round(branch, hour_at)
    if found is None:
        items = checklists.list_items(Use.LOUNGE_ROUND)
        version = items[0].version if items else None
        found = LoungeRound(branch_id=branch.id, hour_at=hour_at, begun_at=at, begun_by_id=by.id)
        found.version = version
        session.add(found)
        session.flush()
    return found


def _find_round(branch: Branch, hour_at: datetime) -> LoungeRound | None:
    query = select(LoungeRound).where(
        LoungeRound.branch_id == branch.id, LoungeRound.hour_at == hour_at
    )
    return session.scalars(query).one_or_none()


def _find_check(walk: LoungeRound, item: str) -> LoungeCheck | None:
    query = select(LoungeCheck).where(LoungeCheck.round_id == walk.id, LoungeCheck.item == item)
    return session.scalars(query).one_or_none()
