"""What the pages at the car show of one order."""

from __future__ import annotations

from workshop import clock, web
from workshop.orders.models import RepairOrder
from workshop.phone import applied
from workshop.steps.reception import page as sheet
from workshop.steps.reception.models import WalkaroundPhoto
from workshop.steps.reception.rules import PhotoOf
from workshop.steps.reception.walk import screens


def page(order: RepairOrder) -> tuple[str, int]:
    """The whole walk in one page, so that all of it is there without a line."""
    shown = sheet.context(order, clock.now())
    listed = screens.list_screens(order, shown["missing"])
    return web.page(
        "reception/walk/show.html",
        **shown,
        screens=listed,
        open=screens.list_open(listed, shown["missing"]),
        answers=screens.ANSWERS,
        photos_of=_by_subject(shown["photos"]),
        new_id=applied.new_id,
        clock_speed=clock.speed,
    )


def _by_subject(photos: list[WalkaroundPhoto]) -> dict[str, list[WalkaroundPhoto]]:
    return {kind.value: [each for each in photos if each.subject is kind] for kind in PhotoOf}
