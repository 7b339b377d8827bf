"""Cars: which are new, which are known, and what must be asked of plates and owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import (
    LEAVE_OUT,
    Choice,
    Judgement,
    Kind,
    Note,
    Question,
    Ref,
    Row,
    Scope,
    Set,
)
from workshop.setup.imports.kinds import cars, owners, people, vehicle_plans
from workshop.setup.imports.kinds.cars import Car, Cars
from workshop.setup.imports.kinds.customers import PLACES
from workshop.setup.imports.kinds.owners import Owner
from workshop.setup.imports.kinds.people import People
from workshop.setup.imports.kinds.vehicle_columns import COLUMNS
from workshop.sheets import Words
from workshop.staff.permissions import Permission


class VehicleJudge:
    """Judges the rows of one file of cars."""

    def __init__(self, scope: Scope) -> None:
        self._zone = scope.zone
        self._classes = cars.usual_classes()
        self._file, self._shop, self._people = Cars(), Cars(), People()

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
        self._people = people.look_up(numbers, phones)
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Judgement:
        plates, vin = row.get("plate", ()), row.get("vin")
        owner = owners.find(row, self._people)
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
        vin = row.get("vin")
        if owner.id is None:
            said = owner.unsure or Words(N_("Say whose car it is: a customer number or a phone."))
            return kinds.refused(said.message, "owner_phone", **said.values)
        if plate is None and vin is None:
            return kinds.refused(N_("Enter the plate, or the VIN of a car without one."), "plate")
        made = vehicle_plans.make(row, plate, vin, owner.id, self._zone, self._classes)
        self._remember(row, plate, owner)
        if owner.unsure is None:
            return kinds.new(*made)
        yes = Choice("yes", owner.yes, (*owner.makes, *made))
        question = Question(owner.question, owner.label, owner.unsure, (yes, LEAVE_OUT))
        return kinds.doubtful(question)

    def _remember(self, row: Row, plate: str | None, owner: Owner) -> None:
        ref = vehicle_plans.ref_of(row, plate)
        who = owner.id.name if isinstance(owner.id, Ref) else owner.id
        self._file.add(Car(None, plate, row.get("vin"), who, owner.name, ref, row.line))

    def _several(self, row: Row, plates: Sequence[str], owner: Owner) -> Judgement:
        """Two plates in a cell are two cars, if somebody says so."""
        if row.get("vin"):
            return kinds.refused(N_("Two plates, but one VIN: give each car a row."), "plate")
        if owner.id is None:
            return self._new(row, plates[0], owner)
        there = [
            each for each in plates if self._find(self._shop.by_plate, self._file.by_plate, each)
        ]
        new = [each for each in plates if each not in there]
        if not new:
            return kinds.same([Note(Words(N_("All these cars are there already.")), "plate")])
        plan = [*owner.makes]
        for plate in new:
            plan += vehicle_plans.make(row, plate, None, owner.id, self._zone, self._classes)
            self._remember(row, plate, owner)
        said = Words(
            N_("The cell names %(count)s cars: %(plates)s."),
            {"count": len(plates), "plates": list(plates)},
        )
        choices = (Choice("cars", N_("A car for each plate"), tuple(plan)), LEAVE_OUT)
        question = Question("several_plates", N_("Several plates in one cell"), said, choices)
        return kinds.doubtful(question, _about(owner))

    # ---- A car that an earlier line has ----

    def _again(self, row: Row, earlier: Car, plate: str | None, owner: Owner) -> Judgement:
        """The same car twice in the file: alike, or with another owner, or with another plate."""
        vin = row.get("vin")
        who = owner.id.name if isinstance(owner.id, Ref) else owner.id
        if (vin and earlier.vin and vin != earlier.vin) or (
            plate and earlier.plate and plate != earlier.plate
        ):
            words = N_("Line %(line)s has this plate or VIN for another car.")
            return kinds.refused(words, "plate", line=earlier.line)
        if who is None or who == earlier.owner:
            said = Words(N_("Line %(line)s says the same."), {"line": earlier.line})
            return kinds.same([Note(said)])
        assert owner.id is not None
        said = Words(
            N_("Line %(line)s says that the car is %(first)s's, this line says %(second)s's."),
            {"line": earlier.line, "first": earlier.owner_name, "second": owner.name},
        )
        change = Set("vehicle", Ref(earlier.ref), {"customer_id": owner.id})
        return _ask_owner(
            said,
            keep=Choice("keep", _KEEP),
            change=Choice("change", _CHANGE, (*owner.makes, change)),
        )

    # ---- A car that the shop has ----

    def _known(self, row: Row, car: Car, plate: str | None, owner: Owner) -> Judgement:
        found = vehicle_plans.compare(row, car, self._zone)
        if plate and plate != car.plate:
            vehicle_plans.give_plate(found, plate)
        if owner.id is None or owner.id == car.owner:
            if not found.plan:
                return kinds.same(found.notes)
            return kinds.changed(*found.plan, differences=found.differences, notes=found.notes)
        keep = Choice("keep", _KEEP, found.plan)
        shown = tuple(found.differences)
        vehicle_plans.give_owner(found, owner.id, owner.name)
        change = Choice("change", _CHANGE, (*owner.makes, *found.plan))
        said = Words(
            N_("The car is %(first)s's here, the file says %(second)s's."),
            {"first": car.owner_name, "second": owner.name},
        )
        asked = _ask_owner(said, keep=keep, change=change)
        return replace(asked, differences=shown, notes=tuple(found.notes))

    def _taken(
        self, row: Row, plate: str, holder: Car, by_vin: Car | None, owner: Owner
    ) -> Judgement:
        """The plate is another car's here: it has moved, or one of both is wrong."""
        said = Words(
            N_("Here the plate is on a car with another VIN (%(vin)s), of %(owner)s."),
            {"vin": holder.vin or "—", "owner": holder.owner_name},
        )
        if holder.vin is None or (by_vin is None and owner.id is None):
            return kinds.refused(said.message, "plate", **said.values)
        if by_vin is not None:
            found = vehicle_plans.compare(row, by_vin, self._zone)
            without = found.plan
            vehicle_plans.give_plate(found, plate)
            plan = (*vehicle_plans.lose_plate(holder), *found.plan)
        else:
            assert owner.id is not None
            vin = row.get("vin")
            with_, without = (
                (
                    *owner.makes,
                    *vehicle_plans.make(row, each, vin, owner.id, self._zone, self._classes),
                )
                for each in (plate, None)
            )
            plan = (*vehicle_plans.lose_plate(holder), *with_)
        choices = (
            Choice("move", N_("The plate has moved to the car of the file"), plan),
            Choice("without", N_("Take the car of the file without its plate"), without),
            LEAVE_OUT,
        )
        question = Question("plate_taken", N_("One plate, two cars"), said, choices)
        return kinds.doubtful(question, _about(owner))


_KEEP = N_("Keep the owner that is there, take the rest")
_CHANGE = N_("The car belongs to the owner of the file")


def _ask_owner(said: Words, *, keep: Choice, change: Choice) -> Judgement:
    label = N_("One car, two owners")
    return kinds.doubtful(Question("two_owners", label, said, (keep, change, LEAVE_OUT)))


def _about(owner: Owner) -> list[Note]:
    """What is unsure of the owner, beside another question."""
    return [Note(owner.unsure, "owner_phone")] if owner.unsure else []


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
