"""The day's board: who is still to come, who is here, what became of the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from workshop.catalogue.models import Operation
from workshop.customers import masks
from workshop.customers import rules as customer_rules
from workshop.errors import N_, Missing
from workshop.shop import calendar
from workshop.shop.models import Absence, Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import calls, gates, queries, slots
from workshop.steps.booking.calls import DueCall
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import HOLDS_SLOT, AppointmentStatus, Clash
from workshop.steps.booking.slots import Load

_NEAR_MINUTES = 30
_SHOWN_CALLS = 5


_CLASHES = {
    Clash.CLOSED.value: N_("The shop is closed then"),
    Clash.ADVISOR.value: N_("The advisor is not at work then"),
}


class NextStep(Enum):
    """What somebody should do next about an appointment."""

    ARRIVE = "arrive"
    CONFIRM = "confirm"
    NO_SHOW = "no_show"
    RECEIVE = "receive"
    NONE = "none"


@dataclass(frozen=True)
class BoardRow:
    """One appointment on the board; minutes late are negative before the slot."""

    appointment: Appointment
    operations: list[Operation]
    minutes_late: int
    is_late: bool
    may_be_no_show: bool
    next_step: NextStep
    # What a yes to its time needs: it cannot take place as it was booked.
    missing: list[Missing]

    @property
    def clash(self) -> str:
        """Why it cannot take place as it was booked, in a few words."""
        return _CLASHES[self.missing[0].code] if self.missing else ""

    @property
    def is_near(self) -> bool:
        """Whether the car is about to come, so that somebody looks out for it."""
        is_awaited = self.next_step is NextStep.ARRIVE and not self.is_late
        return is_awaited and self.minutes_late >= -_NEAR_MINUTES

    @property
    def is_now(self) -> bool:
        """Whether the slot has begun."""
        return self.minutes_late >= 0

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done that has a button of its own."""
        return self.next_step not in (NextStep.NONE, NextStep.NO_SHOW)

    def may_be_stamped_by(self, user: User) -> bool:
        """Whether the car is awaited now and this reader may say that it is here."""
        return self.next_step is NextStep.ARRIVE and user.may(Permission.REGISTER_ARRIVAL)

    def may_be_confirmed_by(self, user: User) -> bool:
        return self.next_step is NextStep.CONFIRM and user.may(Permission.BOOK)

    def may_be_missed_by(self, user: User) -> bool:
        """Whether this reader may say that nobody came."""
        return self.may_be_no_show and user.may(Permission.BOOK)


@dataclass(frozen=True)
class Board:
    """A day of a branch, each list by time."""

    day: date
    is_today: bool
    is_open: bool
    expected: list[BoardRow]
    here: list[BoardRow]
    done: list[BoardRow]
    loads: list[Load]
    calls: list[DueCall]
    away: list[Absence]

    @property
    def rows(self) -> list[BoardRow]:
        return [*self.expected, *self.here, *self.done]

    def count(self, *statuses: AppointmentStatus) -> int:
        """How many appointments of the day have one of these statuses."""
        return sum(row.appointment.status in statuses for row in self.rows)

    def may_be_called_by(self, user: User) -> bool:
        """Whether calls are due and this reader is one who makes them."""
        return bool(self.calls) and user.may(Permission.BOOK)

    @property
    def first_calls(self) -> list[DueCall]:
        """The calls that are shown; the others follow when these are done."""
        return self.calls[:_SHOWN_CALLS]

    @property
    def later_call_count(self) -> int:
        return len(self.calls) - len(self.first_calls)

    @property
    def late_count(self) -> int:
        return sum(row.is_late for row in self.expected)

    @property
    def arrived_count(self) -> int:
        return self.count(AppointmentStatus.ARRIVED, AppointmentStatus.CONVERTED)

    @property
    def no_show_count(self) -> int:
        return self.count(AppointmentStatus.NO_SHOW)

    @property
    def due_count(self) -> int:
        """Appointments that were or are to come: neither moved nor cancelled in time."""
        gone = self.count(AppointmentStatus.RESCHEDULED, AppointmentStatus.CANCELLED)
        return len(self.rows) - gone


def make_board(branch: Branch, day: date, at: datetime) -> Board:
    """The board of `day` as it stands at `at`; calls only on today's."""
    appointments = queries.list_day(branch, day)
    operations = queries.list_operations_of(appointments)
    today = calendar.local_day(branch, at)
    missing = gates.list_missing_to_confirm(
        branch, [each for each in appointments if each.is_expected]
    )
    rows = [
        _row(
            appointment,
            operations.get(appointment.id, []),
            missing.get(appointment.id, []),
            today,
            at,
        )
        for appointment in appointments
    ]
    return Board(
        day=day,
        is_today=day == today,
        is_open=calendar.is_open(branch, day),
        expected=[row for row in rows if row.appointment.is_expected],
        here=[row for row in rows if row.appointment.is_here],
        done=[row for row in rows if not row.appointment.is_open],
        loads=slots.day_loads(branch, day, at),
        calls=calls.list_due(branch, at) if day == today else [],
        away=slots.list_away(branch, day),
    )


def _row(
    appointment: Appointment,
    operations: list[Operation],
    missing: list[Missing],
    today: date,
    at: datetime,
) -> BoardRow:
    late = int((at - appointment.slot_at).total_seconds() // 60)
    may_be_no_show = appointment.is_expected and not gates.missing_to_be_no_show(appointment, at)
    return BoardRow(
        appointment=appointment,
        operations=operations,
        minutes_late=late,
        is_late=appointment.is_late(at),
        may_be_no_show=may_be_no_show,
        next_step=_next_step(appointment, today, may_be_no_show=may_be_no_show),
        missing=missing,
    )


def _next_step(appointment: Appointment, today: date, *, may_be_no_show: bool) -> NextStep:
    if appointment.is_here:
        return NextStep.RECEIVE
    if not appointment.is_expected:
        return NextStep.NONE
    if appointment.day < today or may_be_no_show:
        return NextStep.NO_SHOW
    if appointment.day == today:
        return NextStep.ARRIVE
    if appointment.is_requested:
        return NextStep.CONFIRM
    return NextStep.NONE


@dataclass(frozen=True)
class WelcomeRow:
    """A line of the welcome board: nothing that tells a stranger whose car it is."""

    at: datetime
    plate: str
    advisor: str
    is_here: bool


def welcome_rows(branch: Branch, day: date) -> list[WelcomeRow]:
    """Who is welcome on the day, with masked plates that nobody else on the board fits."""
    appointments = [each for each in queries.list_day(branch, day) if each.status in HOLDS_SLOT]
    # Who is still to come stands first; who was greeted long ago need not read the board.
    appointments.sort(key=lambda each: not each.is_expected)
    plates = [each.vehicle.plate or "" for each in appointments]
    tickets = {each.vehicle.plate: each.no[-4:] for each in appointments if each.vehicle.plate}
    masked = masks.mask_plates([plate for plate in plates if plate], tickets)
    return [
        WelcomeRow(
            at=each.slot_at,
            plate=masked.get(customer_rules.normalise_plate(plate)) or f"#{each.no[-4:]}",
            advisor=each.advisor.display_name,
            is_here=not each.is_expected,
        )
        for each, plate in zip(appointments, plates, strict=True)
    ]


def welcome_day(branch: Branch, at: datetime) -> date:
    """Today until its last slot is over, then the next open day (P4)."""
    today = calendar.local_day(branch, at)
    grid = slots.day_grid(branch, today)
    if grid and at < grid[-1].at + timedelta(minutes=branch.slot_minutes):
        return today
    return calendar.next_open_day(branch, today)
