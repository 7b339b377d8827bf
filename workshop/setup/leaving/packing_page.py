"""The file of the whole shop, with the papers that customers were handed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask_babel import gettext
from sqlalchemy import select

from workshop import db
from workshop.backup import whole
from workshop.backup.figures import Figures
from workshop.config import Settings
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.setup import papers_page


def pack(settings: Settings, path: Path, locale: str) -> Figures:
    """Write the file, inside of a request's context; returns what was counted."""
    with whole.reading(settings) as connection:
        return whole.write(connection, db.Model, path, _papers(locale))


def _papers(locale: str) -> Iterator[tuple[str, bytes]]:
    """Every paper of every order: its name with its folder, and its PDF."""
    for key in list(session.scalars(select(RepairOrder.id).order_by(RepairOrder.id))):
        order = session.get_one(RepairOrder, key)
        folder = f"{order.branch.code}/{order.no}"
        for title, data in papers_page.list_papers(order, locale):
            yield f"{folder}/{gettext(title)}.pdf", data
        # Of a shop's ten years only one order is held at a time.
        session.expunge_all()
