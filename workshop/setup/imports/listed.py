"""All kinds of rows that can be brought along, in the order in which a new shop brings them."""

from __future__ import annotations

from workshop.errors import N_, NotFound
from workshop.setup.imports.kind import Kind
from workshop.setup.imports.kinds.customers import CUSTOMERS
from workshop.setup.imports.kinds.vehicles import VEHICLES

KINDS: tuple[Kind, ...] = (CUSTOMERS, VEHICLES)


def get_kind(name: str) -> Kind:
    """The kind of this name; raises NotFound."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise NotFound(N_("There is no such kind of import."))
