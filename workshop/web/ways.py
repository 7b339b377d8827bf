"""The way that a refusal shows: a link to where its advice can be done, or who can do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from workshop.errors import Instead, Way

_KEY = "workshop_ways"


@dataclass(frozen=True)
class Others:
    """Who may do what the reader may not, in a sentence, and the page on which they are asked."""

    words: str
    url: str | None

    def __html__(self) -> Markup:
        if self.url is None:
            return Markup('<span class="way">{}</span>').format(self.words)
        ask = gettext("Ask them")
        page = Markup('<a href="{}">{}</a>').format(self.url, ask)
        return Markup('<span class="way">{} {}</span>').format(self.words, page)


@dataclass(frozen=True)
class Link:
    """A way as its reader sees it: an address to open, or who may open it."""

    label: str
    url: str
    others: Others | None

    @property
    def is_here(self) -> bool:
        """Whether the reader is there already."""
        return self.url == request.path

    @property
    def is_open(self) -> bool:
        """Whether the reader may go there."""
        return self.others is None

    def __html__(self) -> Markup:
        if self.others is None:
            return Markup('<a class="way" href="{}">{}</a>').format(self.url, self.label)
        return Markup("{}: {}").format(self.label, self.others)


@dataclass(frozen=True)
class WhoMay:
    """How the pages ask who may: the staff and the duties know it, on higher floors.

    `of_endpoint` answers for a page and its address, `of_rights` for an act; None when the reader
    may. A stranger, such as a customer on the own link, is shown no way into the shop's pages.
    """

    of_endpoint: Callable[[str, str], Others | None]
    of_rights: Callable[[Instead], Others | None]
    is_stranger: Callable[[], bool]


def set_who_may(app: Flask, who_may: WhoMay) -> None:
    """Tell the pages how to ask who may."""
    app.extensions[_KEY] = who_may


def show(way: Way | Instead) -> Link | Others | None:
    """The way for who reads now; None for a stranger, and when the reader is who may."""
    who_may: WhoMay = current_app.extensions[_KEY]
    if who_may.is_stranger():
        return None
    if isinstance(way, Instead):
        return who_may.of_rights(way)
    url = url_for(way.endpoint, **way.values)
    return Link(str(gettext(way.label)), url, who_may.of_endpoint(way.endpoint, url))


def instead(*rights: str, another: bool = False) -> Others | Markup:
    """For templates: who holds one of these rights, in a sentence; nothing when the reader does."""
    return _of_rights(rights, another) or Markup("")


def _of_rights(rights: tuple[str, ...], another: bool) -> Others | None:
    who_may: WhoMay = current_app.extensions[_KEY]
    return who_may.of_rights(Instead(frozenset(each.lower() for each in rights), another))
