"""What a row of cars may leave open: whose the car is, and on which car the plate is."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.errors import N_
from workshop.setup.imports.kind import Note
from workshop.setup.imports.kinds.cars import Car
from workshop.setup.imports.kinds.owners import Owner
from workshop.setup.imports.kinds.sides import Option, Side
from workshop.sheets import Words

_TWO_OWNERS = N_("One car, two owners")
_KEEP = N_("Keep the owner that is there, take the rest")
_CHANGE = N_("The car belongs to the owner of the file")


def two_owners(car: Car, owner: Owner) -> Side | None:
    """Asked of a car that is somebody else's here; None when there is nothing to ask."""
    if owner.id is None or owner.id == car.owner:
        return None
    words = N_("The car is %(first)s's here, the file says %(second)s's.")
    said = Words(words, {"first": car.owner_name, "second": owner.name})
    return Side("two_owners", _TWO_OWNERS, said, _keep_or_change(owner))


def two_owners_in_file(earlier: Car, owner: Owner) -> Side | None:
    """Asked of a car that an earlier line gives to somebody else."""
    options = [each for each in _keep_or_change(owner) if each.of is None or each.of.id is not None]
    others = [each for each in options if each.of is not None and each.of.key != earlier.owner]
    if not others:
        return None
    words = N_("Line %(line)s says that the car is %(first)s's, this line says %(second)s's.")
    second = others[0].of.name
    values = {"line": earlier.line, "first": earlier.owner_name, "second": second}
    return Side("two_owners", _TWO_OWNERS, Words(words, values), (options[0], *others))


def _keep_or_change(owner: Owner) -> tuple[Option, ...]:
    keep = Option("keep", _KEEP)
    if owner.side is None or len(owner.side.options) == 1:
        return keep, Option("change", _CHANGE, owner)
    asked = [Option(f"change_{each.value}", each.label, each.of) for each in owner.side.options]
    return keep, *asked


def plate_taken(holder: Car) -> Side:
    """Asked of a plate that is on another car here; the answers say whether it has moved."""
    words = N_("Here the plate is on a car with another VIN (%(vin)s), of %(owner)s.")
    return Side(
        "plate_taken",
        N_("One plate, two cars"),
        Words(words, {"vin": holder.vin or "—", "owner": holder.owner_name}),
        (
            Option("move", N_("The plate has moved to the car of the file"), True),
            Option("without", N_("Take the car of the file without its plate"), False),
        ),
    )


def several(plates: Sequence[str]) -> Side:
    """Asked of a cell with several plates."""
    words = N_("The cell names %(count)s cars: %(plates)s.")
    said = Words(words, {"count": len(plates), "plates": list(plates)})
    options = (Option("cars", N_("A car for each plate")),)
    return Side("several_plates", N_("Several plates in one cell"), said, options)


def about(owner: Owner) -> list[Note]:
    """What is unsure of an owner of whom nothing is asked."""
    said = owner.unknown or (owner.side.said if owner.side else None)
    return [Note(said, "owner_phone")] if said else []
