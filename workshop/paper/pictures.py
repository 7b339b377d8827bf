"""Signatures and photos."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, Spacer

from workshop.paper import layout, styles
from workshop.paper.layout import Cell
from workshop.paper.styles import TEXT_WIDTH

_SIGNING_HEIGHT = 17 * mm
_HEIGHT_OF_WIDTH = 0.75


def signature_box(
    label: str,
    png: bytes | None = None,
    name: str = "",
    at: str = "",
    width: float = TEXT_WIDTH / 3,
) -> Flowable:
    """A place to sign, or the signature with its name and time, which is formatted already."""
    drawn: Cell = fitted(png, width - 4 * mm, _SIGNING_HEIGHT - 2 * mm) if png else []
    below = "  ".join(filter(None, (name, at)))
    return layout.grid(
        [[styles.text(label, 8, color=styles.QUIET)], [drawn], [styles.text(below, 8)]],
        [width],
        [
            ("VALIGN", (0, 1), (0, 1), "BOTTOM"),
            ("BOTTOMPADDING", (0, 1), (0, 1), 0.8 * mm),
            ("LINEBELOW", (0, 1), (0, 1), styles.HAIR, styles.INK),
            ("TOPPADDING", (0, 2), (0, 2), 1.2 * mm),
        ],
        rowHeights=[None, _SIGNING_HEIGHT, None],
    )


def signatures(*boxes: tuple[str, bytes | None, str, str]) -> Flowable:
    """Signature boxes side by side on one page, each a label, a PNG or None, a name and a time."""
    width = layout.column_widths(len(boxes))[0]
    made = [signature_box(label, png, name, at, width) for label, png, name, at in boxes]
    boxes_in_a_row = layout.together(layout.gap(4), layout.columns(*made))
    # The document keeps what they sign above them on the same page.
    boxes_in_a_row.is_closing = True
    return boxes_in_a_row


def pictures(items: Sequence[tuple[bytes, str]], in_a_row: int = 3) -> Flowable:
    """Photos (PNG or JPEG) with their captions, `in_a_row` beside one another."""
    width = layout.column_widths(in_a_row)[0]
    height = width * _HEIGHT_OF_WIDTH
    cells: list[Cell] = [
        [
            fitted(image, width, height),
            Spacer(0, 1.2 * mm),
            styles.text(caption, 8, color=styles.QUIET),
        ]
        for image, caption in items
    ]
    cells += [[] for _ in range(-len(cells) % in_a_row)]
    album = layout.grid(
        [cells[start : start + in_a_row] for start in range(0, len(cells), in_a_row)],
        [width + layout.GUTTER] * (in_a_row - 1) + [width],
        [("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm)],
    )
    # At least a row of photos with two lines of caption stands below its heading.
    album.beginning = height + 14 * mm
    return album


def fitted(image: bytes, width: float, height: float) -> Image:
    """Return the picture scaled to fit, its proportions kept."""
    picture = Image(io.BytesIO(image), hAlign="LEFT", mask="auto")
    scale = min(width / picture.imageWidth, height / picture.imageHeight)
    picture.drawWidth = picture.imageWidth * scale
    picture.drawHeight = picture.imageHeight * scale
    return picture
