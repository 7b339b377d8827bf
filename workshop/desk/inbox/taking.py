"""Taking what waits, for oneself; what comes up afterwards is everybody's again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from workshop import db, events
from workshop.db import session
from workshop.desk.inbox.models import Taken
from workshop.desk.inbox.rules import Item, Reader
from workshop.duties.models import DutiesChanged
from workshop.errors import N_, NotAllowed, NotFound
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff.models import User


def take(branch: Branch, items: tuple[Item, ...], subject: str, *, by: User, at: datetime) -> Taken:
    """See to it from now on, also in the place of who took it before.

    Raises NotFound when nothing of it waits any more, NotAllowed without the right to any of it.
    """
    about = [each for each in items if each.subject == subject]
    if not about:
        raise NotFound(N_("This is done already."))
    reader = Reader(by.id, by.rights)
    if not any(reader.may_see(each) for each in about):
        raise NotAllowed(N_("This is not yours to see to."))
    db.lock("inbox", branch.id)
    before = _find(branch, subject)
    if before is not None:
        before.ended_at = at
        session.flush()
    made = Taken(branch_id=branch.id, subject=subject[:80], by_id=by.id, by=by, at=at)
    session.add(made)
    session.flush()
    was = before.by.display_name if before is not None else ""
    audit.write(by, "desk.take", made, at, name=_called(about), was={"name": was})
    events.record(DutiesChanged(branch.id, at))
    return made


def give_back(branch: Branch, subject: str, *, by: User, at: datetime) -> None:
    """Let others see to it again. Raises NotFound when it is not one's own."""
    db.lock("inbox", branch.id)
    found = _find(branch, subject)
    if found is None or found.by_id != by.id:
        raise NotFound(N_("You have not taken this."))
    found.ended_at = at
    audit.write(by, "desk.give_back", found, at, name=subject)
    events.record(DutiesChanged(branch.id, at))


def with_owners(branch: Branch, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same things, those that somebody took with their new owner."""
    query = select(Taken).where(Taken.branch_id == branch.id, Taken.ended_at.is_(None))
    taken = {each.subject: each for each in session.scalars(query) if each.by.active}
    return tuple(_owned(each, taken.get(each.subject)) for each in items)


def _owned(item: Item, taken: Taken | None) -> Item:
    is_new = taken is None or (item.since is not None and item.since > taken.at)
    if taken is None or is_new or item.only_ids is not None:
        return item
    return replace(item, owner_id=taken.by_id, is_taken=True)


def _find(branch: Branch, subject: str) -> Taken | None:
    query = select(Taken).where(
        Taken.branch_id == branch.id, Taken.subject == subject, Taken.ended_at.is_(None)
    )
    found: Taken | None = session.scalars(query).one_or_none()
    return found


def _called(items: list[Item]) -> str:
    car = items[0].car
    return car.called if car is not None else items[0].words
