"""The shapes of the drawn car: five views, one source for the page and for the printed sheet.

Lengths are units of each view's box, the origin at its upper left; about 193 units are a metre.
The car looks to the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workshop.enums import LabelledEnum
from workshop.errors import N_


class CarView(LabelledEnum):
    """One side of the car, in the order in which people walk round it."""

    FRONT = "front", N_("Front")
    LEFT = "left", N_("Left side")
    REAR = "rear", N_("Rear")
    RIGHT = "right", N_("Right side")
    TOP = "top", N_("From above")


class Tone(Enum):
    """How a shape is painted."""

    BODY = "body"
    GLASS = "glass"
    LAMP = "lamp"
    TAIL = "tail"
    DARK = "dark"
    TYRE = "tyre"
    RIM = "rim"
    LINE = "line"


@dataclass(frozen=True)
class Shape:
    """A path of absolute M, L, C and Z, or a circle when `radius` is set (centre in `path`)."""

    tone: Tone
    path: str
    radius: float = 0


@dataclass(frozen=True)
class Drawing:
    """One view of the car."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    is_mirrored: bool = False


def _both(
    tone: Tone, path: str, width: float | None = None, height: float | None = None
) -> tuple[Shape, Shape]:
    """The shape and its mirror image: across the middle of `width`, or of `height`."""
    return Shape(tone, path), Shape(tone, mirrored(path, width, height))


def mirrored(path: str, width: float | None = None, height: float | None = None) -> str:
    """A path mirrored from left to right (`width`) or from top to bottom (`height`)."""
    words: list[str] = []
    is_x = True
    for word in path.split():
        if word in "MLCZ":
            words.append(word)
            continue
        side = width if is_x else height
        words.append(f"{side - float(word):g}" if side is not None else word)
        is_x = not is_x
    return " ".join(words)


def _wheel(x: float, y: float) -> tuple[Shape, ...]:
    spokes = (
        f"M {x:g} {y - 12:g} L {x:g} {y - 39:g} M {x + 11.4:g} {y - 3.7:g} L {x + 37.1:g} "
        f"{y - 12:g} M {x + 7:g} {y + 9.7:g} L {x + 22.9:g} {y + 31.6:g} M {x - 7:g} {y + 9.7:g} "
        f"L {x - 22.9:g} {y + 31.6:g} M {x - 11.4:g} {y - 3.7:g} L {x - 37.1:g} {y - 12:g}"
    )
    return (
        Shape(Tone.TYRE, f"{x:g} {y:g}", 62),
        Shape(Tone.RIM, f"{x:g} {y:g}", 43),
        Shape(Tone.LINE, spokes),
        Shape(Tone.DARK, f"{x:g} {y:g}", 9),
    )


_SIDE_SHAPES = (
    Shape(
        Tone.BODY,
        "M 40 240 C 30 224 28 204 36 188 C 44 174 66 165 96 160 C 168 147 246 139 322 131 "
        "C 376 94 430 58 492 42 C 562 27 660 27 722 45 C 776 63 830 96 868 121 "
        "C 902 123 938 126 954 134 C 968 144 971 162 970 188 C 973 206 971 228 962 243 "
        "C 950 256 908 262 840 264 C 842 140 678 140 682 268 L 288 268 "
        "C 292 140 128 140 130 260 L 62 254 C 50 251 44 247 40 240 Z",
    ),
    Shape(
        Tone.GLASS,
        "M 350 130 C 394 98 438 71 497 57 C 518 52 536 50 554 49 L 551 127 Z",
    ),
    Shape(
        Tone.GLASS,
        "M 568 48 C 620 45 668 48 704 60 C 744 74 782 98 806 118 L 740 122 L 566 126 Z",
    ),
    Shape(Tone.LAMP, "M 42 190 C 66 174 98 167 136 165 C 126 180 92 192 46 195 Z"),
    Shape(Tone.TAIL, "M 968 152 C 940 147 914 149 890 153 C 904 166 936 174 970 175 Z"),
    Shape(Tone.DARK, "M 354 129 C 346 114 362 107 384 111 L 390 128 Z"),
    Shape(Tone.LINE, "M 346 134 C 336 176 340 226 350 266"),
    Shape(Tone.LINE, "M 559 128 C 562 180 562 226 560 266"),
    Shape(Tone.LINE, "M 812 120 C 806 158 768 168 732 178 C 694 192 680 228 678 262"),
    Shape(Tone.LINE, "M 150 182 C 330 160 700 152 884 156"),
    Shape(Tone.LINE, "M 356 246 L 672 246"),
    Shape(Tone.LINE, "M 742 65 L 738 121"),
    Shape(Tone.DARK, "M 496 164 L 540 162 L 540 168 L 496 170 Z"),
    Shape(Tone.DARK, "M 704 160 L 748 158 L 748 164 L 704 166 Z"),
    *_wheel(207, 250),
    *_wheel(761, 250),
)

