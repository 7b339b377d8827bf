"""Forms that keep what was typed and say in words why it was refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

from flask import g
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import (
    Field,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import Length

from workshop.errors import N_, Conflict, WorkshopError
from workshop.web import fields, form_words
from workshop.web.acts import carry_out
from workshop.web.fields import MOST, half_width
from workshop.web.words import both_versions, error_words, status_of


def stripped(text: str | None) -> str | None:
    """Outer blanks go, and line ends, which one line cannot show; the words stay as typed."""
    return re.sub(r"[\r\n\t]+", " ", text).strip() if isinstance(text, str) else text


def whole(text: object, otherwise: int = 0) -> int:
    """A whole number that a form carries unseen, such as a version; `otherwise` for anything else.

    A wrong version is an old one: the service answers with a Conflict.
    """
    plain = half_width(str(text if text is not None else "")) or ""
    is_number = re.fullmatch(r"-?[0-9]{1,10}", plain) is not None
    return int(plain) if is_number and abs(int(plain)) <= MOST else otherwise


def _storable(text: Any) -> Any:
    """Text without the sign that PostgreSQL cannot keep; nobody types it."""
    return text.replace("\x00", "") if isinstance(text, str) else text


def _cleaners(kind: type, name: str) -> list[Callable[[Any], Any]]:
    if kind is StringField:
        return [_storable, stripped, *fields.readers_of(name)]
    is_text = issubclass(kind, StringField) and not issubclass(kind, PasswordField)
    return [_storable] if is_text else []


def _of_their_kind(form: Any, sent: Any) -> MultiDict[str, Any]:
    takes_files = {each.name for each in form if isinstance(each, FileField)}
    return MultiDict(
        (name, value)
        for name in sent
        for value in sent.getlist(name)
        if isinstance(value, FileStorage) == (name in takes_files)
    )


def _in_words(choice: SelectChoice) -> SelectChoice:
    label = str(choice.label)
    return replace(choice, label=str(gettext(label)) if label else label)


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types.
    """Base of all forms. A refused one answers with what was typed and the reason in words."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF ships no types.
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Strip text, so that one blank more never makes a value another one; read numbers."""
            if unbound_field.field_class is IntegerField:
                unbound_field = UnboundField(
                    fields.WholeNumber, *unbound_field.args, **unbound_field.kwargs
                )
            cleaners = _cleaners(unbound_field.field_class, options["name"])
            if cleaners:
                filters = list(unbound_field.kwargs.get("filters", ()))
                options = {**options, "filters": [*cleaners, *filters]}
            return unbound_field.bind(form=form, **options)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """A file belongs to a field for files, a text to any other, whatever was sent."""
            sent = super().wrap_formdata(form, formdata)
            return sent if sent is None else _of_their_kind(form, sent)

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """Show a drop-down's labels in the reader's language, as the macros show chips."""
            if isinstance(field, SelectField) and isinstance(field.choices, list):
                field.choices = [_in_words(each) for each in field.choices]
            return super().render_field(field, render_kw)

        def get_translations(self, _form: Any) -> Any:
            """The library's own messages, in our words and in the reader's language."""
            return form_words.TRANSLATIONS

    refusal: WorkshopError | None = None
    outcome: Any = None
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
        """The HTTP status that this form gets now."""
        if self.refusal is not None:
            return status_of(self.refusal)
        return 422 if self.errors else 200

    def carry_out(self, act: Callable[[], object]) -> bool:
        """Do and commit what was sent; False when it was refused, with the reason in the form.

        What the act gave is kept as `outcome`, for what follows it.
        """
        if not self.validate_on_submit():
            return False

        def do() -> None:
            self.outcome = act()

        error = carry_out(do)
        if error is not None:
            self.refuse(error)
        return self.refusal is None


class ExceptionMixin:
    """A form whose act may be an exception from a rule of two persons, with its reason."""

    exception = StringField(N_("Reason for the exception"), validators=[Length(max=300)])


class AuthorityMixin:
    """An answer may come from somebody whom a company has not named for it; then it says why."""

    authority = StringField(
        N_("Why this person may agree for the company"), validators=[Length(max=200)]
    )


class ConsentMixin(AuthorityMixin):
    """Who agreed: on the phone, with name and time, or by signing."""

    who = StringField(N_("Who was on the phone"))
    when = StringField(N_("When"))
    signature = HiddenField()
    signature_typed = StringField(N_("Name"))


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
