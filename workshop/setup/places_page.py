"""Where each step of set-up is done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, url_for

from workshop.setup.rules import SetupStep
from workshop.staff.models import User
from workshop.staff.permissions import Permission

P = Permission


@dataclass(frozen=True)
class Place:
    """Where a step is done: its page, the right that opens it, and an icon."""

    endpoint: str
    right: Permission
    icon: str
    anchor: str | None = None

    def url_for(self, reader: User) -> str | None:
        """The address; None for who may not open it, and while no page does it."""
        if self.endpoint not in current_app.view_functions or not reader.may(self.right):
            return None
        address: str = url_for(self.endpoint, _anchor=self.anchor)
        return address


PLACES = {
    SetupStep.SHOP: Place("shop.index", P.MANAGE_SHOP, "store", "about"),
    SetupStep.HOURS: Place("scheduling.working_calendar", P.MANAGE_SHOP, "calendar-clock"),
    SetupStep.BAYS: Place("shop.index", P.MANAGE_SHOP, "warehouse", "bays"),
    SetupStep.RATES: Place("catalogue.rates", P.MANAGE_CATALOGUE, "badge-japanese-yen"),
    SetupStep.OPERATIONS: Place("catalogue.index", P.MANAGE_CATALOGUE, "wrench"),
    SetupStep.PACKAGES: Place("catalogue.list_packages", P.MANAGE_CATALOGUE, "package"),
    SetupStep.PEOPLE: Place("setup.people", P.MANAGE_STAFF, "users"),
    SetupStep.PARTS: Place("parts.list_parts", P.MANAGE_PARTS, "boxes"),
    SetupStep.CHECKLISTS: Place("catalogue.lists", P.MANAGE_CATALOGUE, "list-checks"),
    SetupStep.WORDS: Place("catalogue.lists", P.MANAGE_CATALOGUE, "message-square-quote"),
    SetupStep.LOUNGE: Place("screen.devices", P.PAIR_SCREEN, "tv"),
    SetupStep.BOOKING: Place("booking.new", P.BOOK, "calendar-plus"),
    SetupStep.SETTLED: Place("desk.home", P.VIEW_ORDERS, "receipt-japanese-yen"),
}

STARTER = Place("setup.starter", P.MANAGE_CATALOGUE, "package-open")
"""Where the starter set is laid, which does most of the catalogue."""
