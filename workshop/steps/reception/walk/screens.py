"""What the phone shows one after the other, and what of it is still missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from workshop.errors import N_, Missing
from workshop.orders.models import RepairOrder
from workshop.steps.reception import queries, rules
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.rules import CoverKind, Question


@dataclass(frozen=True)
class Screen:
    """One thing to do at the car.

    `facts` are what the gate still needs of it, by the names of the acts that bring them.
    """

    code: str
    label: str
    is_needed: bool
    facts: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return bool(self.facts)

    @property
    def view(self) -> CarView | None:
        """The side of the car that the screen is about."""
        return next((view for view in CarView if view.value == self.code), None)


@dataclass(frozen=True)
class Open:
    """A missing fact in the gate's own words, the acts that bring it, and where they are done."""

    missing: Missing
    facts: tuple[str, ...]
    screen: str


def list_screens(order: RepairOrder, missing: Sequence[Missing]) -> list[Screen]:
    """The screens in the order in which people go; any of them can be opened at any time."""
    needed = _facts(order, {each.code for each in missing})
    rows = (
        ("vin", N_("Car"), True),
        ("gauges", N_("Dashboard"), True),
        *((view.value, view.label, True) for view in CarView),
        ("covers", N_("Protective covers"), True),
        ("valuables", N_("Valuables"), True),
        ("items", N_("Keys and papers"), False),
        ("concern", N_("Concern"), False),
        ("wishes", N_("Wishes"), False),
        ("sign", N_("Signature"), True),
    )
    return [Screen(code, label, is_needed, needed.get(code, ())) for code, label, is_needed in rows]


def _facts(order: RepairOrder, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    checked, fitted = queries.view_checks(order), queries.covers(order)
    facts: dict[str, tuple[str, ...]] = {
        view.value: (f"view-{view.value}",) for view in CarView if view not in checked
    }
    facts["covers"] = tuple(_cover(each) for each in rules.REQUIRED_COVERS if each not in fitted)
    facts["vin"] = ("vin",) if "vin" in codes else ()
    facts["gauges"] = ("gauges",) if {"mileage", "energy"} & set(codes) else ()
    facts["valuables"] = ("valuables",) if "valuables" in codes else ()
    return {**facts, "sign": ("all",)}


def _cover(kind: CoverKind) -> str:
    return f"cover-{kind.value}"


def list_open(screens: Sequence[Screen], missing: Sequence[Missing]) -> list[Open]:
    """What the customer's signature still needs: the words that the desk shows, too."""
    by_code = {screen.code: screen for screen in screens}
    found = []
    for each in missing:
        places = [by_code[code] for code in _PLACES.get(each.code, ()) if by_code[code].is_open]
        facts = tuple(fact for place in places for fact in place.facts)
        found.append(Open(each, facts, places[0].code if places else "sign"))
    return found


_PLACES = {
    "vin": ("vin",),
    "mileage": ("gauges",),
    "energy": ("gauges",),
    "views": tuple(view.value for view in CarView),
    "covers": ("covers",),
    "valuables": ("valuables",),
}

# What customers answer most, a tap instead of typing; the field takes any words.
ANSWERS: dict[Question, tuple[str, ...]] = {
    Question.WHAT: (N_("Noise"), N_("Vibration"), N_("Smell"), N_("Leak"), N_("Loss of power")),
    Question.WHEN: (N_("Cold"), N_("Warm"), N_("When braking"), N_("When turning"), N_("At idle")),
    Question.WHERE: (
        N_("Front left"),
        N_("Front right"),
        N_("Rear left"),
        N_("Rear right"),
        N_("Engine bay"),
        N_("Below"),
        N_("Inside"),
    ),
    Question.HOW: (N_("In town"), N_("On the motorway"), N_("On bad roads"), N_("In rain")),
    Question.HOW_OFTEN: (N_("Always"), N_("Often"), N_("Sometimes"), N_("Once")),
}
