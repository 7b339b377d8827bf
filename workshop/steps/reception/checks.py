"""What is looked at on and in the car at its reception, and how it is judged. Plain Python.

Source: domain.md §3 step 2: interior items, tyres, brake pads, fluids, wipers and battery, each
green, yellow or red. What nobody looked at has no judgement: no box is ticked for all at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workshop.enums import LabelledEnum
from workshop.errors import N_


class Grade(LabelledEnum):
    """How a check came out."""

    GREEN = "green", N_("In order")
    YELLOW = "yellow", N_("Needs attention")
    RED = "red", N_("Defective")

    @property
    def is_red(self) -> bool:
        return self is Grade.RED


class CarCheck(LabelledEnum):
    """One thing that the advisor looks at together with the customer."""

    TYRES = "tyres", N_("Tyre tread")
    TYRE_AIR = "tyre_air", N_("Air in the tyres")
    BRAKE_PADS = "brake_pads", N_("Brake pads")
    FLUIDS = "fluids", N_("Oil, coolant, brake fluid, leaks")
    BELTS = "belts", N_("Belts and hoses")
    WIPERS = "wipers", N_("Wipers and washer")
    BATTERY = "battery", N_("Starter battery")
    AUDIO = "audio", N_("Radio and screen")
    AIR_CONDITIONING = "air_conditioning", N_("Air conditioning")
    WINDOWS = "windows", N_("Windows")
    LOCKS = "locks", N_("Locks")
    SEATS = "seats", N_("Seats and belts")
    ROOF = "roof", N_("Roof lining and sunroof")
    SOCKET = "socket", N_("Lighter or 12 V socket")

    @property
    def hint(self) -> str:
        """What may be measured, as a msgid; empty when there is nothing to measure."""
        return MEASURES.get(self, "")


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


class PayWay(LabelledEnum):
    """How the customer means to pay (domain.md §3 step 3, service authorisation)."""

    CASH = "cash", N_("Cash")
    CARD = "card", N_("Bank card")
    WECHAT = "wechat", N_("WeChat Pay")
    ALIPAY = "alipay", N_("Alipay")
    TRANSFER = "transfer", N_("Bank transfer")
    ACCOUNT = "account", N_("On account")
