"""Who is here at a moment: clocked in, on a break, gone home, or not come yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from workshop.attendance import rules as attendance_rules
from workshop.attendance.models import Attendance, AttendanceBreak
from workshop.db import session
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.shop import rules
from workshop.shop.models import Technician


class State(LabelledEnum):
    """Where somebody is, as the time clock knows it."""

    OUT = "out", N_("Not clocked in")
    IN = "in", N_("Clocked in")
    ON_BREAK = "break", N_("On break")
    GONE = "gone", N_("Gone home")

    @property
    def icon(self) -> str:
        return _ICONS[self]

    @property
    def is_in(self) -> bool:
        """Whether the person may work now."""
        return self is State.IN

    @property
    def is_on_break(self) -> bool:
        """Whether the person is in the shop, on a break."""
        return self is State.ON_BREAK

    @property
    def is_gone(self) -> bool:
        """Whether the person has gone home."""
        return self is State.GONE


_ICONS = {
    State.OUT: "circle-alert",
    State.IN: "log-in",
    State.ON_BREAK: "coffee",
    State.GONE: "house",
}


@dataclass(frozen=True)
class Presence:
    """A person's state, since when, and the stay that it is known from."""

    state: State
    since: datetime | None = None
    stay: Attendance | None = None

    @property
    def is_here(self) -> bool:
        """Whether the person may work now; a break is no working time."""
        return self.state is State.IN

    @property
    def is_on_break(self) -> bool:
        """Whether the person is in the shop, on a break."""
        return self.state is State.ON_BREAK

    @property
    def is_gone(self) -> bool:
        """Whether the person has gone home."""
        return self.state is State.GONE

    @property
    def is_clocked_in(self) -> bool:
        """Whether the person is in the shop, at work or on a break."""
        return self.state in (State.IN, State.ON_BREAK)


def of(technician: Technician, at: datetime) -> Presence:
    """Where the technician is at this moment."""
    return of_all([technician], at)[technician.id]


def of_all(technicians: Iterable[Technician], at: datetime) -> dict[int, Presence]:
    """Where each technician is at this moment, by id, read at once."""
    last: dict[int, Attendance] = {}
    ids = [each.id for each in technicians]
    query = select(Attendance).where(
        Attendance.technician_id.in_(ids),
        Attendance.replaced_at.is_(None),
        Attendance.started_at <= at,
        Attendance.started_at > at - attendance_rules.LONGEST_STAY,
    )
    # Others may have written meanwhile what this transaction has read before.
    query = query.execution_options(populate_existing=True)
    for stay in session.scalars(query.order_by(Attendance.started_at, Attendance.id)):
        last[stay.technician_id] = stay
    return {each: _read(last, each, at) for each in ids}


def _read(last: Mapping[int, Attendance], technician_id: int, at: datetime) -> Presence:
    stay = last.get(technician_id)
    if stay is None:
        return Presence(State.OUT)
    if stay.ended_at is not None and stay.ended_at <= at:
        return Presence(State.GONE, stay.ended_at, stay)
    for each in stay.breaks:
        if each.started_at <= at and (each.ended_at is None or at < each.ended_at):
            return Presence(State.ON_BREAK, each.started_at, stay)
    return Presence(State.IN, stay.started_at, stay)


def find_open(technician: Technician) -> Attendance | None:
    """The stay that has not been ended, whether it was forgotten or not."""
    query = select(Attendance).where(
        Attendance.technician_id == technician.id,
        Attendance.ended_at.is_(None),
        Attendance.replaced_at.is_(None),
    )
    query = query.execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def find_last_moment(technician: Technician) -> datetime | None:
    """The latest coming, going or break that stands; nothing else of the person came before it."""
    times = (Attendance.started_at, Attendance.ended_at)
    pauses = (AttendanceBreak.started_at, AttendanceBreak.ended_at)
    mine = (Attendance.technician_id == technician.id, Attendance.replaced_at.is_(None))
    queries = [select(func.max(each)).where(*mine) for each in times]
    queries += [
        select(func.max(each)).join_from(AttendanceBreak, Attendance).where(*mine)
        for each in pauses
    ]
    found = [session.scalar(each) for each in queries]
    return max((each for each in found if each is not None), default=None)


def list_stays(
    technicians: Iterable[Technician], span: rules.Span, *, replaced: bool = False
) -> list[Attendance]:
    """The stays that touch the span, by start; with `replaced`, those that count no more as well.

    One that nobody has ended touches everything since its start.
    """
    query = select(Attendance).where(
        Attendance.technician_id.in_([each.id for each in technicians]),
        Attendance.started_at < span[1],
        Attendance.ended_at.is_(None) | (Attendance.ended_at >= span[0]),
    )
    if not replaced:
        query = query.where(Attendance.replaced_at.is_(None))
    return list(session.scalars(query.order_by(Attendance.started_at, Attendance.id)))
