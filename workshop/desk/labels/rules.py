"""Which labels there are, and the sizes that usual label rolls have. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workshop.enums import LabelledEnum
from workshop.errors import N_


class LabelKind(LabelledEnum):
    """What a label is for."""

    PART = "part", N_("Part")
    BASKET = "basket", N_("Basket")
    KEY = "key", N_("Key tag")
    TYRE = "tyre", N_("Stored wheel")


class LabelSize(LabelledEnum):
    """Width by height in millimetres, as rolls are sold."""

    SMALL = "40x30", N_("40 × 30 mm")
    MIDDLE = "60x40", N_("60 × 40 mm")
    LARGE = "100x70", N_("100 × 70 mm")

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height."""
        width, height = self.value.split("x")
        return float(width), float(height)


USUAL = {
    LabelKind.PART: LabelSize.SMALL,
    LabelKind.BASKET: LabelSize.LARGE,
    LabelKind.KEY: LabelSize.MIDDLE,
    LabelKind.TYRE: LabelSize.LARGE,
}
MOST_COPIES = 50


class Wheel(LabelledEnum):
    """Where a stored wheel was on the car."""

    FRONT_LEFT = "fl", N_("Front left")
    FRONT_RIGHT = "fr", N_("Front right")
    REAR_LEFT = "rl", N_("Rear left")
    REAR_RIGHT = "rr", N_("Rear right")


Sizes = Mapping[LabelKind, LabelSize]


def read(kept: Mapping[str, Any]) -> dict[LabelKind, LabelSize]:
    """The sizes as they are kept; the usual one for what is not kept or not known."""
    known = {each.value: each for each in LabelSize}
    return {kind: known.get(str(kept.get(kind.value, "")), usual) for kind, usual in USUAL.items()}


def plain(sizes: Sizes) -> dict[str, str]:
    """The sizes as they are kept."""
    return {kind.value: size.value for kind, size in sizes.items()}
