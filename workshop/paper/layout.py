"""Where things stand: grids, columns, headings, notes and white space.

Strings are plain and already translated. Widths are in points; `width` is the space that a block
takes, the whole text width unless it stands in a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from reportlab.lib.units import mm
from reportlab.platypus import ActionFlowable, Flowable, KeepTogether, Spacer, Table

from workshop.paper import fonts, styles
from workshop.paper.styles import TEXT_WIDTH

Command: TypeAlias = tuple[Any, ...]
Cell: TypeAlias = Flowable | list[Flowable]

# A line's leading leaves white below its letters, so there is less padding there.
ABOVE = 1.5 * mm
ROW: list[Command] = [
    ("TOPPADDING", (0, 0), (-1, -1), ABOVE),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0.8 * mm),
]
GUTTER = 5 * mm
# A row is split only when each part keeps a few lines.
LEAST_PART = 20 * mm


def grid(
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float],
    style: Sequence[Command],
    **options: Any,
) -> Table:
    """Return a bare table: no padding, cells at the top, and no font but the embedded ones.

    Without rows it takes no room.
    """
    bare: list[Command] = [
        ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    fonts.register()
    return Table(
        [list(row) for row in rows],
        colWidths=list(widths),
        style=[*bare, *style],
        hAlign="LEFT",
        emptyTableAction="ignore",
        **options,
    )


def shared(width: float, weights: Sequence[float]) -> list[float]:
    """Part a width by weights."""
    return [width * weight / sum(weights) for weight in weights]


def gap(millimetres: float = 4) -> Flowable:
    """White space."""
    return Spacer(0, millimetres * mm)


def together(*parts: Flowable) -> Flowable:
    """Keep the parts on one page."""
    # A block without content is no flowable that can be measured.
    measured = [part for part in parts if not isinstance(part, ActionFlowable)]
    kept = KeepTogether(measured)
    # Its own measure is no real height, so that it asks to be split.
    kept.parts = measured
    return kept


def columns(*parts: Flowable, weights: Sequence[float] = ()) -> Flowable:
    """Set blocks side by side; make them as wide as `column_widths(count, weights)` says."""
    spaced: list[Cell] = []
    sizes: list[float] = []
    for part, width in zip(parts, column_widths(len(parts), weights), strict=True):
        spaced += [part, []]
        sizes += [width, GUTTER]
    return grid([spaced[:-1]], sizes[:-1], [])


def column_widths(count: int, weights: Sequence[float] = ()) -> list[float]:
    """Return the widths of columns that share the text width, gutters taken off."""
    return shared(TEXT_WIDTH - GUTTER * (count - 1), weights or [1] * count)


def section(title: str, width: float = TEXT_WIDTH) -> Flowable:
    """A heading over what follows, never alone at the foot of a page."""
    heading = grid(
        [[[], styles.text(title, 10.5, bold=True, leading=1.3)]],
        [2.6 * mm, width - 2.6 * mm],
        [
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0.6 * mm),
            ("LINEBEFORE", (0, 0), (0, 0), 2.4, styles.ACCENT),
        ],
        spaceBefore=4.5 * mm,
        spaceAfter=1.8 * mm,
    )
    # The document looks for it and keeps what follows near.
    heading.is_heading = True
    return heading


def note(words: str, *, alert: bool = False, width: float = TEXT_WIDTH) -> Flowable:
    """Small print; with `alert` a framed warning that nobody overlooks."""
    if alert:
        return _alert(words, width)
    return grid(
        [[styles.text(words, 8, color=styles.QUIET)]],
        [width],
        [],
        spaceBefore=2 * mm,
        spaceAfter=1 * mm,
        splitInRow=LEAST_PART,
    )


def _alert(words: str, width: float) -> Flowable:
    return grid(
        [[styles.text(words, 10.5, bold=True, color=styles.ALERT)]],
        [width],
        [
            ("BOX", (0, 0), (-1, -1), 1.2, styles.ALERT),
            ("LEFTPADDING", (0, 0), (-1, -1), 2.6 * mm),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2.6 * mm),
            ("TOPPADDING", (0, 0), (-1, -1), 1.9 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.3 * mm),
        ],
        spaceBefore=2 * mm,
        spaceAfter=2 * mm,
    )


def display(words: str, caption: str = "", width: float = TEXT_WIDTH) -> Flowable:
    """Words to read across a room, such as a plate on a gate pass or a basket's label."""
    lines: list[Flowable] = []
    if caption:
        lines.append(styles.text(caption, 9, color=styles.QUIET, align="c"))
    lines.append(styles.text(words, 34, bold=True, align="c", leading=1.25))
    return grid(
        [[lines]],
        [width],
        [
            ("BOX", (0, 0), (-1, -1), styles.RULE, styles.INK),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5 * mm),
        ],
        spaceBefore=2 * mm,
        spaceAfter=2 * mm,
    )
