"""Printed paper: A4 pages with the shop's head, embedded Chinese fonts and a QR to the order.

A step's pdf.py puts already translated strings into these blocks and asks for the bytes:

    paper.document(
        _("Settlement list"), head, [paper.facts(…), paper.table(…), paper.totals(…)], number=…
    )

This package knows no translation, no database and no money: it lays out what it is given.
"""

from __future__ import annotations

from workshop.paper.cards import Card, cards
from workshop.paper.checklist import CheckItem, Mark, checklist
from workshop.paper.fonts import FontsMissing
from workshop.paper.labels import Label, labels
from workshop.paper.layout import (
    column_widths,
    columns,
    display,
    gap,
    note,
    section,
    together,
)
from workshop.paper.page import ShopHead, document
from workshop.paper.pictures import pictures, signature_box, signatures
from workshop.paper.styles import TEXT_WIDTH
from workshop.paper.tables import facts, table, totals

__all__ = [
    "TEXT_WIDTH",
    "Card",
    "CheckItem",
    "FontsMissing",
    "Label",
    "Mark",
    "ShopHead",
    "cards",
    "checklist",
    "column_widths",
    "columns",
    "display",
    "document",
    "facts",
    "gap",
    "labels",
    "note",
    "pictures",
    "section",
    "signature_box",
    "signatures",
    "table",
    "together",
    "totals",
]
