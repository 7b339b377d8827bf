"""The way that a refusal shows: a link to where its advice can be done, or who can do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, url_for
from flask_babel import gettext
from markupsafe import Markup

from workshop.errors import Way

_KEY = "workshop_ways"
# The names of the roles that may open an endpoint; None when the reader may.
WhoMay = Callable[[str], str | None]


@dataclass(frozen=True)
class Link:
    """A way as its reader sees it: an address to open, or the names of the roles that may."""

    label: str
    url: str
    roles: str | None

    @property
    def is_open(self) -> bool:
        """Whether the reader may go there."""
        return self.roles is None

    def __html__(self) -> Markup:
        if self.is_open:
            return Markup('<a class="way" href="{}">{}</a>').format(self.url, self.label)
        who = gettext("These roles may: %(roles)s.", roles=self.roles)
        return Markup('<span class="way">{}: {}</span>').format(self.label, who)


def set_who_may(app: Flask, who_may: WhoMay) -> None:
    """Tell the pages how to ask who may open an endpoint; the staff know it, on a higher floor."""
    app.extensions[_KEY] = who_may


def show(way: Way) -> Link:
    """The way for who reads now."""
    who_may: WhoMay = current_app.extensions[_KEY]
    url = url_for(way.endpoint, **way.values)
    return Link(str(gettext(way.label)), url, who_may(way.endpoint))
