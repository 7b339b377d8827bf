"""A QR code as sharp lines, not as a picture."""

from __future__ import annotations

import segno
from reportlab.graphics.shapes import Drawing, Rect

from workshop.paper import fonts, styles


def drawing(url: str, side: float) -> Drawing:
    """Return the QR of an address as a square drawing; `side` in points, quiet zone outside."""
    code = segno.make_qr(url, error="m")
    rows = [list(row) for row in code.matrix]
    module = side / len(rows)
    square = Drawing(side, side, initialFontName=fonts.REGULAR)
    for number, row in enumerate(rows):
        for start, length in _dark_runs(row):
            bottom = side - (number + 1) * module
            square.add(_bar(start * module, bottom, length * module, module))
    return square


def _bar(x: float, y: float, width: float, height: float) -> Rect:
    return Rect(x, y, width, height, fillColor=styles.INK, strokeColor=None, strokeWidth=0)


def _dark_runs(row: list[int]) -> list[tuple[int, int]]:
    """Return start and length of each unbroken run of dark modules in a row."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
