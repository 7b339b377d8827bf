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
# Parts of the height: the most that the title takes, and the most that a further line takes.
_TITLE, _LINE = 0.3, 0.2


@dataclass(frozen=True)
class Label:
    """What one label says: the words for far away, further lines, and where its QR leads.

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
    # The title has the whole width above the QR.
    most = (height - 2 * _EDGE) * _TITLE
    side = min(height - 3 * _EDGE - most, (width - left - _EDGE) * 0.42, _MOST_QR)
    renderPDF.draw(qr.drawing(label.url, side), canvas, width - _EDGE - side, _EDGE)
    top = _title(canvas, label.title, left, width - left - _EDGE, height - _EDGE, most)
    lines = [each for each in label.lines if each]
    _lines(canvas, lines, left, width - 2 * _EDGE - side - left, top)


def _hole(canvas: Any, height: float) -> float:
    """Draw where the tag is punched; returns where the words begin."""
    canvas.setStrokeColor(styles.QUIET)
    canvas.setLineWidth(styles.HAIR)
    canvas.circle(5 * mm, height / 2, 2.5 * mm)
    return float(9.5 * mm)


def _title(canvas: Any, words: str, left: float, width: float, top: float, most: float) -> float:
    """The title as large as it fits; returns where it ends below."""
    size = _fitting(words, fonts.BOLD, width, most)
    canvas.setFillColor(styles.INK)
    canvas.setFont(fonts.BOLD, size)
    canvas.drawString(left, top - size, _cut(words, fonts.BOLD, size, width))
    return float(top - size - _EDGE / 2)


def _lines(canvas: Any, lines: list[str], left: float, width: float, top: float) -> None:
    """The further lines, one below the other beside the QR."""
    step = min((top - _EDGE) / max(len(lines), 1), (top + _EDGE) * _LINE * 1.4)
    for place, words in enumerate(lines, start=1):
        size = _fitting(words, fonts.REGULAR, width, step * 0.75)
        canvas.setFont(fonts.REGULAR, size)
        base = top - place * step + step * 0.2
        canvas.drawString(left, base, _cut(words, fonts.REGULAR, size, width))


def _fitting(words: str, font: str, width: float, most: float) -> float:
    """The largest size, up to `most` points, at which the words fit the width."""
    natural = pdfmetrics.stringWidth(words, font, 100.0) or 1.0
    return float(max(_LEAST_SIZE, min(most, width / natural * 100.0)))


def _cut(words: str, font: str, size: float, width: float) -> str:
    """The words, shortened where not even the smallest letters fit."""
    cut = words
    while len(cut) > 1 and pdfmetrics.stringWidth(cut, font, size) > width + 0.1:
        cut = cut.removesuffix("…")[:-1] + "…"
    return cut