_TOP_SHAPES = (
    *_both(Tone.DARK, "M 372 30 C 364 12 388 2 408 12 L 412 30 Z", height=400),
    Shape(
        Tone.BODY,
        "M 32 200 C 32 132 42 76 82 52 C 130 32 200 27 282 27 L 780 27 C 860 27 922 38 947 74 "
        "C 963 104 968 150 968 200 C 968 250 963 296 947 326 C 922 362 860 373 780 373 "
        "L 282 373 C 200 373 130 368 82 348 C 42 324 32 268 32 200 Z",
    ),
    Shape(
        Tone.GLASS,
        "M 330 74 C 306 152 306 248 330 326 L 430 298 C 416 240 416 160 430 102 Z",
    ),
    Shape(
        Tone.GLASS,
        "M 728 104 C 738 160 738 240 728 296 L 812 322 C 830 250 830 150 812 78 Z",
    ),
    *_both(
        Tone.GLASS, "M 352 62 C 480 48 660 48 792 65 L 714 90 C 640 84 520 84 444 89 Z", height=400
    ),
    Shape(
        Tone.LINE,
        "M 440 100 C 426 160 426 240 440 300 C 520 308 640 308 718 298 C 728 240 728 160 718 102 "
        "C 640 92 520 92 440 100 Z",
    ),
    Shape(
        Tone.LINE,
        "M 470 132 C 464 170 464 230 470 268 L 596 268 C 600 230 600 170 596 132 Z",
    ),
    Shape(
        Tone.LINE, "M 320 68 C 240 60 150 66 66 92 C 50 150 50 250 66 308 C 150 334 240 340 320 332"
    ),
    *_both(Tone.LINE, "M 84 140 C 160 120 236 116 308 122", height=400),
    Shape(Tone.LINE, "M 834 62 C 856 150 856 250 834 338"),
    *_both(Tone.LAMP, "M 44 112 C 50 82 66 66 96 58 C 92 78 74 100 52 118 Z", height=400),
    *_both(Tone.TAIL, "M 962 120 C 956 90 944 70 922 58 C 922 82 936 106 956 124 Z", height=400),
)

_FRONT_BODY = (
    "M 48 262 C 38 240 36 196 44 170 C 50 154 66 147 84 142 C 98 100 114 60 136 43 "
    "C 172 31 248 31 284 43 C 306 60 322 100 336 142 C 354 147 370 154 376 170 "
    "C 384 196 382 240 372 262 C 330 278 90 278 48 262 Z"
)
_FRONT_WHEEL = (
    "M 56 258 L 56 306 C 56 312 60 314 66 314 L 94 314 C 100 314 104 312 104 306 L 104 268 Z"
)
_FRONT_MIRROR = "M 86 134 C 64 120 42 120 40 136 C 40 150 64 152 84 147 Z"

_FRONT_SHAPES = (
    *_both(Tone.TYRE, _FRONT_WHEEL, width=420),
    *_both(Tone.DARK, _FRONT_MIRROR, width=420),
    Shape(Tone.BODY, _FRONT_BODY),
    Shape(
        Tone.GLASS,
        "M 102 138 C 114 102 128 68 146 55 C 180 47 240 47 274 55 C 292 68 306 102 318 138 "
        "C 250 130 170 130 102 138 Z",
    ),
    Shape(Tone.LINE, "M 84 143 C 112 154 122 168 128 178 L 292 178 C 298 168 308 154 336 143"),
    Shape(Tone.LINE, "M 164 176 C 168 160 172 148 176 140"),
    Shape(Tone.LINE, "M 256 176 C 252 160 248 148 244 140"),
    *_both(Tone.LAMP, "M 52 180 C 78 174 104 178 124 190 C 112 204 78 204 54 196 Z", width=420),
    Shape(
        Tone.DARK,
        "M 136 188 L 284 188 C 286 208 280 222 268 230 L 152 230 C 140 222 134 208 136 188 Z",
    ),
    Shape(Tone.LINE, "M 142 202 L 278 202 M 146 216 L 274 216"),
    Shape(Tone.RIM, "210 206", 13),
    Shape(Tone.DARK, "M 84 248 L 336 248 C 326 262 94 262 84 248 Z"),
    Shape(Tone.RIM, "M 168 238 L 252 238 L 252 258 L 168 258 Z"),
)

_REAR_SHAPES = (
    *_both(Tone.TYRE, _FRONT_WHEEL, width=420),
    *_both(Tone.DARK, _FRONT_MIRROR, width=420),
    Shape(Tone.BODY, _FRONT_BODY),
    Shape(
        Tone.GLASS,
        "M 112 132 C 122 100 134 72 150 60 C 182 53 238 53 270 60 C 286 72 298 100 308 132 "
        "C 250 124 170 124 112 132 Z",
    ),
    Shape(Tone.LINE, "M 92 140 C 170 132 250 132 328 140 L 318 226 L 102 226 Z"),
    *_both(
        Tone.TAIL,
        "M 46 172 C 74 160 116 158 146 164 L 142 186 C 110 188 74 190 46 190 Z",
        width=420,
    ),
    Shape(Tone.RIM, "M 162 186 L 258 186 L 258 210 L 162 210 Z"),
    Shape(Tone.RIM, "210 164", 11),
    Shape(Tone.LINE, "M 44 234 C 120 242 300 242 376 234"),
    Shape(Tone.DARK, "M 96 254 L 324 254 C 314 266 106 266 96 254 Z"),
)

DRAWINGS: dict[CarView, Drawing] = {
    CarView.FRONT: Drawing(420, 340, _FRONT_SHAPES),
    CarView.LEFT: Drawing(1000, 340, _SIDE_SHAPES),
    CarView.REAR: Drawing(420, 340, _REAR_SHAPES),
    CarView.RIGHT: Drawing(1000, 340, _SIDE_SHAPES, is_mirrored=True),
    CarView.TOP: Drawing(1000, 400, _TOP_SHAPES),
}
