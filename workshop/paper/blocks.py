"""The building blocks of a page. Every function returns one flowable for a document's story.

Strings are plain and already translated. Widths are in points; `width` is the space that a block
takes, the whole text width unless it stands in a column.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, KeepTogether, Spacer, Table

from workshop.paper import styles
from workshop.paper.styles import TEXT_WIDTH

Command = tuple[object, ...]

_BARE: list[Command] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
# A line's leading leaves white below its letters, so there is less padding there.
_ABOVE = 1.5 * mm
_ROW: list[Command] = [
    ("TOPPADDING", (0, 0), (-1, -1), _ABOVE),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0.8 * mm),
]
_SIDE = 1.8 * mm
# A heading asks for room for a table's header and two rows; with less it goes to the next page.
_LEAST_BELOW = 34 * mm
# A row is split only when each part keeps a few lines.
_LEAST_PART = 20 * mm
_GUTTER = 5 * mm


def gap(millimetres: float = 4) -> Flowable:
    """White space."""
    return Spacer(0, millimetres * mm)


def together(*parts: Flowable) -> Flowable:
    """Keep the parts on one page."""
    return KeepTogether(list(parts))


def columns(*parts: Flowable, weights: Sequence[float] = ()) -> Flowable:
    """Set blocks side by side; make them as wide as `column_widths(count, weights)` says."""
    widths = column_widths(len(parts), weights)
    spaced: list[Flowable | list[Flowable]] = []
    sizes: list[float] = []
    for part, width in zip(parts, widths, strict=True):
        spaced += [part, []]
        sizes += [width, _GUTTER]
    return Table([spaced[:-1]], colWidths=sizes[:-1], style=_BARE)


def column_widths(count: int, weights: Sequence[float] = ()) -> list[float]:
    """Return the widths of columns that share the text width, gutters taken off."""
    return _shared(TEXT_WIDTH - _GUTTER * (count - 1), weights or [1] * count)


def _shared(width: float, weights: Sequence[float]) -> list[float]:
    return [width * weight / sum(weights) for weight in weights]


def section(title: str, width: float = TEXT_WIDTH) -> Flowable:
    """A heading over what follows, never alone at the foot of a page."""
    heading = Table(
        [[[], styles.text(title, 10.5, bold=True, leading=1.3)]],
        colWidths=[2.6 * mm, width - 2.6 * mm],
        style=[
            *_BARE,
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0.6 * mm),
            ("LINEBEFORE", (0, 0), (0, 0), 2.4, styles.ACCENT),
        ],
        spaceBefore=4.5 * mm,
        spaceAfter=1.8 * mm,
        hAlign="LEFT",
    )
    heading.least_below = _LEAST_BELOW
    return heading


def note(words: str, *, alert: bool = False, width: float = TEXT_WIDTH) -> Flowable:
    """Small print; with `alert` a framed warning that nobody overlooks."""
    color = styles.ALERT if alert else styles.QUIET
    size = 10.5 if alert else 8
    box: list[Command] = [("BOX", (0, 0), (-1, -1), 1.2, styles.ALERT)] if alert else []
    inner = 2.6 * mm if alert else 0
    return Table(
        [[styles.text(words, size, bold=alert, color=color)]],
        colWidths=[width],
        style=[
            *_BARE,
            *box,
            ("LEFTPADDING", (0, 0), (-1, -1), inner),
            ("RIGHTPADDING", (0, 0), (-1, -1), inner),
            ("TOPPADDING", (0, 0), (-1, -1), inner * 0.8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), inner * 0.5),
        ],
        spaceBefore=2 * mm,
        spaceAfter=1 * mm,
        splitInRow=_LEAST_PART,
    )


def display(words: str, caption: str = "", width: float = TEXT_WIDTH) -> Flowable:
    """Words to read across a room, such as a plate on a gate pass or a basket's label."""
    lines: list[Flowable] = []
    if caption:
        lines.append(styles.text(caption, 9, color=styles.QUIET, align="c"))
    lines.append(styles.text(words, 34, bold=True, align="c", leading=1.25))
    return Table(
        [[lines]],
        colWidths=[width],
        style=[
            ("BOX", (0, 0), (-1, -1), styles.RULE, styles.INK),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5 * mm),
        ],
        spaceBefore=2 * mm,
        spaceAfter=2 * mm,
    )


