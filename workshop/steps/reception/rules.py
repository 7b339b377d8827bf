"""The words and rules of interactive reception. Plain Python.

Source: domain.md §3 step 2 (interactive reception, walk-around inspection).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from workshop.enums import LabelledEnum
from workshop.errors import N_, Invalid
from workshop.money import round_half_up

EIGHTHS = 8
MOST_KM = 2_000_000


class CoverKind(LabelledEnum):
    """The protective covers, put on in front of the customer."""

    SEAT = "seat", N_("Seat cover")
    STEERING_WHEEL = "steering_wheel", N_("Steering wheel cover")
    FLOOR_MAT = "floor_mat", N_("Floor mat cover")
    GEAR_LEVER = "gear_lever", N_("Gear lever cover")
    HANDBRAKE = "handbrake", N_("Handbrake cover")


# The set of three; lever and handbrake covers fit only cars that have one.
REQUIRED_COVERS = (CoverKind.SEAT, CoverKind.STEERING_WHEEL, CoverKind.FLOOR_MAT)


class WarningLamp(LabelledEnum):
    """What is lit on the dashboard."""

    ENGINE = "engine", N_("Engine")
    OIL = "oil", N_("Oil pressure")
    BATTERY = "battery", N_("Battery charge")
    COOLANT = "coolant", N_("Coolant")
    BRAKE = "brake", N_("Brake")
    ABS = "abs", N_("ABS")
    AIRBAG = "airbag", N_("Airbag")
    TYRE_PRESSURE = "tyre_pressure", N_("Tyre pressure")
    HIGH_VOLTAGE = "high_voltage", N_("High voltage")
    OTHER = "other", N_("Another lamp")


class BoardItem(LabelledEnum):
    """What stays in the car and must still be there at the handover."""

    SPARE_WHEEL = "spare_wheel", N_("Spare wheel")
    JACK = "jack", N_("Jack")
    TOOL_KIT = "tool_kit", N_("Tool kit")
    TRIANGLE = "triangle", N_("Warning triangle")
    EXTINGUISHER = "extinguisher", N_("Fire extinguisher")
    CHARGER = "charger", N_("Portable charger")
    FLOOR_MATS = "floor_mats", N_("Floor mats")
    CHILD_SEAT = "child_seat", N_("Child seat")
    DASHCAM = "dashcam", N_("Dashcam")
    TOLL_UNIT = "toll_unit", N_("Toll unit (ETC)")


class Paper(LabelledEnum):
    """Papers that the customer leaves with us."""

    VEHICLE_LICENCE = "vehicle_licence", N_("Vehicle licence")
    SERVICE_BOOKLET = "service_booklet", N_("Service booklet")
    WARRANTY_BOOKLET = "warranty_booklet", N_("Warranty booklet")
    INSURANCE = "insurance", N_("Insurance policy")


class Question(LabelledEnum):
    """The concern interview (5W2H); the concern itself says what."""

    WHAT = "what", N_("What exactly?")
    WHEN = "when", N_("Since when, and when does it come?")
    WHERE = "where", N_("Where on the car?")
    WHO = "who", N_("Who was driving?")
    WHY = "why", N_("What happened before?")
    HOW = "how", N_("How does it show?")
    HOW_OFTEN = "how_often", N_("How often, how strong?")

    @property
    def hint(self) -> str:
        return QUESTION_HINTS[self]


QUESTION_HINTS = {
    Question.WHAT: N_("Noise, smell, vibration"),
    Question.WHEN: N_("Cold, warm, when braking"),
    Question.WHERE: N_("Front left, below, inside"),
    Question.WHO: N_("Owner, family, driver"),
    Question.WHY: N_("A repair, a kerb, rain"),
    Question.HOW: N_("Speed, road, steering"),
    Question.HOW_OFTEN: N_("Always, sometimes, once"),
}


class PhotoOf(LabelledEnum):
    """What a photo of the walk-around shows: a side of the car, as it came, or its dashboard."""

    FRONT = "front", N_("Front")
    LEFT = "left", N_("Left side")
    REAR = "rear", N_("Rear")
    RIGHT = "right", N_("Right side")
    TOP = "top", N_("From above")
    DIAL = "dial", N_("Dashboard")


class OldParts(LabelledEnum):
    """What becomes of the replaced parts."""

    TAKE = "take", N_("Customer takes them")
    DISPOSE = "dispose", N_("We dispose of them")


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
