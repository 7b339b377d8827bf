"""The named places of the drawn car, and what can be wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.enums import LabelledEnum
from workshop.errors import N_, Invalid
from workshop.steps.reception.car.shapes import DRAWINGS, CarView


class DamageKind(LabelledEnum):
    """What is wrong with the place."""

    SCRATCH = "scratch", N_("Scratch")
    DENT = "dent", N_("Dent")
    CRACK = "crack", N_("Crack")
    PAINT = "paint", N_("Paint chip")
    RUST = "rust", N_("Rust")
    BROKEN = "broken", N_("Broken")
    MISSING = "missing", N_("Part missing")


@dataclass(frozen=True)
class Zone:
    """A named place: its code, the msgid of its name, and where its middle is."""

    code: str
    label: str
    view: CarView
    x: int
    y: int


def _side_zones(view: CarView, names: tuple[str, ...]) -> tuple[Zone, ...]:
    places = (
        ("front_wing", 240, 158),
        ("front_door", 452, 200),
        ("rear_door", 640, 194),
        ("rear_wing", 862, 190),
        ("sill", 486, 258),
        ("front_bumper", 70, 226),
        ("rear_bumper", 920, 232),
        ("front_wheel", 207, 250),
        ("rear_wheel", 761, 250),
        ("front_window", 478, 98),
        ("rear_window", 660, 92),
        ("mirror", 370, 120),
    )
    width = DRAWINGS[view].width
    return tuple(
        Zone(f"{view.value}_{code}", label, view, width - x if view is CarView.RIGHT else x, y)
        for (code, x, y), label in zip(places, names, strict=True)
    )


ZONES: tuple[Zone, ...] = (
    Zone("front_bumper", N_("Front bumper"), CarView.FRONT, 210, 268),
    Zone("grille", N_("Grille"), CarView.FRONT, 210, 208),
    # Left and right are the car's: in the front view they change sides.
    Zone("right_headlight", N_("Right headlight"), CarView.FRONT, 86, 190),
    Zone("left_headlight", N_("Left headlight"), CarView.FRONT, 334, 190),
    Zone("windscreen", N_("Windscreen"), CarView.FRONT, 210, 92),
    *_side_zones(
        CarView.LEFT,
        (
            N_("Left front wing"),
            N_("Left front door"),
            N_("Left rear door"),
            N_("Left rear wing"),
            N_("Left sill"),
            N_("Front bumper, left end"),
            N_("Rear bumper, left end"),
            N_("Left front wheel"),
            N_("Left rear wheel"),
            N_("Left front window"),
            N_("Left rear window"),
            N_("Left mirror"),
        ),
    ),
    Zone("rear_bumper", N_("Rear bumper"), CarView.REAR, 210, 248),
    Zone("boot_lid", N_("Boot lid"), CarView.REAR, 210, 148),
    Zone("left_tail_light", N_("Left tail light"), CarView.REAR, 92, 176),
    Zone("right_tail_light", N_("Right tail light"), CarView.REAR, 328, 176),
    Zone("rear_screen", N_("Rear screen"), CarView.REAR, 210, 92),
    *_side_zones(
        CarView.RIGHT,
        (
            N_("Right front wing"),
            N_("Right front door"),
            N_("Right rear door"),
            N_("Right rear wing"),
            N_("Right sill"),
            N_("Front bumper, right end"),
            N_("Rear bumper, right end"),
            N_("Right front wheel"),
            N_("Right rear wheel"),
            N_("Right front window"),
            N_("Right rear window"),
            N_("Right mirror"),
        ),
    ),
    Zone("bonnet", N_("Bonnet"), CarView.TOP, 190, 200),
    Zone("roof", N_("Roof"), CarView.TOP, 640, 200),
    Zone("sunroof", N_("Sunroof"), CarView.TOP, 532, 200),
    Zone("boot_top", N_("Boot lid, top"), CarView.TOP, 900, 200),
)
_BY_CODE = {zone.code: zone for zone in ZONES}


def get_zone(code: str) -> Zone:
    """The named place. Raises Invalid."""
    zone = _BY_CODE.get(code)
    if zone is None:
        raise Invalid(N_("Choose the place on the car."), field="zone")
    return zone


def nearest_zone(view: CarView, x: int, y: int) -> Zone:
    """The named place of the view that lies nearest to a point."""
    return min(
        (zone for zone in ZONES if zone.view is view),
        key=lambda zone: (zone.x - x) ** 2 + (zone.y - y) ** 2,
    )


def place(code: str, view: CarView | None, x: int | None, y: int | None) -> tuple[Zone, int, int]:
    """Where a mark goes: the tapped point, or the middle of the place chosen from the list.

    A point on another view than the chosen place's is forgotten. Raises Invalid.
    """
    zone = get_zone(code)
    drawing = DRAWINGS[zone.view]
    if view is not zone.view or x is None or y is None:
        return zone, zone.x, zone.y
    return zone, min(max(x, 0), drawing.width), min(max(y, 0), drawing.height)
