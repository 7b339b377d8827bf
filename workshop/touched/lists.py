"""Reading call lists: which of their things are open now, and what became of the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from workshop.db import session
from workshop.enums import LabelledEnum
from workshop.errors import N_, NotFound
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking.rules import AppointmentStatus
from workshop.touched import facts
from workshop.touched.models import CallList, TouchedThing, Why
from workshop.touched.things import Thing

_RECENT = timedelta(days=14)


class End(LabelledEnum):
    """What became of a thing that was touched."""

    AGREED = "agreed", N_("Stays as agreed")
    MOVED = "moved", N_("Moved to another time")
    CANCELLED = "cancelled", N_("Cancelled")
    UNTOUCHED = "untouched", N_("No longer touched")


_ENDS = {
    AppointmentStatus.RESCHEDULED: End.MOVED,
    AppointmentStatus.CANCELLED: End.CANCELLED,
}


@dataclass(frozen=True)
class Open:
    """A thing that somebody must see to; without a `row` no act of a person has touched it."""

    thing: Thing
    row: TouchedThing | None

    @property
    def permission(self) -> Permission:
        """Who may see to it."""
        return permission_for(self.thing.subject)

    def is_for(self, user: User) -> bool:
        """Whether it is this person's to see to: theirs by name, or anybody's with the right."""
        owner = self.owner
        return owner.id == user.id if owner is not None else user.may(self.permission)

    @property
    def owner(self) -> User | None:
        """Who sees to it by name; what was somebody's who has left is everybody's again."""
        owner = self.row.owner if self.row is not None else None
        return owner if owner is not None and owner.active else None

    def since(self) -> datetime | None:
        """When it was touched."""
        return self.row.call_list.at if self.row is not None else None


@dataclass(frozen=True)
class Done:
    """A thing that is seen to, and how."""

    row: TouchedThing
    end: End

    @property
    def is_agreed(self) -> bool:
        """Whether it stays because somebody agreed."""
        return self.end is End.AGREED


@dataclass(frozen=True)
class Shown:
    """A call list with what is open of it and what is done; without an act it has no record."""

    record: CallList | None
    open: list[Open]
    done: list[Done]


def permission_for(subject: str) -> Permission:
    """Who may see to a thing: appointments are booked, parts picked, duties set by who supervises.

    The rest is planned.
    """
    return _PERMISSIONS.get(subject[0], Permission.SCHEDULE)


_PERMISSIONS = {"A": Permission.BOOK, "P": Permission.PICK_PARTS, "D": Permission.SUPERVISE}


def list_open(branch: Branch, at: datetime) -> list[Open]:
    """What lies where it cannot be and nobody has agreed to, by time."""
    things = facts.find_all(branch, at)
    rows = _rows_of(branch, {each.subject for each in things})
    found = [Open(thing, rows.get(thing.key)) for thing in things]
    return [each for each in found if each.row is None or each.row.agreed_at is None]


def _rows_of(branch: Branch, subjects: Collection[str]) -> dict[tuple[Why, str], TouchedThing]:
    """The newest row of each fact about these records."""
    if not subjects:
        return {}
    query = (
        select(TouchedThing)
        .join(CallList, TouchedThing.list_id == CallList.id)
        .where(CallList.branch_id == branch.id, TouchedThing.subject.in_(list(subjects)))
        .order_by(TouchedThing.id)
    )
    return {each.key: each for each in session.scalars(query).unique()}


def list_lists(branch: Branch, at: datetime) -> list[Shown]:
    """The call lists of the last two weeks and all with something open, the newest first.

    What lies wrong without an act of a person comes before them.
    """
    found = list_open(branch, at)
    by_list: dict[int | None, list[Open]] = {}
    for each in found:
        by_list.setdefault(each.row.list_id if each.row else None, []).append(each)
    query = select(CallList).where(
        CallList.branch_id == branch.id,
        (CallList.at >= at - _RECENT) | CallList.id.in_([each for each in by_list if each]),
    )
    records = list(session.scalars(query.order_by(CallList.id.desc())).unique())
    done = _list_done(records, {each.row.id for each in found if each.row is not None})
    shown = [
        Shown(record, by_list.get(record.id, []), done.get(record.id, [])) for record in records
    ]
    shown.sort(key=lambda each: not each.open)
    return [Shown(None, by_list[None], []), *shown] if None in by_list else shown


def _list_done(records: list[CallList], still_open: set[int]) -> dict[int, list[Done]]:
    query = select(TouchedThing).where(TouchedThing.list_id.in_([each.id for each in records]))
    found: dict[int, list[Done]] = {}
    for row in session.scalars(query.order_by(TouchedThing.was_at, TouchedThing.id)).unique():
        if row.id not in still_open:
            found.setdefault(row.list_id, []).append(Done(row, end_of(row)))
    return found


def end_of(row: TouchedThing) -> End:
    """What became of a thing whose fact is gone, or that stays as agreed."""
    if row.agreed_at is not None:
        return End.AGREED
    status = row.appointment.status if row.appointment is not None else None
    return _ENDS.get(status, End.UNTOUCHED) if status is not None else End.UNTOUCHED


def get_row(branch: Branch, row_id: int) -> TouchedThing:
    """A row of this branch's call lists; raises NotFound."""
    row = session.get(TouchedThing, row_id)
    if row is None or row.call_list.branch_id != branch.id:
        raise NotFound(N_("There is no such line of a call list."))
    return row


def find_open(branch: Branch, address: str, at: datetime) -> Open:
    """The open thing of this address; raises NotFound when it is seen to by now."""
    for each in list_open(branch, at):
        if each.thing.address == address:
            return each
    raise NotFound(N_("This is seen to already, or does not lie wrong any more."))


def list_people(branch: Branch, found: Open) -> list[User]:
    """Who can take a thing over: all who may see to it, but for whom it waits already."""
    taken = {found.row.owner_id} if found.row is not None else set()
    if found.thing.why in (Why.ADVISOR, Why.DUTY):
        taken.add(found.thing.holder_id)
    able = [each for each in staff.list_users(branch.id) if each.may(found.permission)]
    return [each for each in able if each.id not in taken]
