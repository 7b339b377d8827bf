"""Sizes, colours and text styles. Everything is in points; a page is A4 unless the shop says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Paragraph

from workshop.paper import fonts

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 17 * mm
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN


@dataclass(frozen=True)
class Sheet:
    """A size of paper. The text is as wide on each, so that blocks need not know it."""

    width: float
    height: float

    @property
    def margin(self) -> float:
        """The white at the left and at the right."""
        return (self.width - float(TEXT_WIDTH)) / 2


SHEETS = {"a4": Sheet(*A4), "letter": Sheet(*LETTER)}

INK = colors.HexColor("#17202a")
QUIET = colors.HexColor("#5d6875")
HAIRLINE = colors.HexColor("#cfd6dd")
TINT = colors.HexColor("#f3f5f7")
ACCENT = colors.HexColor("#14507f")
ALERT = colors.HexColor("#b3261e")
HAIR = 0.4
RULE = 0.9

_ALIGN = {"l": TA_LEFT, "c": TA_CENTER, "r": TA_RIGHT}
# From the CJK radicals on, a line may break between any two characters.
_EAST_ASIAN = re.compile("[\u2e80-\uffff\U00020000-\U0003ffff]")


def text(
    words: str,
    size: float = 9,
    *,
    bold: bool = False,
    color: colors.Color = INK,
    align: str = "l",
    leading: float = 1.45,
    struck: bool = False,
) -> Paragraph:
    """Return a paragraph of plain words; what looks like markup is printed as it is.

    `size` in points, `leading` as a multiple of it, `align` one of l, c and r; `struck` through.
    """
    fonts.register()
    east_asian = _EAST_ASIAN.search(words) is not None
    style = _style(size, bold, color.hexval(), align, leading, east_asian)
    shown = _markup(words)
    return Paragraph(f"<strike>{shown}</strike>" if struck else shown, style)


def _markup(words: str) -> str:
    """Escape plain words; two blanks together are meant as distance, so they stay."""
    kept = escape(words.strip()).replace("\n", "<br/>")
    return kept.replace("  ", "\N{NO-BREAK SPACE}" * 2)


@cache
def _style(
    size: float, bold: bool, color: str, align: str, leading: float, east_asian: bool
) -> ParagraphStyle:
    return ParagraphStyle(
        name="text",
        fontName=fonts.BOLD if bold else fonts.REGULAR,
        fontSize=size,
        leading=size * leading,
        textColor=colors.HexColor(color),
        alignment=_ALIGN[align],
        wordWrap="CJK" if east_asian else None,
    )


def natural_width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the words are in one line."""
    fonts.register()
    return float(pdfmetrics.stringWidth(words, fonts.BOLD if bold else fonts.REGULAR, size))
