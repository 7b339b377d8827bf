"""What is looked at on and in the car at its reception, and how it is judged. Plain Python.

Source: domain.md §3 step 2: interior items, tyres, brake pads, fluids, wipers and battery, each
green, yellow or red. What nobody looked at has no judgement: no box is ticked for all at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from workshop.errors import N_


class Grade(Enum):
    """How a check came out."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        return GRADE_LABELS[self]


GRADE_LABELS = {
    Grade.GREEN: N_("In order"),
    Grade.YELLOW: N_("Needs attention"),
    Grade.RED: N_("Defective"),
}


class CarCheck(Enum):
    """One thing that the advisor looks at together with the customer."""

    TYRES = "tyres"
    TYRE_AIR = "tyre_air"
    BRAKE_PADS = "brake_pads"
    FLUIDS = "fluids"
    BELTS = "belts"
    WIPERS = "wipers"
    BATTERY = "battery"
    AUDIO = "audio"
    AIR_CONDITIONING = "air_conditioning"
    WINDOWS = "windows"
    LOCKS = "locks"
    SEATS = "seats"
    ROOF = "roof"
    SOCKET = "socket"

    @property
    def label(self) -> str:
        return CHECK_LABELS[self]

    @property
    def hint(self) -> str:
        """What may be measured, as a msgid; empty when there is nothing to measure."""
        return MEASURES.get(self, "")


CHECK_LABELS = {
    CarCheck.TYRES: N_("Tyre tread"),
    CarCheck.TYRE_AIR: N_("Air in the tyres"),
    CarCheck.BRAKE_PADS: N_("Brake pads"),
    CarCheck.FLUIDS: N_("Oil, coolant, brake fluid, leaks"),
    CarCheck.BELTS: N_("Belts and hoses"),
    CarCheck.WIPERS: N_("Wipers and washer"),
    CarCheck.BATTERY: N_("Starter battery"),
    CarCheck.AUDIO: N_("Radio and screen"),
    CarCheck.AIR_CONDITIONING: N_("Air conditioning"),
    CarCheck.WINDOWS: N_("Windows"),
    CarCheck.LOCKS: N_("Locks"),
    CarCheck.SEATS: N_("Seats and belts"),
    CarCheck.ROOF: N_("Roof lining and sunroof"),
    CarCheck.SOCKET: N_("Lighter or 12 V socket"),
}
MEASURES = {
    CarCheck.TYRES: N_("mm, the least one"),
    CarCheck.TYRE_AIR: N_("bar"),
    CarCheck.BRAKE_PADS: N_("mm, the least one"),
    CarCheck.BATTERY: N_("V"),
}
OUTSIDE = tuple(CarCheck)[: tuple(CarCheck).index(CarCheck.AUDIO)]
INSIDE = tuple(CarCheck)[tuple(CarCheck).index(CarCheck.AUDIO) :]


@dataclass(frozen=True)
class Judgement:
    """How one check came out, with what was measured."""

    grade: Grade
    measure: str = ""


def to_plain(judged: Mapping[CarCheck, Judgement]) -> dict[str, Any]:
    """The judgements as plain values, in the order of the checks."""
    return {
        check.value: {"grade": judged[check].grade.value, "measure": judged[check].measure}
        for check in CarCheck
        if check in judged
    }


def from_plain(kept: Mapping[str, Any]) -> dict[CarCheck, Judgement]:
    """The judgements that plain values stand for."""
    return {
        CarCheck(name): Judgement(Grade(each["grade"]), each["measure"])
        for name, each in kept.items()
    }


class PayWay(Enum):
    """How the customer means to pay (domain.md §3 step 3, service authorisation)."""

    CASH = "cash"
    CARD = "card"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    TRANSFER = "transfer"
    ACCOUNT = "account"

    @property
    def label(self) -> str:
        return PAY_LABELS[self]


PAY_LABELS = {
    PayWay.CASH: N_("Cash"),
    PayWay.CARD: N_("Bank card"),
    PayWay.WECHAT: N_("WeChat Pay"),
    PayWay.ALIPAY: N_("Alipay"),
    PayWay.TRANSFER: N_("Bank transfer"),
    PayWay.ACCOUNT: N_("On account"),
}
