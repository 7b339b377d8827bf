"""The lists that the packages bring, and how their values stand in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for
from flask_babel import gettext

from workshop.errors import N_, NotFound
from workshop.listing import ListSheet, Msgid, Unit
from workshop.web.display import show_name, show_unit, translate
from workshop.web.times import local

Cell = str | int | Decimal | date | datetime | None


def list_sheets() -> Iterator[ListSheet]:
    """The lists that the packages bring, in the packages' order."""
    for face in current_app.extensions["workshop_faces"]:
        yield from face.lists


def get_sheet(name: str) -> ListSheet:
    """The list of this name; raises NotFound."""
    for sheet in list_sheets():
        if sheet.name == name:
            return sheet
    raise NotFound(N_("There is no such list."))


def address_of(name: str, kind: str, more: Mapping[str, Any]) -> str:
    """Where the list of the page that is shown is had as a file, as it is filtered there.

    `more` is what the page's own path says of the list, such as the number of its record.
    """
    asked = {**request.args.to_dict(), **{key: str(value) for key, value in more.items()}}
    asked.pop("page", None)
    path = url_for("setup.take_along", name=name, kind=kind)
    return f"{path}?{urlencode(asked)}" if asked else path


def cell(value: Any) -> Cell:
    """A value as it stands in a file: typed, in the reader's language and the shop's time."""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, datetime):
        return local(value).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, int | Decimal | date):
        return value
    if isinstance(value, Enum | Msgid):
        return translate(value)
    if isinstance(value, Unit):
        return show_unit(value)
    if isinstance(value, list | tuple):
        return "; ".join(str(shown) for each in value if (shown := cell(each)) is not None)
    if hasattr(value, "name_in") or hasattr(value, "title_in"):
        return show_name(value)
    return str(value)