def facts(
    rows: Sequence[tuple[str, str]], in_a_row: int = 2, width: float = TEXT_WIDTH
) -> Flowable:
    """Labels with their values, `in_a_row` pairs beside one another; a missing value is a dash."""
    padded = [*rows, *[("", "")] * (-len(rows) % in_a_row)]
    lines = [padded[start : start + in_a_row] for start in range(0, len(padded), in_a_row)]
    label_width = min(
        max((styles.natural_width(label, 8) for label, _ in rows), default=0) + 3 * mm,
        width / in_a_row * 0.45,
    )
    value_width = width / in_a_row - label_width
    return Table(
        [[cell for pair in line for cell in _fact(*pair)] for line in lines],
        colWidths=[label_width, value_width] * in_a_row,
        style=[
            *_BARE,
            *_ROW,
            ("RIGHTPADDING", (0, 0), (-1, -1), 2.5 * mm),
            *[
                # The label is smaller than its value; both stand on one baseline.
                ("TOPPADDING", (column, 0), (column, -1), _ABOVE + 1.2)
                for column in range(0, 2 * in_a_row, 2)
            ],
            ("LINEABOVE", (0, 0), (-1, 0), styles.HAIR, styles.HAIRLINE),
            ("LINEBELOW", (0, 0), (-1, -1), styles.HAIR, styles.HAIRLINE),
        ],
        spaceAfter=1 * mm,
    )


def _fact(label: str, value: str) -> tuple[Flowable, Flowable]:
    shown = value or ("–" if label else "")
    return styles.text(label, 8, color=styles.QUIET), styles.text(shown, 9.2)


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    aligns: str = "",
    widths: Sequence[float] = (),
    *,
    foot: Sequence[str] = (),
    empty: str = "",
    width: float = TEXT_WIDTH,
) -> Flowable:
    """A list with its header repeated on every page.

    `aligns` is one of l, c, r for each column (left where nothing is said), `widths` are the
    columns' shares of `width`. `foot` is a sum line, `empty` stands instead of missing rows.
    """
    aligns = aligns or "l" * len(header)
    lines = [_cells(header, aligns, size=8, bold=True, color=styles.QUIET)]
    lines += [_cells(row, aligns) for row in rows]
    if not rows:
        lines.append([styles.text(empty or "–", 9, color=styles.QUIET), *[[]] * (len(header) - 1)])
    if foot:
        lines.append(_cells(foot, aligns, bold=True))
    return Table(
        lines,
        colWidths=_shared(width, widths or [1] * len(header)),
        repeatRows=1,
        splitInRow=_LEAST_PART,
        style=[*_TABLE, *([] if rows else _EMPTY_ROW), *(_FOOT if foot else [])],
        spaceAfter=1.5 * mm,
    )


_TABLE: list[Command] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("LEFTPADDING", (0, 0), (-1, -1), _SIDE),
    ("RIGHTPADDING", (0, 0), (-1, -1), _SIDE),
    *_ROW,
    ("BACKGROUND", (0, 0), (-1, 0), styles.TINT),
    ("LINEABOVE", (0, 0), (-1, 0), styles.RULE, styles.INK),
    ("LINEBELOW", (0, 0), (-1, -1), styles.HAIR, styles.HAIRLINE),
    ("LINEBELOW", (0, 0), (-1, 0), styles.HAIR, styles.INK),
]
_EMPTY_ROW: list[Command] = [("SPAN", (0, 1), (-1, 1))]
_FOOT: list[Command] = [("LINEABOVE", (0, -1), (-1, -1), styles.HAIR, styles.INK)]


def _cells(
    words: Sequence[str],
    aligns: str,
    size: float = 9,
    bold: bool = False,
    color: styles.colors.Color = styles.INK,
) -> list[Flowable]:
    return [
        styles.text(cell, size, bold=bold, color=color, align=align)
        for cell, align in zip(words, aligns, strict=True)
    ]


