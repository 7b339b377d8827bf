"""What the reception still needs before the customer can sign."""

from __future__ import annotations

from sqlalchemy import select

from workshop.customers.models import EnergyType
from workshop.db import session
from workshop.errors import N_, Missing, Way
from workshop.orders import ticks
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import RepairOrder
from workshop.orders.ticks import Tick
from workshop.steps.reception import queries, rules
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.models import WalkaroundSigning
from workshop.steps.reception.rules import Facts


def missing_to_sign(order: RepairOrder) -> list[Missing]:
    """What the walk-around needs before the customer can sign it."""
    walkaround = queries.find_walkaround(order)
    fitted, checked = queries.covers(order), queries.view_checks(order)
    no_vin_reason = walkaround.no_vin_reason if walkaround else ""
    facts = Facts(
        is_identified=bool(order.vehicle.vin or no_vin_reason),
        has_mileage=order.mileage_km is not None,
        has_energy=order.energy_percent is not None,
        is_electric=order.vehicle.energy is EnergyType.ELECTRIC,
        unchecked_views=[view.value for view in CarView if view not in checked],
        open_covers=[kind for kind in rules.REQUIRED_COVERS if kind not in fitted],
        valuables_asked=walkaround is not None and walkaround.valuables_asked_at is not None,
    )
    return missing_in(facts)


def missing(order: RepairOrder) -> list[Missing]:
    """What the reception needs before the flow can leave it; nothing once it is past."""
    if order.stage is not Stage.RECEPTION:
        return []
    unsigned = Missing(N_("The walk-around is not signed by the customer."), "signature")
    return [*missing_to_sign(order), unsigned]


def missing_in(facts: Facts) -> list[Missing]:
    """What the walk-around needs before the customer can sign it."""
    missing = []
    if not facts.is_identified:
        missing.append(Missing(N_("The VIN is not read, and nobody said why."), "vin"))
    if not facts.has_mileage:
        missing.append(Missing(N_("The mileage is not read."), "mileage"))
    if not facts.has_energy:
        missing.append(_missing_energy(facts.is_electric))
    if facts.unchecked_views:
        missing.append(
            Missing(
                N_("The walk round the car is not confirmed: %(count)s views are open."),
                "views",
                {"count": len(facts.unchecked_views)},
            )
        )
    if facts.open_covers:
        missing.append(Missing(N_("The protective covers are not fitted."), "covers"))
    if not facts.valuables_asked:
        missing.append(Missing(N_("The customer was not asked about valuables."), "valuables"))
    return missing


def _missing_energy(is_electric: bool) -> Missing:
    if is_electric:
        return Missing(N_("The charge level is not read."), "energy")
    return Missing(N_("The fuel level is not read."), "energy")


def tick(order: RepairOrder) -> Tick:
    """How far the step is: done with the customer's signature under the walk-around."""
    walkaround = queries.find_walkaround(order)
    if walkaround is not None and walkaround.signed_at is not None:
        return ticks.DONE
    return ticks.OPEN


def missing_to_take_back(order: RepairOrder) -> list[Missing]:
    """Why the reception cannot be taken back any more: the customer has signed."""
    signings = select(WalkaroundSigning.id).where(WalkaroundSigning.order_id == order.id).limit(1)
    is_signed = session.scalar(signings) is not None
    if permits(order.stage, Action.EDIT_RECEPTION) and not is_signed:
        return []
    words = N_("The customer has signed. Cancel the order instead.")
    way = Way("reception.show", N_("Open the reception"), {"no": order.no})
    return [Missing(words, "signed", way=way)]
