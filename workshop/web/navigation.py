"""The menu: which pages a person finds, by permission, grouped as the day goes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import current_app, request, url_for

from workshop.errors import N_
from workshop.staff.models import User
from workshop.staff.permissions import Permission

P = Permission


@dataclass(frozen=True)
class MenuItem:
    """One line of the menu."""

    label: str
    icon: str
    url: str
    active: bool


MENU: tuple[tuple[str, tuple[tuple[str, str, str, frozenset[P]], ...]], ...] = (
    (
        N_("Front desk"),
        (
            ("desk.home", N_("Today"), "layout-dashboard", frozenset({P.VIEW_ORDERS})),
            (
                "booking.index",
                N_("Appointments"),
                "calendar",
                frozenset({P.BOOK, P.REGISTER_ARRIVAL}),
            ),
            ("booking.list_customers", N_("Customers"), "users", frozenset({P.VIEW_CUSTOMERS})),
            (
                "reception.index",
                N_("Reception"),
                "clipboard-list",
                frozenset({P.RECEIVE, P.REGISTER_ARRIVAL}),
            ),
            ("quotation.index", N_("Quotations"), "file-text", frozenset({P.QUOTE})),
            ("lounge.index", N_("Customer care"), "coffee", frozenset({P.CARE})),
        ),
    ),
    (
        N_("Workshop"),
        (
            ("scheduling.index", N_("Job control board"), "chart-gantt", frozenset({P.SCHEDULE})),
            ("scheduling.show_watch", N_("Watch"), "siren", frozenset({P.SCHEDULE})),
            ("scheduling.show_close", N_("Day close"), "moon", frozenset({P.SCHEDULE})),
            (
                "attendance.index",
                N_("Attendance"),
                "clock",
                frozenset({P.CORRECT_ATTENDANCE}),
            ),
            ("parts.index", N_("Parts"), "package", frozenset({P.PICK_PARTS})),
            ("repair.phone", N_("My jobs"), "wrench", frozenset({P.WORK})),
            (
                "repair.index",
                N_("Repair & quality"),
                "badge-check",
                frozenset({P.INSPECT, P.FINAL_CHECK}),
            ),
            ("handover.washes", N_("Wash"), "droplets", frozenset({P.WASH})),
        ),
    ),
    (
        N_("Completion"),
        (
            ("settlement.index", N_("Settlement"), "receipt", frozenset({P.SETTLE})),
            ("handover.index", N_("Handover"), "key-round", frozenset({P.DELIVER})),
            ("handover.gate", N_("Gate"), "door-open", frozenset({P.CHECK_GATE})),
            ("followup.index", N_("Follow-up"), "headset", frozenset({P.FOLLOW_UP})),
            ("followup.cases", N_("Cases"), "message-square", frozenset({P.HANDLE_CASE})),
        ),
    ),
    (
        N_("Shop"),
        (
            ("screen.devices", N_("Lounge screens"), "tv", frozenset({P.PAIR_SCREEN})),
            ("staff.index", N_("Staff"), "users", frozenset({P.MANAGE_STAFF})),
            ("shop.index", N_("The shop"), "store", frozenset({P.MANAGE_SHOP})),
        ),
    ),
)


def menu(user: User | None) -> list[tuple[str, list[MenuItem]]]:
    """The groups and items that this user may open; nothing for a stranger."""
    if user is None:
        return []
    groups = []
    for label, entries in MENU:
        items = [(url_for(entry[0]), entry) for entry in entries if _is_open(entry, user)]
        if items:
            groups.append((label, items))
    current = _find_current([url for _, items in groups for url, _ in items])
    return [
        (label, [MenuItem(entry[1], entry[2], url, url == current) for url, entry in items])
        for label, items in groups
    ]


def _is_open(entry: tuple[str, str, str, frozenset[P]], user: User) -> bool:
    return bool(user.rights & entry[3]) and entry[0] in current_app.view_functions


def _find_current(urls: list[str]) -> str | None:
    """The item under which the page that is shown stands: the longest address it lies below."""
    path = _filed_under()
    found = [url for url in urls if path == url or path.startswith(f"{url.rstrip('/')}/")]
    return max(found, key=len, default=None)


def _filed_under() -> str:
    """The page of an order belongs to its step, the page of a car to the customers."""
    of_order = re.fullmatch(r"/orders/[^/]+(/.*)?", request.path)
    if of_order is not None:
        return of_order.group(1) or "/"
    return request.path.replace("/vehicles/", "/customers/", 1)
