"""Cars: which are new, which are known, and what must be asked of plates and owners."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import (
    Judgement,
    Kind,
    Note,
    Plan,
    Ref,
    Row,
    Scope,
    Set,
)
from workshop.setup.imports.kinds import car_sides, cars, people, sides, vehicle_plans
from workshop.setup.imports.kinds.cars import Car, Cars
from workshop.setup.imports.kinds.customers import PLACES
from workshop.setup.imports.kinds.owners import Owner, Owners
from workshop.setup.imports.kinds.vehicle_columns import COLUMNS
from workshop.sheets import Words
from workshop.staff.permissions import Permission


class VehicleJudge:
    """Judges the rows of one file of cars."""

    def __init__(self, scope: Scope) -> None:
        self._zone = scope.zone
        self._classes = cars.usual_classes()
        self._file, self._shop, self._owners = Cars(), Cars(), Owners()

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        self._shop = cars.look_up(
            {row.values["vin"] for row in rows if "vin" in row.values},
            {plate for row in rows for plate in row.get("plate", ())},
        )
        phones = {
            row.values["owner_phone"].numbers[0] for row in rows if "owner_phone" in row.values
        }
        numbers = {row.values["owner_number"] for row in rows if "owner_number" in row.values}
        self._owners.people = people.look_up(numbers, phones)
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Judgement:
        plates, vin = row.get("plate", ()), row.get("vin")
        owner = self._owners.find(row)
        if len(plates) > 1:
            return self._several(row, plates, owner)
        plate = plates[0] if plates else None
        by_vin = self._find(self._shop.by_vin, self._file.by_vin, vin)
        by_plate = self._find(self._shop.by_plate, self._file.by_plate, plate)
        earlier = next((each for each in (by_vin, by_plate) if each and each.id is None), None)
        if earlier is not None:
            return self._again(row, earlier, plate, owner)
        if by_plate is not None and by_plate is not by_vin and vin and by_plate.vin != vin:
            if by_vin is None and by_plate.vin is None:
                return self._known(row, by_plate, None, owner)
            return self._taken(row, plate or "", by_plate, by_vin, owner)
        known = by_vin or by_plate
        return self._known(row, known, plate, owner) if known else self._new(row, plate, owner)

    def _find(self, shop: dict[str, Car], file: dict[str, Car], key: str | None) -> Car | None:
        return (shop.get(key) or file.get(key)) if key else None

    # ---- A car that is not there ----

    def _new(self, row: Row, plate: str | None, owner: Owner) -> Judgement:
        if owner.id is None:
            return _refuse_unowned(owner)
        if plate is None and row.get("vin") is None:
            return kinds.refused(N_("Enter the plate, or the VIN of a car without one."), "plate")
        self._remember(row, plate, owner)
        if owner.side is None:
            return kinds.new(*self._make(row, plate, owner))
        return kinds.doubtful(sides.ask(owner.side, lambda who: self._make(row, plate, who)))

    def _make(self, row: Row, plate: str | None, owner: Owner) -> Plan:
        assert owner.id is not None
        vin = row.get("vin")
        made = vehicle_plans.make(row, plate, vin, owner.id, self._zone, self._classes)
        return (*owner.makes, *made)

    def _remember(self, row: Row, plate: str | None, owner: Owner) -> None:
        ref = vehicle_plans.ref_of(row, plate)
        self._file.add(Car(None, plate, row.get("vin"), owner.key, owner.name, ref, row.line))

    def _several(self, row: Row, plates: Sequence[str], owner: Owner) -> Judgement:
        """Two plates in a cell are two cars, if somebody says so."""
        if row.get("vin"):
            return kinds.refused(N_("Two plates, but one VIN: give each car a row."), "plate")
        if owner.id is None:
            return _refuse_unowned(owner)
        there = [
            each for each in plates if self._find(self._shop.by_plate, self._file.by_plate, each)
        ]
        new = [each for each in plates if each not in there]
        if not new:
            return kinds.same([Note(Words(N_("All these cars are there already.")), "plate")])
        for plate in new:
            self._remember(row, plate, owner)

        def plan(_: None, who: Owner | None) -> Plan:
            return tuple(act for each in new for act in self._make(row, each, who or owner))

        return kinds.doubtful(sides.ask_both(car_sides.several(plates), owner.side, plan))

    # ---- A car that an earlier line has ----

    def _again(self, row: Row, earlier: Car, plate: str | None, owner: Owner) -> Judgement:
        """The same car twice in the file: alike, or with another owner, or with another plate."""
        vin = row.get("vin")
        if (vin and earlier.vin and vin != earlier.vin) or (
            plate and earlier.plate and plate != earlier.plate
        ):
            words = N_("Line %(line)s has this plate or VIN for another car.")
            return kinds.refused(words, "plate", line=earlier.line)
        side = car_sides.two_owners_in_file(earlier, owner)
        if side is None:
            said = Words(N_("Line %(line)s says the same."), {"line": earlier.line})
            return kinds.same([Note(said)])

        def plan(who: Owner | None) -> Plan:
            if who is None or who.id is None:
                return ()
            return (*who.makes, Set("vehicle", Ref(earlier.ref), {"customer_id": who.id}))

        return kinds.doubtful(sides.ask(side, plan))

    # ---- A car that the shop has ----

    def _known(self, row: Row, car: Car, plate: str | None, owner: Owner) -> Judgement:
        found = self._compare(row, car, plate, None)
        side = car_sides.two_owners(car, owner)
        if side is None:
            notes = [*found.notes, *car_sides.about(owner)]
            if not found.plan:
                return kinds.same(notes)
            return kinds.changed(*found.plan, differences=found.differences, notes=notes)

        def plan(who: Owner | None) -> Plan:
            makes = who.makes if who else ()
            return (*makes, *self._compare(row, car, plate, who).plan)

        return kinds.doubtful(sides.ask(side, plan), found.notes, found.differences)

    def _compare(
        self, row: Row, car: Car, plate: str | None, owner: Owner | None
    ) -> vehicle_plans.Changes:
        """What becomes another one of the car, its plate and its owner included."""
        found = vehicle_plans.compare(row, car, self._zone)
        if plate and plate != car.plate:
            vehicle_plans.give_plate(found, plate)
        if owner is not None and owner.id is not None:
            vehicle_plans.give_owner(found, owner.id, owner.name)
        return found

    def _taken(
        self, row: Row, plate: str, holder: Car, by_vin: Car | None, owner: Owner
    ) -> Judgement:
        """The plate is another car's here: it has moved, or one of both is wrong."""
        side = car_sides.plate_taken(holder)
        if holder.vin is None or (by_vin is None and owner.id is None):
            return kinds.refused(side.said.message, "plate", **side.said.values)

        def plan(moves: bool, who: Owner | None) -> Plan:
            given = plate if moves else None
            lost = vehicle_plans.lose_plate(holder) if moves else ()
            if by_vin is None:
                return (*lost, *self._make(row, given, who or owner))
            makes = who.makes if who else ()
            return (*lost, *makes, *self._compare(row, by_vin, given, who).plan)

        if by_vin is None:
            self._remember(row, plate, owner)
        second = owner.side if by_vin is None else car_sides.two_owners(by_vin, owner)
        return kinds.doubtful(sides.ask_both(side, second, plan))


def _refuse_unowned(owner: Owner) -> Judgement:
    said = owner.unknown or Words(N_("Say whose car it is: a customer number or a phone."))
    return kinds.refused(said.message, "owner_phone", **said.values)


VEHICLES = Kind(
    "vehicles",
    N_("Vehicles"),
    COLUMNS,
    (
        "customer", "customer_contact", "customer_number", "vehicle", "odometer_reading",
        "plate_change", "owner_change",
    ),
    VehicleJudge,
    frozenset({Permission.VIEW_CUSTOMERS}),
    one_of=(("plate", "vin"),),
    icon="car",
    hint=N_("Cars with their owners, mileage and next service."),
    places=PLACES,
)  # fmt: skip
