"""The thin edge that all views share: forms that keep what was typed, pages, local times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, g, render_template
from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm
from markupsafe import escape
from wtforms import Field, IntegerField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField

from workshop import db, fields, form_words
from workshop.db import BilingualName
from workshop.errors import Conflict, Missing, WorkshopError

DEFAULT_ZONE = "Asia/Shanghai"
MOST = fields.MOST
half_width = fields.half_width
choices = fields.choices
member = fields.member
signature_png = fields.signature_png


def blueprint(name: str, import_name: str) -> Blueprint:
    """A blueprint whose templates and static files stand in the top-level folders."""
    return Blueprint(name, import_name)


def words(message: str, values: Any) -> str:
    """Translate a msgid and fill in its values: labels translated, times in the shop's zone."""
    shown = {key: show_value(value) for key, value in dict(values).items()}
    text = str(gettext(message))
    return text % shown if shown else text


def show_value(value: Any) -> Any:
    """A value of a refusal as its reader sees it."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, (list, tuple)):
        comma = "、" if str(get_locale()).startswith("zh") else ", "
        return comma.join(str(show_value(each)) for each in value)
    label = getattr(value, "label", None)
    if label is not None:
        return gettext(label)
    if isinstance(value, BilingualName):
        return value.name_in(str(get_locale()))
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


def stripped(text: str | None) -> str | None:
    """Outer blanks go; the words stay as they were typed."""
    return text.strip() if isinstance(text, str) else text


def whole(text: object, otherwise: int = 0) -> int:
    """A whole number that a form carries unseen, such as a version; `otherwise` for anything else.

    A wrong version is an old one: the service answers with a Conflict.
    """
    plain = half_width(str(text if text is not None else "")) or ""
    is_number = re.fullmatch(r"-?[0-9]{1,10}", plain) is not None
    return int(plain) if is_number and abs(int(plain)) <= MOST else otherwise


def own_path(target: str) -> str:
    """The address, if it is a path of this site; anything else leads home."""
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and target.startswith("/")
    return target if inside and not target.startswith("//") and "\\" not in target else "/"


def both_versions(error: WorkshopError | None) -> list[tuple[str, Any, Any]]:
    """Each label of a conflict with what was saved meanwhile and what was typed; else nothing."""
    if not isinstance(error, Conflict):
        return []
    labels = {**error.theirs, **error.yours}
    return [
        (each, show_value(error.theirs.get(each)), show_value(error.yours.get(each)))
        for each in labels
    ]


def _storable(text: Any) -> Any:
    """Text without the sign that PostgreSQL cannot keep; nobody types it."""
    return text.replace("\x00", "") if isinstance(text, str) else text


def _cleaners(kind: type) -> list[Callable[[Any], Any]]:
    if kind is StringField:
        return [_storable, stripped]
    is_text = issubclass(kind, StringField) and not issubclass(kind, PasswordField)
    return [_storable] if is_text else []


def _in_words(choice: SelectChoice) -> SelectChoice:
    label = str(choice.label)
    return replace(choice, label=str(gettext(label)) if label else label)


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types.
    """Base of all forms. A refused one answers with what was typed and the reason in words."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF ships no types.
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Strip text, so that a stray blank never makes a value another one; read numbers."""
            if unbound_field.field_class is IntegerField:
                unbound_field = UnboundField(
                    fields.WholeNumber, *unbound_field.args, **unbound_field.kwargs
                )
            cleaners = _cleaners(unbound_field.field_class)
            if cleaners:
                filters = list(unbound_field.kwargs.get("filters", ()))
                options = {**options, "filters": [*cleaners, *filters]}
            return unbound_field.bind(form=form, **options)

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """Show a drop-down's labels in the reader's language, as the macros show chips."""
            if isinstance(field, SelectField) and isinstance(field.choices, list):
                field.choices = [_in_words(each) for each in field.choices]
            return super().render_field(field, render_kw)

        def get_translations(self, _form: Any) -> Any:
            """The library's own messages, in our words and in the reader's language."""
            return form_words.TRANSLATIONS

    refusal: WorkshopError | None = None
    form_errors: list[str]

    def refuse(self, error: WorkshopError) -> None:
        """Show the refusal at its field, or above the form when it concerns no single one.

        After a conflict the form carries the version that both were shown: sent again, it is meant.
        """
        self.refusal = error
        g.refusal = error
        if isinstance(error, Conflict) and "version" in error.values:
            for name in {"version", "seen"} & set(self._fields):
                self._fields[name].data = str(error.values["version"])
        field: Field | None = self._fields.get(error.field) if error.field else None
        target = field.errors if field is not None else self.form_errors
        message = error_words(error)
        if field is not None:
            field.errors = [*target, message]
        else:
            self.form_errors = [*target, message]

    @property
    def both_versions(self) -> list[tuple[str, Any, Any]]:
        """What was saved meanwhile beside what was typed here; empty unless it is a conflict."""
        return both_versions(self.refusal)

    @property
    def status(self) -> int:
        """The HTTP status that this form deserves now."""
        if self.refusal is not None:
            return status_of(self.refusal)
        return 422 if self.errors else 200

    def carry_out(self, act: Callable[[], object]) -> bool:
        """Do and commit what was sent; False when it was refused, with the reason in the form."""
        if not self.validate_on_submit():
            return False
        try:
            act()
            db.commit()
        except WorkshopError as error:
            db.rollback()
            self.refuse(error)
        return self.refusal is None


class PartForm(Form):
    """One of several forms of a page; its key keeps its fields apart from those of the others."""

    key = ""

    @classmethod
    def posted(cls) -> Self:
        """The form as it was sent."""
        return cls(prefix=cls.key)

    @classmethod
    def blank(cls, **values: Any) -> Self:
        """The form as the page offers it."""
        return cls(prefix=cls.key, formdata=None, data=values)


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
    """Render a template; the status goes with it, so that a refused form is no 200.

    A refusal whose form has left the page meanwhile is said above it: nothing fails in silence.
    """
    text = render_template(template, **context)
    unsaid = _find_unsaid(text)
    return (render_template(template, unsaid=unsaid, **context) if unsaid else text), status


def _find_unsaid(text: str) -> str | None:
    refusal: WorkshopError | None = g.get("refusal")
    if refusal is None or both_versions(refusal):
        return None
    message = error_words(refusal)
    return None if str(escape(message)) in text else message


def error_page(error: WorkshopError) -> tuple[str, int]:
    """The page for a refusal that no form caught."""
    missing: Iterable[Missing] = getattr(error, "missing", ())
    return page(
        "error.html",
        status_of(error),
        error=error,
        message=error_words(error),
        missing=[missing_words(each) for each in missing],
        rows=both_versions(error),
    )