def totals(
    rows: Sequence[tuple[str, str]],
    in_words: tuple[str, str] | None = None,
    width: float = TEXT_WIDTH,
) -> Flowable:
    """Sums at the right edge, the last one strong; `in_words` is the amount in capitals (大写)."""
    last = len(rows) - 1
    lines = [
        [_words_cell(in_words) if number == last else [], *_sum(label, amount, number == last)]
        for number, (label, amount) in enumerate(rows)
    ]
    return Table(
        lines,
        colWidths=_shared(width, (11, 4, 5)),
        style=[
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), _SIDE),
            ("RIGHTPADDING", (0, 0), (-1, -1), _SIDE),
            ("TOPPADDING", (0, 0), (-1, -1), 0.9 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5 * mm),
            ("TOPPADDING", (0, -1), (-1, -1), 2.2 * mm),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 1.8 * mm),
            ("BACKGROUND", (0, -1), (-1, -1), styles.TINT),
            ("LINEABOVE", (0, -1), (-1, -1), styles.RULE, styles.INK),
        ],
        spaceBefore=2 * mm,
        spaceAfter=1.5 * mm,
    )


def _sum(label: str, amount: str, strong: bool) -> tuple[Flowable, Flowable]:
    if strong:
        return (
            styles.text(label, 10, bold=True, align="r"),
            styles.text(amount, 14, bold=True, align="r", color=styles.ACCENT, leading=1.2),
        )
    return (
        styles.text(label, 8.5, color=styles.QUIET, align="r"),
        styles.text(amount, 9.2, align="r"),
    )


def _words_cell(in_words: tuple[str, str] | None) -> list[Flowable]:
    if in_words is None:
        return []
    label, words = in_words
    return [styles.text(label, 7.5, color=styles.QUIET), styles.text(words, 10.5, bold=True)]


def signature_box(
    label: str,
    png: bytes | None = None,
    name: str = "",
    at: str = "",
    width: float = TEXT_WIDTH / 3,
) -> Flowable:
    """A place to sign, or the signature with its name and time already formatted."""
    height = 17 * mm
    drawn = _fitted(png, width - 4 * mm, height - 2 * mm) if png else []
    below = "  ".join(filter(None, (name, at)))
    return Table(
        [[styles.text(label, 8, color=styles.QUIET)], [drawn], [styles.text(below or " ", 8)]],
        colWidths=[width],
        rowHeights=[None, height, None],
        style=[
            *_BARE,
            ("ALIGN", (0, 1), (0, 1), "LEFT"),
            ("VALIGN", (0, 1), (0, 1), "BOTTOM"),
            ("BOTTOMPADDING", (0, 1), (0, 1), 0.8 * mm),
            ("LINEBELOW", (0, 1), (0, 1), styles.HAIR, styles.INK),
            ("TOPPADDING", (0, 2), (0, 2), 0.8 * mm),
        ],
        hAlign="LEFT",
    )


def signatures(*boxes: tuple[str, bytes | None, str, str]) -> Flowable:
    """Signature boxes side by side on one page, each a label, a PNG or None, a name and a time."""
    width = column_widths(len(boxes))[0]
    made = [signature_box(label, png, name, at, width) for label, png, name, at in boxes]
    return KeepTogether([gap(4), columns(*made)])


def pictures(items: Sequence[tuple[bytes, str]], in_a_row: int = 3) -> Flowable:
    """Photos with their captions, `in_a_row` beside one another."""
    width = column_widths(in_a_row)[0]
    cells = [
        [_fitted(image, width, width * 0.75), styles.text(caption, 8, color=styles.QUIET)]
        for image, caption in items
    ]
    cells += [[] for _ in range(-len(cells) % in_a_row)]
    return Table(
        [cells[start : start + in_a_row] for start in range(0, len(cells), in_a_row)],
        colWidths=[width + _GUTTER] * (in_a_row - 1) + [width],
        style=[*_BARE, ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5 * mm)],
        hAlign="LEFT",
    )


def _fitted(image: bytes, width: float, height: float) -> Image:
    """Return the picture scaled down or up to fit, its proportions kept."""
    picture = Image(io.BytesIO(image), hAlign="LEFT", mask="auto")
    scale = min(width / picture.imageWidth, height / picture.imageHeight)
    picture.drawWidth = picture.imageWidth * scale
    picture.drawHeight = picture.imageHeight * scale
    return picture
