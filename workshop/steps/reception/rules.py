"""The words and rules of interactive reception. Plain Python.

Source: domain.md §3 step 2 (interactive reception, walk-around inspection).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from workshop.errors import N_, Invalid, Missing
from workshop.money import round_half_up

EIGHTHS = 8
MOST_KM = 2_000_000


class CoverKind(Enum):
    """The protective covers, put on in front of the customer."""

    SEAT = "seat"
    STEERING_WHEEL = "steering_wheel"
    FLOOR_MAT = "floor_mat"
    GEAR_LEVER = "gear_lever"
    HANDBRAKE = "handbrake"

    @property
    def label(self) -> str:
        return COVER_LABELS[self]


COVER_LABELS = {
    CoverKind.SEAT: N_("Seat cover"),
    CoverKind.STEERING_WHEEL: N_("Steering wheel cover"),
    CoverKind.FLOOR_MAT: N_("Floor mat cover"),
    CoverKind.GEAR_LEVER: N_("Gear lever cover"),
    CoverKind.HANDBRAKE: N_("Handbrake cover"),
}
# The set of three; lever and handbrake covers fit only cars that have one.
REQUIRED_COVERS = (CoverKind.SEAT, CoverKind.STEERING_WHEEL, CoverKind.FLOOR_MAT)


class WarningLamp(Enum):
    """What is lit on the dashboard."""

    ENGINE = "engine"
    OIL = "oil"
    BATTERY = "battery"
    COOLANT = "coolant"
    BRAKE = "brake"
    ABS = "abs"
    AIRBAG = "airbag"
    TYRE_PRESSURE = "tyre_pressure"
    HIGH_VOLTAGE = "high_voltage"
    OTHER = "other"

    @property
    def label(self) -> str:
        return LAMP_LABELS[self]


LAMP_LABELS = {
    WarningLamp.ENGINE: N_("Engine"),
    WarningLamp.OIL: N_("Oil pressure"),
    WarningLamp.BATTERY: N_("Battery charge"),
    WarningLamp.COOLANT: N_("Coolant"),
    WarningLamp.BRAKE: N_("Brake"),
    WarningLamp.ABS: N_("ABS"),
    WarningLamp.AIRBAG: N_("Airbag"),
    WarningLamp.TYRE_PRESSURE: N_("Tyre pressure"),
    WarningLamp.HIGH_VOLTAGE: N_("High voltage"),
    WarningLamp.OTHER: N_("Another lamp"),
}


class BoardItem(Enum):
    """What stays in the car and must still be there at the handover."""

    SPARE_WHEEL = "spare_wheel"
    JACK = "jack"
    TOOL_KIT = "tool_kit"
    TRIANGLE = "triangle"
    EXTINGUISHER = "extinguisher"
    CHARGER = "charger"
    FLOOR_MATS = "floor_mats"
    CHILD_SEAT = "child_seat"
    DASHCAM = "dashcam"
    TOLL_UNIT = "toll_unit"

    @property
    def label(self) -> str:
        return ITEM_LABELS[self]


ITEM_LABELS = {
    BoardItem.SPARE_WHEEL: N_("Spare wheel"),
    BoardItem.JACK: N_("Jack"),
    BoardItem.TOOL_KIT: N_("Tool kit"),
    BoardItem.TRIANGLE: N_("Warning triangle"),
    BoardItem.EXTINGUISHER: N_("Fire extinguisher"),
    BoardItem.CHARGER: N_("Portable charger"),
    BoardItem.FLOOR_MATS: N_("Floor mats"),
    BoardItem.CHILD_SEAT: N_("Child seat"),
    BoardItem.DASHCAM: N_("Dashcam"),
    BoardItem.TOLL_UNIT: N_("Toll unit (ETC)"),
}


class Paper(Enum):
    """Papers that the customer leaves with us."""

    VEHICLE_LICENCE = "vehicle_licence"
    SERVICE_BOOKLET = "service_booklet"
    WARRANTY_BOOKLET = "warranty_booklet"
    INSURANCE = "insurance"

    @property
    def label(self) -> str:
        return PAPER_LABELS[self]


PAPER_LABELS = {
    Paper.VEHICLE_LICENCE: N_("Vehicle licence"),
    Paper.SERVICE_BOOKLET: N_("Service booklet"),
    Paper.WARRANTY_BOOKLET: N_("Warranty booklet"),
    Paper.INSURANCE: N_("Insurance policy"),
}


class Question(Enum):
    """The concern interview (5W2H); the concern itself says what."""

    WHAT = "what"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    WHY = "why"
    HOW = "how"
    HOW_OFTEN = "how_often"

    @property
    def label(self) -> str:
        return QUESTION_LABELS[self]

    @property
    def hint(self) -> str:
        return QUESTION_HINTS[self]


QUESTION_LABELS = {
    Question.WHAT: N_("What exactly?"),
    Question.WHEN: N_("Since when, and when does it come?"),
    Question.WHERE: N_("Where on the car?"),
    Question.WHO: N_("Who was driving?"),
    Question.WHY: N_("What happened before?"),
    Question.HOW: N_("How does it show?"),
    Question.HOW_OFTEN: N_("How often, how strong?"),
}
QUESTION_HINTS = {
    Question.WHAT: N_("Noise, smell, vibration"),
    Question.WHEN: N_("Cold, warm, when braking"),
    Question.WHERE: N_("Front left, below, inside"),
    Question.WHO: N_("Owner, family, driver"),
    Question.WHY: N_("A repair, a kerb, rain"),
    Question.HOW: N_("Speed, road, steering"),
    Question.HOW_OFTEN: N_("Always, sometimes, once"),
}


class OldParts(Enum):
    """What becomes of the replaced parts."""

    TAKE = "take"
    DISPOSE = "dispose"

    @property
    def label(self) -> str:
        return N_("Customer takes them") if self is OldParts.TAKE else N_("We dispose of them")


@dataclass(frozen=True)
class Facts:
    """What the walk-around has so far, for its gate."""

    is_identified: bool
    has_mileage: bool
    has_energy: bool
    is_electric: bool
    unchecked_views: Collection[str]
    open_covers: Collection[CoverKind]
    valuables_asked: bool


def missing_to_sign(facts: Facts) -> list[Missing]:
    """What the walk-around lacks before the customer can sign it."""
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


def percent_of_eighths(eighths: int) -> int:
    """A fuel gauge's eighths as a percentage, kept whole: 3 → 38. Raises Invalid."""
    if not 0 <= eighths <= EIGHTHS:
        raise Invalid(N_("A fuel gauge has eight eighths."), field="level")
    return round_half_up(eighths * 100, EIGHTHS)


def eighths_of_percent(percent: int) -> int:
    """The nearest eighth of a fuel gauge: 38 → 3."""
    return round_half_up(percent * EIGHTHS, 100)


def check_mileage(km: int) -> int:
    """Refuse what no odometer shows. Raises Invalid."""
    if not 0 <= km <= MOST_KM:
        raise Invalid(
            N_("A mileage lies between 0 and %(most)s km."), field="mileage_km", most=MOST_KM
        )
    return km


def turn(arrived_at: datetime, slot_at: datetime | None, at: datetime) -> tuple[bool, datetime]:
    """The sort key of a waiting car: booked cars whose slot has come, then by arrival."""
    if slot_at is not None and slot_at <= at:
        return False, slot_at
    return True, arrived_at
