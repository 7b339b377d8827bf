"""Facts, lists and sums. Strings are plain and already translated."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from workshop.paper import layout, styles
from workshop.paper.layout import Cell, Command
from workshop.paper.styles import TEXT_WIDTH

_SIDE = 1.8 * mm
_SIDES: list[Command] = [
    ("LEFTPADDING", (0, 0), (-1, -1), _SIDE),
    ("RIGHTPADDING", (0, 0), (-1, -1), _SIDE),
]


def facts(
    rows: Sequence[tuple[str, str]], in_a_row: int = 2, width: float = TEXT_WIDTH
) -> Flowable:
    """Labels with their values, `in_a_row` pairs beside one another; a missing value is a dash."""
    padded = [*rows, *[("", "")] * (-len(rows) % in_a_row)]
    lines = [padded[start : start + in_a_row] for start in range(0, len(padded), in_a_row)]
    widest = max((styles.natural_width(label, 8) for label, _ in rows), default=0)
    label_width = min(widest + 4 * mm, width / in_a_row * 0.45)
    return layout.grid(
        [[cell for pair in line for cell in _fact(*pair)] for line in lines],
        [label_width, width / in_a_row - label_width] * in_a_row,
        [
            *layout.ROW,
            *_lowered_labels(in_a_row),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2.5 * mm),
            ("LINEABOVE", (0, 0), (-1, 0), styles.HAIR, styles.HAIRLINE),
            ("LINEBELOW", (0, 0), (-1, -1), styles.HAIR, styles.HAIRLINE),
        ],
        spaceAfter=1 * mm,
    )


def _lowered_labels(in_a_row: int) -> list[Command]:
    """Lower the labels, which are smaller than their values, to the same baseline."""
    return [
        ("TOPPADDING", (column, 0), (column, -1), layout.ABOVE + 1.2)
        for column in range(0, 2 * in_a_row, 2)
    ]


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
    empty: str = "–",
    width: float = TEXT_WIDTH,
    struck: Collection[int] = (),
) -> Flowable:
    """A list with its header repeated on every page; the rows of these numbers are struck through.

    `aligns` is one of l, c, r for each column (left where nothing is said), `widths` are the
    columns' shares of `width`. `foot` is a sum line, `empty` stands instead of missing rows.
    """
    aligns = aligns or "l" * len(header)
    lines = [_cells(header, aligns, size=8, bold=True, color=styles.QUIET)]
    lines += [_row(row, aligns, place in struck) for place, row in enumerate(rows)] or [
        _empty(empty, len(header))
    ]
    lines += [_cells(foot, aligns, bold=True)] if foot else []
    return layout.grid(
        lines,
        layout.shared(width, widths or [1] * len(header)),
        [*_TABLE, *([] if rows else _EMPTY), *(_FOOT if foot else [])],
        repeatRows=1,
        splitInRow=layout.LEAST_PART,
        spaceAfter=1.5 * mm,
    )


_TABLE: list[Command] = [
    *_SIDES,
    *layout.ROW,
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("BACKGROUND", (0, 0), (-1, 0), styles.TINT),
    ("LINEABOVE", (0, 0), (-1, 0), styles.RULE, styles.INK),
    ("LINEBELOW", (0, 0), (-1, -1), styles.HAIR, styles.HAIRLINE),
    ("LINEBELOW", (0, 0), (-1, 0), styles.HAIR, styles.INK),
]
_EMPTY: list[Command] = [("SPAN", (0, 1), (-1, 1))]
_FOOT: list[Command] = [("LINEABOVE", (0, -1), (-1, -1), styles.HAIR, styles.INK)]


def _cells(
    words: Sequence[str],
    aligns: str,
    size: float = 9,
    bold: bool = False,
    color: Color = styles.INK,
    struck: bool = False,
) -> list[Cell]:
    return [
        styles.text(cell, size, bold=bold, color=color, align=align, struck=struck)
        for cell, align in zip(words, aligns, strict=True)
    ]


def _row(words: Sequence[str], aligns: str, is_struck: bool) -> list[Cell]:
    if is_struck:
        return _cells(words, aligns, color=styles.QUIET, struck=True)
    return _cells(words, aligns)


def _empty(words: str, count: int) -> list[Cell]:
    return [styles.text(words, 9, color=styles.QUIET), *[[] for _ in range(count - 1)]]


def totals(
    rows: Sequence[tuple[str, str]],
    in_words: tuple[str, str] | None = None,
    width: float = TEXT_WIDTH,
) -> Flowable:
    """Sums at the right edge, the last one strong; `in_words` is the amount in capitals (大写)."""
    *usual, last = rows
    lines: list[list[Cell]] = [[[], *_sum(label, amount)] for label, amount in usual]
    lines.append([_in_words(in_words), *_strong_sum(*last)])
    return layout.grid(
        lines,
        layout.shared(width, (9, 6, 5)),
        [
            *_SIDES,
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
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


def _sum(label: str, amount: str) -> tuple[Flowable, Flowable]:
    return (
        styles.text(label, 8.5, color=styles.QUIET, align="r"),
        styles.text(amount, 9.2, align="r"),
    )


def _strong_sum(label: str, amount: str) -> tuple[Flowable, Flowable]:
    return (
        styles.text(label, 10, bold=True, align="r"),
        styles.text(amount, 14, bold=True, align="r", color=styles.ACCENT, leading=1.2),
    )


def _in_words(in_words: tuple[str, str] | None) -> list[Flowable]:
    if in_words is None:
        return []
    label, words = in_words
    return [styles.text(label, 7.5, color=styles.QUIET), styles.text(words, 10.5, bold=True)]
