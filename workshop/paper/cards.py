"""Cards to cut out: four on a sheet, each with a QR, a name and a few lines."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, Spacer

from workshop.paper import fonts, layout, qr, styles
from workshop.paper.page import making

_PADDING = 9 * mm
_QR_SIDE = 34 * mm
_COLUMNS = _ROWS = 2


@dataclass(frozen=True)
class Card:
    """What one card says; all strings are translated already.

    `heading` stands above the name, `facts` are label and value, `steps` what to do, in order.
    """

    shop: str
    heading: str
    name: str
    facts: tuple[tuple[str, str], ...]
    url: str
    steps: tuple[str, ...]
    foot: str


def cards(made: Sequence[Card], title: str, sheet: str = "a4") -> bytes:
    """Return the PDF: the cards four on a sheet, with lines to cut along."""
    fonts.register()
    size = styles.SHEETS[sheet]
    out = io.BytesIO()
    with making:
        canvas = Canvas(out, pagesize=(size.width, size.height), invariant=1)
        canvas.setTitle(title)
        canvas.setCreator("Workshop")
        draw = partial(_draw, canvas, size)
        for number, card in enumerate(made):
            place = number % (_COLUMNS * _ROWS)
            if number and place == 0:
                canvas.showPage()
            if place == 0:
                _cutting_lines(canvas, size)
            draw(card, place)
        canvas.save()
    return out.getvalue()


def _cutting_lines(canvas: Any, size: styles.Sheet) -> None:
    canvas.setStrokeColor(styles.HAIRLINE)
    canvas.setLineWidth(styles.HAIR)
    canvas.setDash(2, 3)
    canvas.line(size.width / 2, 0, size.width / 2, size.height)
    canvas.line(0, size.height / 2, size.width, size.height / 2)
    canvas.setDash()


def _draw(canvas: Any, size: styles.Sheet, card: Card, place: int) -> None:
    row, column = divmod(place, _COLUMNS)
    width, height = size.width / _COLUMNS, size.height / _ROWS
    frame = Frame(
        column * width,
        size.height - (row + 1) * height,
        width,
        height,
        leftPadding=_PADDING,
        rightPadding=_PADDING,
        topPadding=_PADDING,
        bottomPadding=_PADDING,
    )
    frame.addFromList(_story(card, width - 2 * _PADDING), canvas)


def _story(card: Card, width: float) -> list[Flowable]:
    facts: list[Flowable] = []
    for label, value in card.facts:
        facts.append(styles.text(label, 7.5, color=styles.QUIET))
        facts.append(styles.text(value, 10.5, bold=True))
        facts.append(Spacer(0, 1.2 * mm))
    steps = [
        styles.text(f"{number}. {words}", 8.5) for number, words in enumerate(card.steps, start=1)
    ]
    return [
        styles.text(card.shop, 9, color=styles.ACCENT, bold=True),
        Spacer(0, 2 * mm),
        styles.text(card.heading, 8, color=styles.QUIET),
        styles.text(card.name, 17, bold=True, leading=1.3),
        Spacer(0, 3 * mm),
        layout.grid(
            [[[qr.drawing(card.url, _QR_SIDE)], facts]],
            [_QR_SIDE + 5 * mm, width - _QR_SIDE - 5 * mm],
            [],
        ),
        Spacer(0, 3 * mm),
        *steps,
        Spacer(0, 2 * mm),
        styles.text(card.url, 7, color=styles.QUIET),
        Spacer(0, 2 * mm),
        styles.text(card.foot, 7.5, color=styles.QUIET),
    ]
