"""The menu: which pages a person finds, by permission, grouped as the day goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from flask import current_app, request, url_for

from workshop.web.face import Entry


@dataclass(frozen=True)
class MenuItem:
    """One line of the menu."""

    label: str
    icon: str
    url: str
    active: bool


class Person(Protocol):
    """Who reads the menu: somebody with rights."""

    @property
    def rights(self) -> Set[Enum]: ...


def menu(user: Person | None) -> list[tuple[str, list[MenuItem]]]:
    """The groups and items that this user may open; nothing for a stranger."""
    if user is None:
        return []
    groups: dict[str, list[tuple[str, Entry]]] = {}
    for entry in list_entries():
        if user.rights & entry.rights and (entry.is_shown is None or entry.is_shown()):
            groups.setdefault(entry.group, []).append((url_for(entry.endpoint), entry))
    current = _find_current([url for items in groups.values() for url, _ in items])
    return [
        (label, [MenuItem(entry.label, entry.icon, url, url == current) for url, entry in items])
        for label, items in groups.items()
    ]


def list_entries() -> Iterator[Entry]:
    """The lines of the menu that the packages bring, in the packages' order."""
    for face in current_app.extensions["workshop_faces"]:
        yield from face.menu


def _find_current(urls: list[str]) -> str | None:
    """The item under which the page that is shown stands: the longest address it lies below.

    An order whose step is not on the menu belongs to the first page; no other page does.
    """
    path, home = _filed_under(), "/"
    found = [url for url in urls if url == path or (url != home and path.startswith(f"{url}/"))]
    is_order = request.path.startswith("/orders/") and home in urls
    return max(found, key=len, default=home if is_order else None)


def _filed_under() -> str:
    """The page of an order belongs to its step, the page of a car to the customers."""
    of_order = re.fullmatch(r"/orders/[^/]+(/.*)?", request.path)
    if of_order is not None:
        return of_order.group(1) or "/"
    return request.path.replace("/vehicles/", "/customers/", 1)
