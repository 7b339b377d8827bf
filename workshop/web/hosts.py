"""Under which names the shop is reached: links begin with the one that is set, others are refused.

A page that answers under any name lets another site's name stand in the links that it prints, and
lets that site's scripts read the shop's network through a visitor's browser.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, url_for

from workshop.config import Settings
from workshop.errors import N_
from workshop.web import bare

_NAMES = "workshop_names"
_TITLE = N_("This is not an address of this shop")
_WORDS = N_(
    "Open it under the computer's own address. Who runs the server names another one in"
    " WORKSHOP_ADDRESS, such as https://workshop.example.com."
)


def init_app(app: Flask) -> None:
    """Refuse what was asked under a foreign name, before anything else."""
    settings: Settings = app.extensions["workshop_settings"]
    app.extensions[_NAMES] = list_names(settings.address)
    app.before_request(_refuse_foreign)


def full_address(endpoint: str, **values: Any) -> str:
    """The address of a page for who is elsewhere: in a message, on paper, in a printed square."""
    settings: Settings = current_app.extensions["workshop_settings"]
    address = settings.address
    if address is None:
        return url_for(endpoint, _external=True, **values)
    return address + url_for(endpoint, **values)


def is_ours(host: str, names: frozenset[str]) -> bool:
    """Whether the host of a request, with its port, is one of the names or a plain number.

    A number is no name that somebody else could own, and is how a shop without names is reached.
    """
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    return name in names or _is_number(name)


def list_names(address: str | None) -> frozenset[str]:
    """This computer's own names, and that of the address that is set."""
    own = socket.gethostname().lower()
    known = {"localhost", own, f"{own}.local"}
    if address is not None:
        known.add(urlsplit(address).hostname or "")
    return frozenset(known)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refuse_foreign() -> Response | None:
    try:
        if is_ours(request.host, current_app.extensions[_NAMES]):
            return None
    except ValueError:
        # Brackets that do not close: nobody's name.
        pass
    return bare.answer(400, _TITLE, _WORDS)
