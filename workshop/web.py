"""The thin edge that all views share: forms that keep what was typed, pages, local times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g, render_template
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField

from workshop.errors import Conflict, Missing, WorkshopError

DEFAULT_ZONE = "Asia/Shanghai"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def blueprint(name: str, import_name: str) -> Blueprint:
    """A blueprint whose templates and static files stand in the top-level folders."""
    return Blueprint(name, import_name)


def words(message: str, values: Any) -> str:
    """Translate a msgid and fill in its values: labels translated, times in the shop's zone."""
    shown = {key: _shown(value) for key, value in dict(values).items()}
    text = str(gettext(message))
    return text % shown if shown else text


def _shown(value: Any) -> Any:
    label = getattr(value, "label", None)
    if label is not None:
        return gettext(label)
    if isinstance(value, datetime):
        return value.astimezone(zone()).strftime("%Y-%m-%d %H:%M")
    return value


def error_words(error: WorkshopError) -> str:
    """The refusal as a sentence in the reader's language."""
    return words(error.message, error.values)


def missing_words(missing: Missing) -> str:
    """The missing fact as a sentence in the reader's language."""
    return words(missing.message, missing.values)


def zone() -> ZoneInfo:
    """The time zone of the shop whose page is being made."""
    return ZoneInfo(getattr(g, "zone_name", None) or DEFAULT_ZONE)


def local_to_utc(day: date, at: time) -> datetime:
    """A wall-clock time in the shop as an aware UTC datetime."""
    return datetime.combine(day, at, tzinfo=zone()).astimezone(UTC)


def local(at: datetime) -> datetime:
    """An aware time as the shop's wall clock shows it."""
    return at.astimezone(zone())


def half_width(text: str | None) -> str | None:
    """Full-width digits, letters and signs become half-width; outer blanks go.

    For codes and numbers. Sentences keep their full-width punctuation: use it on fields only.
    """
    return text.translate(_FULL_WIDTH).strip() if isinstance(text, str) else text


def stripped(text: str | None) -> str | None:
    """Outer blanks go; the words stay as they were typed."""
    return text.strip() if isinstance(text, str) else text


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types.
    """Base of all forms. A refused one answers with what was typed and the reason in words."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF ships no types.
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Strip text fields, so that a stray blank never makes a value another one."""
            if unbound_field.field_class is StringField:
                filters = list(unbound_field.kwargs.get("filters", ()))
                options = {**options, "filters": [stripped, *filters]}
            return unbound_field.bind(form=form, **options)

    refusal: WorkshopError | None = None
    form_errors: list[str]

    def refuse(self, error: WorkshopError) -> None:
        """Show the refusal at its field, or above the form when it concerns no single one."""
        self.refusal = error
        field: Field | None = self._fields.get(error.field) if error.field else None
        target = field.errors if field is not None else self.form_errors
        message = error_words(error)
        if field is not None:
            field.errors = [*target, message]
        else:
            self.form_errors = [*target, message]

    @property
    def status(self) -> int:
        """The HTTP status that this form deserves now."""
        if self.refusal is not None:
            return status_of(self.refusal)
        return 422 if self.errors else 200


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


def page(template: str, status: int = 200, **context: Any) -> tuple[str, int]:
    """Render a template; the status goes with it, so that a refused form is no 200."""
    return render_template(template, **context), status


def error_page(error: WorkshopError) -> tuple[str, int]:
    """The page for a refusal that no form caught."""
    versions: dict[str, Any] = {}
    if isinstance(error, Conflict):
        versions = {"theirs": error.theirs, "yours": error.yours}
    missing: Iterable[Missing] = getattr(error, "missing", ())
    return page(
        "error.html",
        status_of(error),
        error=error,
        message=error_words(error),
        missing=[missing_words(each) for each in missing],
        **versions,
    )
