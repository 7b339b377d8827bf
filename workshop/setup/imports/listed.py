"""All kinds of rows that can be brought along, in the order in which a new shop brings them."""

from __future__ import annotations

from workshop.errors import N_, NotFound
from workshop.setup.imports.kind import Kind, Place
from workshop.setup.imports.kinds.appointment_list.appointments import APPOINTMENTS
from workshop.setup.imports.kinds.customers import CUSTOMERS
from workshop.setup.imports.kinds.history import HISTORY
from workshop.setup.imports.kinds.operations import OPERATIONS
from workshop.setup.imports.kinds.packages import PACKAGES
from workshop.setup.imports.kinds.parts import PARTS
from workshop.setup.imports.kinds.staff_list.staff import STAFF
from workshop.setup.imports.kinds.suppliers import SUPPLIERS
from workshop.setup.imports.kinds.vehicles import VEHICLES

KINDS: tuple[Kind, ...] = (
    CUSTOMERS, VEHICLES, STAFF, OPERATIONS, PACKAGES, SUPPLIERS, PARTS, HISTORY,
    APPOINTMENTS,
)  # fmt: skip


# Where else rows may be used; kinds name the places of their own tables.
_PLACES = {
    "appointment": Place(N_("Appointment")),
    "repair_order": Place(N_("Repair order")),
    "quotation_line": Place(N_("Quotation")),
    "odometer_reading": Place(N_("Mileage")),
    "deferred_work": Place(N_("Deferred work")),
    "sign_in": Place(N_("Sign-in")),
    "allocation": Place(N_("Plan of the day")),
}
OTHER_RECORDS = N_("other records")


def place_of(table: str) -> Place | None:
    """What a row of this table is called, and where it is looked at."""
    for kind in KINDS:
        if table in kind.places:
            return kind.places[table]
    return _PLACES.get(table)


def get_kind(name: str) -> Kind:
    """The kind of this name; raises NotFound."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise NotFound(N_("There is no such kind of import."))
