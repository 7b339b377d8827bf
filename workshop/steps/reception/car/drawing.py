"""The drawn car and its marks on paper, as sharp lines."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.graphics.shapes import Circle, Drawing, Group, Path, String
from reportlab.lib.colors import HexColor

from workshop.paper import fonts, styles
from workshop.steps.reception.car.shapes import DRAWINGS, CarView, Shape, Tone
from workshop.steps.reception.models import DamageMark

_FILLS = {
    Tone.BODY: HexColor("#f3f5f8"),
    Tone.GLASS: HexColor("#d7e0ea"),
    Tone.LAMP: HexColor("#fff6da"),
    Tone.TAIL: HexColor("#f3d3d3"),
    Tone.DARK: HexColor("#5d6875"),
    Tone.TYRE: HexColor("#3c444f"),
    Tone.RIM: HexColor("#e6eaef"),
    Tone.LINE: None,
}
_INK = HexColor("#5d6875")


def drawing(view: CarView, marks: Sequence[DamageMark], width: float) -> Drawing:
    """One view of the car with its numbered marks, `width` points wide."""
    plan = DRAWINGS[view]
    scale = width / plan.width
    paper = Drawing(width, plan.height * scale, initialFontName=fonts.REGULAR)
    shapes = Group(*(_shape(each) for each in plan.shapes))
    if plan.is_mirrored:
        shapes = Group(shapes, transform=(-1, 0, 0, 1, plan.width, 0))
    # Paper counts from the lower left, the drawing from the upper left.
    paper.add(Group(shapes, transform=(scale, 0, 0, -scale, 0, plan.height * scale)))
    for mark in marks:
        _pin(paper, mark.x * scale, (plan.height - mark.y) * scale, mark.number)
    return paper


def _pin(paper: Drawing, x: float, y: float, number: int) -> None:
    radius = 4.6
    paper.add(Circle(x, y, radius, fillColor=styles.ALERT, strokeColor=HexColor("#ffffff")))
    size = 6.2
    paper.add(
        String(
            x,
            y - size * 0.36,
            str(number),
            fontName=fonts.BOLD,
            fontSize=size,
            fillColor=HexColor("#ffffff"),
            textAnchor="middle",
        )
    )


def _shape(shape: Shape) -> Path | Circle:
    paint = {"fillColor": _FILLS[shape.tone], "strokeColor": _INK, "strokeWidth": 2.4}
    if shape.radius:
        x, y = (float(part) for part in shape.path.split())
        return Circle(x, y, shape.radius, **paint)
    return _path(shape.path, paint)


def _path(text: str, paint: dict[str, object]) -> Path:
    """Read the few path commands that the drawing uses: M, L, C and Z, all absolute."""
    path = Path(**paint)
    words = text.split()
    command = ""
    place = 0
    while place < len(words):
        if words[place] in "MLCZ":
            command = words[place]
            place += 1
            if command == "Z":
                path.closePath()
            continue
        count = 6 if command == "C" else 2
        numbers = [float(word) for word in words[place : place + count]]
        place += count
        {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo}[command](*numbers)
    return path
