"""Checklists: a drawn box, the words, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from reportlab.graphics.shapes import Drawing, Line, Rect
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from workshop.paper import fonts, layout, styles
from workshop.paper.layout import Cell
from workshop.paper.styles import TEXT_WIDTH

_SIDE = 3.4 * mm


class Mark(Enum):
    """What stands in the box: shape and colour differ, so that grey print can be read too."""

    OPEN = "open"
    DONE = "done"
    ATTENTION = "attention"
    BAD = "bad"


@dataclass(frozen=True)
class CheckItem:
    """One line of a checklist; `remark` stands small below it."""

    words: str
    mark: Mark = Mark.OPEN
    remark: str = ""


# Strokes as x1, y1, x2, y2 in parts of the box's side.
_STROKES = {
    Mark.OPEN: (),
    Mark.DONE: ((0.2, 0.5, 0.42, 0.25), (0.42, 0.25, 0.82, 0.8)),
    Mark.ATTENTION: ((0.5, 0.85, 0.5, 0.38), (0.5, 0.24, 0.5, 0.14)),
    Mark.BAD: ((0.22, 0.22, 0.78, 0.78), (0.22, 0.78, 0.78, 0.22)),
}
_COLORS = {
    Mark.OPEN: styles.INK,
    Mark.DONE: styles.INK,
    Mark.ATTENTION: HexColor("#8a5a00"),
    Mark.BAD: styles.ALERT,
}


def checklist(items: Sequence[CheckItem], in_a_row: int = 2, width: float = TEXT_WIDTH) -> Flowable:
    """Boxes with words, `in_a_row` beside one another, read row by row."""
    cells: list[tuple[Cell, Cell]] = [(_box(item.mark), _words(item)) for item in items]
    cells += [([], [])] * (-len(cells) % in_a_row)
    box = _SIDE + 2 * mm
    return layout.grid(
        [
            [part for cell in cells[start : start + in_a_row] for part in cell]
            for start in range(0, len(cells), in_a_row)
        ],
        [box, width / in_a_row - box] * in_a_row,
        [
            *layout.ROW,
            ("RIGHTPADDING", (0, 0), (-1, -1), 2 * mm),
            ("LINEBELOW", (0, 0), (-1, -1), styles.HAIR, styles.HAIRLINE),
        ],
        spaceAfter=1 * mm,
    )


def _words(item: CheckItem) -> list[Flowable]:
    lines = [styles.text(item.words, 9)]
    if item.remark:
        lines.append(styles.text(item.remark, 8, color=_COLORS[item.mark]))
    return lines


def _box(mark: Mark) -> Drawing:
    color = _COLORS[mark]
    drawing = Drawing(_SIDE, _SIDE + 0.4, initialFontName=fonts.REGULAR)
    drawing.add(Rect(0, 0, _SIDE, _SIDE, fillColor=None, strokeColor=color, strokeWidth=0.7))
    for start_x, start_y, end_x, end_y in _STROKES[mark]:
        points = (start_x * _SIDE, start_y * _SIDE, end_x * _SIDE, end_y * _SIDE)
        drawing.add(Line(*points, strokeColor=color, strokeWidth=1.3, strokeLineCap=1))
    return drawing
