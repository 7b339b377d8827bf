"""Labels: one small page each, with a QR code, in the sizes of usual label rolls."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from workshop.paper import fonts, qr, styles

# reportlab's fonts remember the document they serve, so documents are made one after another.
_making = threading.Lock()
_EDGE = 2 * mm
_LEAST_SIZE = 5.0
_MOST_QR = 30 * mm


@dataclass(frozen=True)
class Label:
    """What one label says: the words to be read from afar, further lines, and where its QR leads.

    `has_hole` marks where a tag that hangs is punched.
    """

    title: str
    lines: tuple[str, ...]
    url: str
    has_hole: bool = False


def labels(printed: Sequence[Label], width_mm: float, height_mm: float, *, title: str) -> bytes:
    """Return a PDF with a page of this size for each label. Raises FontsMissing."""
    fonts.register()
    out = io.BytesIO()
    with _making:
        canvas = Canvas(out, pagesize=(width_mm * mm, height_mm * mm), invariant=1)
        canvas.setTitle(title)
        for each in printed:
            _draw(canvas, each, width_mm * mm, height_mm * mm)
            canvas.showPage()
        canvas.save()
    return out.getvalue()


def _draw(canvas: Any, label: Label, width: float, height: float) -> None:
    left = _EDGE
    if label.has_hole:
        left = _hole(canvas, height)
    side = min(height - 2 * _EDGE, (width - left - _EDGE) * 0.42, _MOST_QR)
    renderPDF.draw(qr.drawing(label.url, side), canvas, width - _EDGE - side, _EDGE)
    _words(canvas, label, left, width - _EDGE - side - left - _EDGE, height)


def _hole(canvas: Any, height: float) -> float:
    """Draw where the tag is punched; returns where the words begin."""
    canvas.setStrokeColor(styles.QUIET)
    canvas.setLineWidth(styles.HAIR)
    canvas.circle(5 * mm, height / 2, 2.5 * mm)
    return float(9.5 * mm)


def _words(canvas: Any, label: Label, left: float, width: float, height: float) -> None:
    """The title as large as it fits over the whole free width, the lines below it."""
    room = height - 2 * _EDGE
    size = _fitting(label.title, fonts.BOLD, width, room * 0.34)
    top = height - _EDGE - size
    canvas.setFillColor(styles.INK)
    canvas.setFont(fonts.BOLD, size)
    canvas.drawString(left, top, label.title)
    lines = [each for each in label.lines if each]
    if not lines:
        return
    step = min((top - _EDGE) / len(lines), room * 0.2)
    for place, words in enumerate(lines, start=1):
        small = _fitting(words, fonts.REGULAR, width, step * 0.8)
        canvas.setFont(fonts.REGULAR, small)
        canvas.drawString(left, top - place * step + step * 0.1, _cut(words, small, width))


def _fitting(words: str, font: str, width: float, most: float) -> float:
    """The largest size, up to `most` points, at which the words fit the width."""
    natural = pdfmetrics.stringWidth(words, font, 100.0) or 1.0
    return float(max(_LEAST_SIZE, min(most, width / natural * 100.0)))


def _cut(words: str, size: float, width: float) -> str:
    """The words, shortened where not even the smallest letters fit."""
    cut = words
    while len(cut) > 1 and pdfmetrics.stringWidth(cut, fonts.REGULAR, size) > width + 0.1:
        cut = cut.removesuffix("…")[:-1] + "…"
    return cut
