"""What a refusal is to its reader: its sentence, both versions, its HTTP status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from workshop import money
from workshop.db import BilingualName
from workshop.errors import Conflict, Instead, Minutes, Missing, Way, WorkshopError
from workshop.web import ways
from workshop.web.lengths import show_minutes
from workshop.web.times import zone
from workshop.web.versions import Quantity, Unit


def words(message: str, values: Any) -> str:
    """Translate a msgid and fill in its values: labels translated, times in the shop's zone."""
    shown = {key: show_value(value) for key, value in dict(values).items()}
    text = str(gettext(message))
    return text % shown if shown else text


def show_value(value: Any) -> Any:
    """A value of a refusal as its reader sees it."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Minutes):
        return show_minutes(value)
    if isinstance(value, (list, tuple)):
        comma = "、" if str(get_locale()).startswith("zh") else ", "
        return comma.join(str(show_value(each)) for each in value)
    label = getattr(value, "label", None)
    if label is not None:
        return gettext(label)
    if isinstance(value, BilingualName):
        return value.name_in(str(get_locale()))
    titled = getattr(value, "title_in", None)
    if titled is not None and not isinstance(value, str):
        return titled(str(get_locale()))
    if isinstance(value, datetime):
        return value.astimezone(zone()).strftime("%Y-%m-%d %H:%M")
    return _SHOW[value.unit](value.number) if isinstance(value, Quantity) else value


_SHOW: dict[Unit, Callable[[int], str]] = {
    Unit.KM: lambda km: f"{km:,} km",
    Unit.MINUTES: show_minutes,
    Unit.PERCENT: lambda percent: f"{percent} %",
    Unit.BASIS_POINTS: lambda points: f"{points / 100:g} %",
    Unit.FEN: money.format_fen,
}


class RefusalWords(str):
    """The sentence of a refusal, which notes when a page shows it.

    The note tells `find_unsaid` what it need not say again. Wherever a template prints the
    sentence, it is escaped there, and so it passes `__html__`, which adds the way to its advice.
    """

    __slots__ = ("error",)
    error: WorkshopError

    def __html__(self) -> Markup:
        g.setdefault("shown_refusals", []).append(self.error)
        return with_way(str(self), self.error.way)


def error_words(error: WorkshopError) -> RefusalWords:
    """The refusal as a sentence in the reader's language."""
    said = RefusalWords(words(error.message, error.values))
    said.error = error
    return said


def find_unsaid() -> RefusalWords | None:
    """The refusal of this request's form, while what is rendered so far does not show it.

    A conflict with both versions is shown by its form alone.
    """
    refusal: WorkshopError | None = g.get("refusal")
    is_shown = any(each is refusal for each in g.get("shown_refusals", ()))
    if refusal is None or is_shown or both_versions(refusal):
        return None
    return error_words(refusal)


class MissingWords(str):
    """The sentence of a missing fact; a template that prints it shows the way beside it."""

    __slots__ = ("way",)
    way: Way | Instead | None

    def __html__(self) -> Markup:
        return with_way(str(self), self.way)


def missing_words(missing: Missing) -> MissingWords:
    """The missing fact as a sentence in the reader's language."""
    said = MissingWords(words(missing.message, missing.values))
    said.way = getattr(missing, "way", None)  # A tick or an alarm is said the same way.
    return said


def with_way(text: str, way: Way | Instead | None) -> Markup:
    """The sentence, and the link to where its advice can be done, or who can do it."""
    shown = ways.show(way) if way else None
    is_here = isinstance(shown, ways.Link) and shown.is_here
    return Markup("{} {}").format(text, shown) if shown and not is_here else escape(text)


def both_versions(error: WorkshopError | None) -> list[tuple[str, Any, Any]]:
    """Each label of a conflict with what was saved meanwhile and what was typed; else nothing."""
    if not isinstance(error, Conflict):
        return []
    labels = {**error.theirs, **error.yours}
    return [
        (each, show_value(error.theirs.get(each)), show_value(error.yours.get(each)))
        for each in labels
    ]


_STATUS = {
    "NotFound": 404,
    "RuleBroken": 409,
    "Conflict": 409,
    "NotAllowed": 403,
    "Invalid": 422,
}


def status_of(error: WorkshopError) -> int:
    """The HTTP status of a refusal, by its kind."""
    for kind in type(error).__mro__:
        if kind.__name__ in _STATUS:
            return _STATUS[kind.__name__]
    return 400
