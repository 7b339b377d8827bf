"""Appointments that an old system has promised: they take their hours and keep their time.

They are promises, so a day that is full takes them all the same, and says so. What nobody can keep
is refused: a time that is over or when the shop is closed, or with nobody free to receive the car.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.catalogue.models import Operation
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import (
    Judgement,
    Kind,
    Note,
    Place,
    Row,
    Scope,
)
from workshop.setup.imports.kinds import cars
from workshop.setup.imports.kinds.appointment_list import appointment_plans
from workshop.setup.imports.kinds.appointment_list.appointment_columns import COLUMNS
from workshop.setup.imports.kinds.cars import Cars
from workshop.sheets import Words
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import estimates, queries, slots
from workshop.steps.booking.estimates import Estimate
from workshop.steps.booking.models import Appointment


class _Refused(Exception):
    """Why a row cannot be taken."""

    def __init__(self, message: str, column: str, **values: Any) -> None:
        super().__init__(message)
        self.judgement = kinds.refused(message, column, **values)


class AppointmentJudge:
    """Judges the rows of one file of appointments."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._branch = session.get_one(Branch, scope.branch_id)
        self._advisors = slots.list_advisors(self._branch)
        self._operations: dict[str, Operation] = {}
        for each in session.scalars(select(Operation).where(Operation.active)):
            for name in (each.name_en, each.name_zh, each.code):
                self._operations[name.casefold()] = each
        self._cars = Cars()
        # What earlier lines of the file hold: cars of a day, and times of advisors.
        self._expected: dict[tuple[int, date], int] = {}
        self._taken: dict[date, set[tuple[int, datetime]]] = defaultdict(set)
        self._numbers = self._free_numbers()

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        self._cars = cars.look_up(
            {row.values["vin"] for row in rows if "vin" in row.values},
            {plate for row in rows for plate in row.get("plate", ())},
        )
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Judgement:
        try:
            return self._book(row)
        except _Refused as refused:
            return refused.judgement

    def _book(self, row: Row) -> Judgement:
        vehicle = self._find_car(row)
        slot_at, notes = self._find_slot(row)
        day = slot_at.astimezone(ZoneInfo(self._branch.zone)).date()
        if known := self._find_known(vehicle, day, slot_at):
            return known
        operations = self._find_operations(row)
        advisor = self._find_advisor(row, day, slot_at)
        no = self._find_number(row)
        needed = estimates.estimate(self._branch, operations, day=day, size=vehicle.size)
        notes += self._note_full(day, slot_at, needed)
        self._expected[vehicle.id, day] = row.line
        self._taken[day].add((advisor.id, slot_at))
        plan = appointment_plans.make(
            row, no, vehicle, advisor, self._branch.id, slot_at, day, operations, needed
        )
        return kinds.new(*plan, notes=notes)

    # ---- What the row means ----

    def _find_car(self, row: Row) -> Vehicle:
        plates, vin = row.get("plate", ()), row.get("vin")
        if not plates and not vin:
            raise _Refused(N_("Say which car it is: its plate or its VIN."), "plate")
        car = self._cars.by_vin.get(vin) if vin else None
        car = car or next(
            (self._cars.by_plate[each] for each in plates if each in self._cars.by_plate), None
        )
        if car is None or car.id is None:
            raise _Refused(
                N_("Nobody knows this car here. Bring the list of vehicles first."), "plate"
            )
        return session.get_one(Vehicle, car.id)

    def _find_slot(self, row: Row) -> tuple[datetime, list[Note]]:
        """The arrival time of the grid at or before the one that was promised."""
        local: datetime = row.values["slot_at"]
        if local.time() == time():
            if "time" not in row.values:
                raise _Refused(N_("Say at what time the car comes."), "slot_at")
            local = datetime.combine(local.date(), row.values["time"])
        if local.date() < self._scope.day:
            raise _Refused(N_("This time is over."), "slot_at")
        promised = local.replace(tzinfo=ZoneInfo(self._branch.zone))
        grid = slots.day_grid(self._branch, local.date())
        if not grid:
            raise _Refused(N_("The shop is closed on that day."), "slot_at")
        fitting = [each.at for each in grid if each.at <= promised and not each.is_for_walk_ins]
        if not fitting or promised.date() != fitting[-1].astimezone(promised.tzinfo).date():
            raise _Refused(N_("The shop is not open at that time."), "slot_at")
        if fitting[-1] == promised:
            return fitting[-1], []
        said = Words(
            N_("It is kept at %(slot)s, the arrival time before it."),
            {"slot": _clock(fitting[-1], self._branch)},
        )
        return fitting[-1], [Note(said, "slot_at")]

    def _find_known(self, vehicle: Vehicle, day: date, slot_at: datetime) -> Judgement | None:
        """The car is expected on that day already, by an earlier line or here."""
        line = self._expected.get((vehicle.id, day))
        if line is not None:
            raise _Refused(N_("Line %(line)s has this car on that day."), "slot_at", line=line)
        other = queries.find_expected(vehicle, day)
        if other is None:
            return None
        if other.slot_at == slot_at:
            return kinds.same()
        raise _Refused(
            N_("This vehicle is expected on that day already, at %(slot)s (%(no)s)."),
            "slot_at",
            slot=_clock(other.slot_at, self._branch),
            no=other.no,
        )

    def _find_operations(self, row: Row) -> list[Operation]:
        wanted = row.get("operations", [])
        unknown = [each for each in wanted if each.casefold() not in self._operations]
        if unknown:
            raise _Refused(
                N_("There is no operation in use called %(names)s. Bring operations first."),
                "operations",
                names=unknown,
            )
        return list(dict.fromkeys(self._operations[each.casefold()] for each in wanted))

    def _find_advisor(self, row: Row, day: date, slot_at: datetime) -> User:
        name = row.get("advisor")
        wanted = [each for each in self._advisors if name in (None, each.display_name)]
        if not wanted:
            raise _Refused(N_("Nobody called %(name)s receives cars here."), "advisor", name=name)
        taken = queries.list_taken(self._branch, day) | self._taken[day]
        for each in wanted:
            is_free = (each.id, slot_at) not in taken
            if is_free and slots.is_on_duty(self._branch, each, slot_at):
                return each
        raise _Refused(
            N_("Nobody is free to receive the car at %(slot)s."),
            "slot_at",
            slot=_clock(slot_at, self._branch),
        )

    def _find_number(self, row: Row) -> str:
        no = row.get("no")
        if no is None:
            return next(self._numbers)
        if session.scalar(select(Appointment.id).where(Appointment.no == no)) is not None:
            raise _Refused(N_("There is an appointment %(no)s already."), "no", no=no)
        return str(no)

    def _free_numbers(self) -> Iterator[str]:
        """Numbers of a series of their own, which no counter of the shop gives out."""
        begin = f"AI{self._scope.day:%Y%m%d}-"
        query = select(func.max(Appointment.no)).where(Appointment.no.like(f"{begin}%"))
        last = session.scalar(query)
        first = int(last.removeprefix(begin)) + 1 if last else 1
        return (f"{begin}{number:04}" for number in count(first))

    def _note_full(self, day: date, slot_at: datetime, needed: Estimate) -> list[Note]:
        """What people must know of a day that has not the hours: it was promised all the same."""
        try:
            capacity.refuse_full(
                self._branch, day, needed.needs, TakeSource.APPOINTMENT, at=slot_at,
                not_before=slot_at,
            )  # fmt: skip
        except RuleBroken:
            return [
                Note(
                    Words(N_("The day has not the hours left; it is taken all the same.")),
                    "slot_at",
                )
            ]
        return []


def _clock(at: datetime, branch: Branch) -> str:
    return at.astimezone(ZoneInfo(branch.zone)).strftime("%H:%M")


APPOINTMENTS = Kind(
    "appointments",
    N_("Appointments"),
    COLUMNS,
    (
        "appointment", "appointment_operation", "appointment_change", "capacity_take", "vehicle",
        "customer", "operation",
    ),
    AppointmentJudge,
    frozenset({Permission.BOOK, Permission.VIEW_CUSTOMERS}),
    one_of=(("plate", "vin"),),
    icon="calendar-days",
    hint=N_("What is promised to customers already, with its time and work."),
    places={"appointment": Place(N_("Appointment"))},
)  # fmt: skip
