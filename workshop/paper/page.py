"""The document: the shop's head, title, number and QR, and the foot of every page."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    ActionFlowable,
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Spacer,
)

from workshop.paper import fonts, layout, pictures, qr, styles

_QR_SIDE = 21 * mm
_LOGO_WIDTH = 42 * mm
_LOGO_HEIGHT = 17 * mm
_FIRST_TOP = 13 * mm
_LATER_TOP = 24 * mm
_BOTTOM = 19 * mm
# Up to a third of a page stays with its heading; of more, a header and two rows are enough.
_MOST_KEPT = 90 * mm
_BEGINNING = 26 * mm
# reportlab's fonts remember the document they serve, so documents are made one after another.
making = threading.Lock()


@dataclass(frozen=True)
class ShopHead:
    """Who hands out the paper, and on which sheet. `more` are further lines, such as the bank.

    `logo` is a PNG, `foot` a line below every page, `sheet` one of `styles.SHEETS`.
    """

    name: str
    address: str
    phone: str
    more: tuple[str, ...] = ()
    slogan: str = ""
    foot: str = ""
    logo: bytes | None = None
    sheet: str = "a4"


@dataclass(frozen=True)
class _Furniture:
    """What every page of one document repeats."""

    title: str
    number: str
    shop: str
    foot: str
    page_of: str
    shop_foot: str
    sheet: styles.Sheet


def document(
    title: str,
    head: ShopHead,
    story: Sequence[Flowable],
    *,
    number: str = "",
    subtitle: str = "",
    order_url: str | None = None,
    qr_note: str = "",
    foot: str = "",
    page_of: str = "%(page)s / %(pages)s",
    language: str = "zh_CN",
) -> bytes:
    """Return the PDF: the same input always gives the same bytes.

    All strings are translated already. `subtitle` stands below the title, `qr_note` below the QR
    to `order_url`, `foot` at the left of every foot; `page_of` is filled with page and pages.
    A flowable is used up by one document. Raises FontsMissing.
    """
    fonts.register()
    out = io.BytesIO()
    sheet = styles.SHEETS[head.sheet]
    furniture = _Furniture(title, number, head.name, foot, page_of, head.foot, sheet)
    parts = [
        NextPageTemplate("later"),
        _head(head, order_url, qr_note),
        _title(title, number, subtitle),
        *_unbroken(story),
    ]
    with making:
        template = _template(out, furniture, head, language)
        template.build(parts, canvasmaker=partial(_CountingCanvas, furniture=furniture))
    return out.getvalue()


def _unbroken(story: Sequence[Flowable]) -> list[Flowable]:
    """Put a heading on the next page when too little would follow it on this one.

    A short block goes there too when the signatures below it would stand alone on the next page.
    """
    parts: list[Flowable] = []
    for part, following, after in zip_longest(story, story[1:], story[2:]):
        if following is not None and getattr(part, "is_heading", False):
            room = _least_height(following) + _closing_height(following, after)
            parts.append(CondPageBreak(_height(part) + room))
        elif _closing_height(part, following):
            parts.append(CondPageBreak(_height(part) + _closing_height(part, following)))
        parts.append(part)
    return parts


def _closing_height(part: Flowable, following: Flowable | None) -> float:
    """The room of signatures that follow a short part: they never stand alone on the last page."""
    if not getattr(following, "is_closing", False) or _height(part) > _MOST_KEPT:
        return 0
    return _height(following)


def _least_height(part: Flowable) -> float:
    """Return how much of a part must stand below its heading: all of it, or a good beginning."""
    whole = _height(part)
    return whole if whole <= _MOST_KEPT else getattr(part, "beginning", _BEGINNING)


def _height(part: Flowable) -> float:
    inner: list[Flowable] = getattr(part, "parts", [])
    if inner:
        return sum(_height(each) for each in inner)
    if isinstance(part, ActionFlowable):
        # A block without content.
        return 0
    height = float(part.wrap(styles.TEXT_WIDTH, styles.PAGE_HEIGHT)[1])
    return height + float(part.getSpaceBefore() + part.getSpaceAfter())


def _template(
    out: io.BytesIO, furniture: _Furniture, head: ShopHead, language: str
) -> BaseDocTemplate:
    return BaseDocTemplate(
        out,
        pagesize=(furniture.sheet.width, furniture.sheet.height),
        pageTemplates=[
            PageTemplate("first", [_frame(furniture.sheet, _FIRST_TOP)]),
            PageTemplate(
                "later",
                [_frame(furniture.sheet, _LATER_TOP)],
                onPage=partial(_later_head, furniture),
            ),
        ],
        title=" ".join(filter(None, (furniture.title, furniture.number))),
        author=head.name,
        creator="Workshop",
        lang=language.replace("_", "-"),
        initialFontName=fonts.REGULAR,
        invariant=1,
    )


def _frame(sheet: styles.Sheet, top: float) -> Frame:
    return Frame(
        sheet.margin,
        _BOTTOM,
        styles.TEXT_WIDTH,
        sheet.height - _BOTTOM - top,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


def _head(head: ShopHead, order_url: str | None, qr_note: str) -> Flowable:
    """The logo and the shop at the left, the QR at the right, a rule below."""
    logo: list[Flowable] = []
    if head.logo:
        logo.append(pictures.fitted(head.logo, _LOGO_WIDTH, _LOGO_HEIGHT))
    code: list[Flowable] = []
    if order_url:
        code.append(qr.drawing(order_url, _QR_SIDE))
        if qr_note:
            code.append(Spacer(0, 1 * mm))
            code.append(styles.text(qr_note, 6.5, color=styles.QUIET, align="c"))
    side = _QR_SIDE if order_url else 0
    mark = logo[0].drawWidth + 5 * mm if logo else 0
    return layout.grid(
        [[logo, _head_lines(head), code]],
        [mark, styles.TEXT_WIDTH - side - mark, side],
        [
            ("VALIGN", (0, 0), (1, 0), "MIDDLE"),
            ("RIGHTPADDING", (1, 0), (1, 0), 6 * mm if side else 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm),
            ("LINEBELOW", (0, 0), (-1, -1), styles.RULE, styles.ACCENT),
        ],
    )


def _head_lines(head: ShopHead) -> list[Flowable]:
    lines = [styles.text(head.name, 13.5, bold=True, leading=1.35)]
    if head.slogan:
        lines.append(styles.text(head.slogan, 8.5, color=styles.ACCENT))
    lines.append(Spacer(0, 1.5 * mm))
    contact = "  ·  ".join(filter(None, (head.address, head.phone)))
    lines += [styles.text(line, 8, color=styles.QUIET) for line in (contact, *head.more) if line]
    return lines


def _title(title: str, number: str, subtitle: str) -> Flowable:
    """The title large at the left, the number on the same line at the right."""
    number_width = styles.natural_width(number, 11, bold=True) + 1
    left: list[Flowable] = [styles.text(title, 19, bold=True, leading=1.3)]
    if subtitle:
        left.append(Spacer(0, 1 * mm))
        left.append(styles.text(subtitle, 8.5, color=styles.QUIET))
    right = styles.text(number, 11, bold=True, color=styles.ACCENT, align="r")
    return layout.grid(
        [[left, right]],
        [styles.TEXT_WIDTH - number_width, number_width],
        [
            ("TOPPADDING", (0, 0), (0, 0), 4 * mm),
            # The number's baseline meets that of the larger title.
            ("TOPPADDING", (1, 0), (1, 0), 4 * mm + 8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm),
        ],
    )


def _later_head(furniture: _Furniture, canvas: Any, _template: Any) -> None:
    """The small head of the second and later pages."""
    sheet = furniture.sheet
    line = sheet.height - 18 * mm
    canvas.setFont(fonts.BOLD, 8.5)
    canvas.setFillColor(styles.INK)
    canvas.drawString(sheet.margin, line + 2.2 * mm, f"{furniture.title}  {furniture.number}")
    canvas.setFont(fonts.REGULAR, 8)
    canvas.setFillColor(styles.QUIET)
    canvas.drawRightString(sheet.width - sheet.margin, line + 2.2 * mm, furniture.shop)
    _rule(canvas, sheet, line, styles.RULE, styles.ACCENT)


def _rule(canvas: Any, sheet: styles.Sheet, height: float, thickness: float, color: Any) -> None:
    canvas.setStrokeColor(color)
    canvas.setLineWidth(thickness)
    canvas.line(sheet.margin, height, sheet.width - sheet.margin, height)


class _CountingCanvas(Canvas):  # type: ignore[misc]  # reportlab ships no types.
    """Keeps the pages until their number is known, then writes the foot on each."""

    def __init__(self, *args: Any, furniture: _Furniture, **options: Any) -> None:
        super().__init__(*args, **options)
        self._furniture = furniture
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name.
        """Keep the page instead of writing it."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages, each with its foot."""
        for page, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self._foot(page, len(self._kept))
            super().showPage()
        super().save()

    def _foot(self, page: int, pages: int) -> None:
        furniture = self._furniture
        sheet = furniture.sheet
        _rule(self, sheet, 14 * mm, styles.HAIR, styles.HAIRLINE)
        self.setFont(fonts.REGULAR, 7.5)
        self.setFillColor(styles.QUIET)
        left = furniture.foot or f"{furniture.shop}  {furniture.number}".strip()
        self.drawString(sheet.margin, 10 * mm, left)
        right = furniture.page_of % {"page": page, "pages": pages}
        self.drawRightString(sheet.width - sheet.margin, 10 * mm, right)
        if furniture.shop_foot:
            self.drawCentredString(sheet.width / 2, 6 * mm, furniture.shop_foot)
