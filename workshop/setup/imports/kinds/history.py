"""Visits of an old system, line by line: to be read, with the advice and guarantees that count.

A visit is known by its number. Its first line says which car it was and when; the others go on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_
from workshop.orders.past.models import PastLine, PastVisit
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.bulk import MOST_KEYS, portions
from workshop.setup.imports.kind import Judgement, Kind, Note, Place, Put, Ref, Row, Scope
from workshop.setup.imports.kinds import cars, past_plans
from workshop.setup.imports.kinds.cars import Car, Cars
from workshop.setup.imports.kinds.history_columns import COLUMNS
from workshop.setup.imports.kinds.past_plans import Visit
from workshop.sheets import Words
from workshop.staff.permissions import Permission

_LINE = (
    "code", "title", "quantity_milli", "unit_fen", "total_fen", "payer", "technician", "advice",
)  # fmt: skip


class HistoryJudge:
    """Judges the rows of one file of past visits."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._cars = Cars()
        self._visits: dict[str, Visit] = {}
        # What each visit has already, here and in the file: values of its lines, where they stand.
        self._lines: dict[str, dict[tuple[Any, ...], int]] = defaultdict(dict)
        # The visit of the line above, on which a line without a number goes on.
        self._above, self._last_line = "", 0

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        self._cars = cars.look_up(
            {row.values["vin"] for row in rows if "vin" in row.values},
            {plate for row in rows for plate in row.get("plate", ())},
        )
        self._look_up({row.values["no"] for row in rows if "no" in row.values})
        return [self._one(row) for row in rows]

    def _look_up(self, numbers: Collection[str]) -> None:
        """The visits with these numbers that the shop has, with their lines."""
        new = sorted(numbers - self._visits.keys())
        found: dict[int, str] = {}
        for some in portions(new, MOST_KEYS):
            query = select(PastVisit).where(
                PastVisit.branch_id == self._scope.branch_id, PastVisit.no.in_(some)
            )
            for each in session.scalars(query):
                found[each.id] = each.no
                self._visits[each.no] = Visit(
                    each.id, each.vehicle_id, each.arrived_at, each.left_at, each.mileage_km,
                    each.kind,
                )  # fmt: skip
        for ids in portions(list(found), MOST_KEYS):
            columns = (getattr(PastLine, name) for name in _LINE)
            lines = select(PastLine.visit_id, *columns).where(PastLine.visit_id.in_(ids))
            for visit_id, *values in session.execute(lines):
                self._lines[found[visit_id]][tuple(values)] = 0

    def _one(self, row: Row) -> Judgement:
        # Between two lines that are not neighbours another visit may have been refused.
        is_next, self._last_line = row.line == self._last_line + 1, row.line
        no = row.get("no") or (self._above if is_next else "")
        if not no:
            return kinds.refused(N_("Enter the number of the order."), "no")
        visit = self._visits.get(no)
        if visit is None:
            found = self._begin(no, row)
            if isinstance(found, Judgement):
                self._above = ""
                return found
            visit = found
        elif (other := self._other_car(row, visit)) is not None:
            return other
        self._above = no
        return self._line(no, visit, row)

    def _begin(self, no: str, row: Row) -> Visit | Judgement:
        """The visit that the row begins, or why it cannot."""
        car = self._find_car(row)
        if isinstance(car, Judgement):
            return car
        arrived = row.get("arrived_at") or row.get("left_at")
        if arrived is None:
            return kinds.refused(N_("Say when the car was here."), "arrived_at")
        arrived_at = past_plans.in_utc(arrived, self._scope)
        left_at = past_plans.in_utc(row.get("left_at"), self._scope)
        assert arrived_at is not None
        assert car.id is not None
        if arrived.date() > self._scope.day:
            return kinds.refused(N_("A past visit cannot be in the future."), "arrived_at")
        if left_at is not None and left_at < arrived_at:
            return kinds.refused(N_("The car cannot leave before it came."), "left_at")
        mileage, kind = row.get("mileage_km"), row.get("kind", "")
        visit = Visit(Ref(f"visit:{no}"), car.id, arrived_at, left_at, mileage, kind, row.line)
        self._visits[no] = visit
        return visit

    def _find_car(self, row: Row) -> Car | Judgement:
        plates, vin = row.get("plate", ()), row.get("vin")
        if not plates and not vin:
            return kinds.refused(N_("Say which car it was: its plate or its VIN."), "plate")
        by_vin = self._cars.by_vin.get(vin) if vin else None
        by_plate = next((self._cars.by_plate[each] for each in plates
                         if each in self._cars.by_plate), None)  # fmt: skip
        if by_vin and by_plate and by_vin.id != by_plate.id:
            return kinds.refused(N_("Here the plate and the VIN are those of two cars."), "plate")
        car = by_vin or by_plate
        if car is None:
            return kinds.refused(
                N_("Nobody knows this car here. Bring the list of vehicles first."),
                "plate" if plates else "vin",
            )
        return car

    def _other_car(self, row: Row, visit: Visit) -> Judgement | None:
        """Refuse a line that gives the order's number to another car."""
        if not row.get("plate") and not row.get("vin"):
            return None
        car = self._find_car(row)
        if isinstance(car, Judgement):
            return car
        if car.id == visit.vehicle_id:
            return None
        return kinds.refused(N_("The order with this number is one of another car."), "no")

    def _line(self, no: str, visit: Visit, row: Row) -> Judgement:
        values = tuple(past_plans.line_values(row)[name] for name in _LINE)
        has_line = any(value not in (None, "") for value in values)
        known = self._lines[no].get(values)
        if known is not None:
            said = Words(N_("Line %(line)s says the same."), {"line": known})
            return kinds.same([Note(said)] if known else [])
        if not has_line and (not isinstance(visit.id, Ref) or visit.line != row.line):
            return kinds.same()
        plan: list[Put] = []
        if isinstance(visit.id, Ref):
            plan.append(past_plans.put_visit(no, visit, self._scope))
        if has_line:
            self._lines[no][values] = row.line
            plan.append(past_plans.put_line(row, visit))
        plan += past_plans.put_advice(row, visit, self._scope)
        plan += past_plans.put_guarantee(row, visit, self._scope)
        return kinds.new(*plan)


HISTORY = Kind(
    "history",
    N_("Past visits"),
    COLUMNS,
    (
        "vehicle", "customer", "odometer_reading", "past_visit", "past_line", "deferred_work",
        "guarantee",
    ),
    HistoryJudge,
    frozenset({Permission.VIEW_CUSTOMERS}),
    one_of=(),
    icon="history",
    hint=N_("What was done to each car, with advice and guarantees that still count."),
    places={"past_visit": Place(N_("Past visit"))},
)  # fmt: skip
