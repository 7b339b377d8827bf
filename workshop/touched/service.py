"""Call lists: made by the act that touches something, agreed with customers, handed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from workshop import db
from workshop.catalogue.models import Operation, Package
from workshop.db import session
from workshop.errors import N_, Invalid, NotAllowed, RuleBroken
from workshop.shop.models import Absence, Bay, Branch, CalendarDay, Technician
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import AuditEntry, User
from workshop.steps.booking import service as booking
from workshop.stock.models import Part
from workshop.touched import lists
from workshop.touched.lists import Open
from workshop.touched.models import CallList, TouchedThing
from workshop.touched.things import Thing


def make_list(
    branch: Branch,
    acts: Sequence[AuditEntry],
    things: Iterable[Thing],
    *,
    by: User | None,
    at: datetime,
) -> CallList:
    """Keep what these acts have just touched, so that each customer is called.

    An appointment is its advisor's to see to, unless the advisor is who is not there.
    """
    about = ", ".join(dict.fromkeys(filter(None, (_about(each) for each in acts))))
    act = acts[0].action if acts else ""
    made = CallList(
        branch_id=branch.id, act=act, about=about[:200], at=at, by_id=by.id if by else None
    )
    session.add(made)
    session.flush()
    rows = [_row(made, thing, branch) for thing in things]
    session.add_all(rows)
    audit.write(by, "touched.make_list", made, at, count=len(rows))
    return made


def _row(made: CallList, thing: Thing, branch: Branch) -> TouchedThing:
    owner = thing.advisor if thing.appointment is not None else None
    can_call = owner is not None and owner.active and owner.branch_id == branch.id
    is_there = can_call and thing.why.value != "advisor"
    return TouchedThing(
        list_id=made.id,
        why=thing.why,
        subject=thing.subject,
        name=thing.held.name[:120] if thing.held is not None else "",
        appointment_id=thing.appointment.id if thing.appointment is not None else None,
        order_id=thing.order.id if thing.order is not None else None,
        was_at=thing.at,
        owner_id=owner.id if owner is not None and is_there else None,
    )


def _about(entry: AuditEntry) -> str:
    """What an act was about, in names that stay when the record changes."""
    model = _RECORDS.get(entry.subject or "")
    record: Any = session.get(model, entry.subject_id) if model and entry.subject_id else None
    if isinstance(record, Absence):
        record = record.user
    if isinstance(record, CalendarDay):
        return record.day.isoformat()
    if isinstance(record, Bay):
        return record.code
    if isinstance(record, Technician):
        return record.name
    if isinstance(record, User):
        return record.display_name
    if isinstance(record, (Operation, Package, Part)):
        return f"{record.name_zh} / {record.name_en}"
    return str(entry.details.get("day") or entry.details.get("year") or "")


_RECORDS: dict[str, type[db.Model]] = {
    "absence": Absence,
    "bay": Bay,
    "calendar_day": CalendarDay,
    "operation": Operation,
    "package": Package,
    "part": Part,
    "technician": Technician,
    "user": User,
}


def agree(found: Open, branch: Branch, name: str, *, by: User, at: datetime) -> TouchedThing:
    """Note with whom it is agreed that a thing stays as it is; an appointment is confirmed by it.

    Raises Invalid without a name.
    """
    thing = found.thing
    staff.require_permission(by, lists.permission_for(thing.subject))
    if not name.strip():
        raise Invalid(N_("Say with whom it is agreed."), field="name")
    row = found.row or _row_of_its_own(branch, thing, by, at)
    row.agreed_with, row.agreed_at, row.agreed_by_id = name.strip()[:80], at, by.id
    audit.write(by, "touched.agree", row, at, name=row.agreed_with)
    if thing.appointment is not None:
        booking.agree(thing.appointment, row.agreed_with, by, at)
    return row


def _row_of_its_own(branch: Branch, thing: Thing, by: User, at: datetime) -> TouchedThing:
    made = CallList(branch_id=branch.id, at=at, by_id=by.id)
    session.add(made)
    session.flush()
    row = _row(made, thing, branch)
    session.add(row)
    session.flush()
    return row


def take_back(row: TouchedThing, *, by: User, at: datetime) -> None:
    """It is not agreed after all: the thing is open again. Raises RuleBroken when it is already."""
    staff.require_permission(by, lists.permission_for(row.subject))
    if row.agreed_at is None:
        raise RuleBroken(N_("This is open already."), code="open")
    was = row.agreed_with
    row.agreed_with, row.agreed_at, row.agreed_by_id = "", None, None
    audit.write(by, "touched.take_back", row, at, was=was)


def hand_on(found: Open, branch: Branch, to: User, *, by: User, at: datetime) -> TouchedThing:
    """Give a thing to a colleague to see to. Raises NotAllowed for who may not see to it."""
    permission = lists.permission_for(found.thing.subject)
    staff.require_permission(by, permission)
    if not to.active or to.branch_id != branch.id or not to.may(permission):
        raise NotAllowed(N_("%(name)s may not see to this."), name=to.display_name)
    row = found.row or _row_of_its_own(branch, found.thing, by, at)
    was = row.owner.display_name if row.owner is not None else ""
    row.owner_id, row.owner = to.id, to
    audit.write(by, "touched.hand_on", row, at, to=to.display_name, was=was)
    return row
