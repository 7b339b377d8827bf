"""Forms of sign-in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_security.forms import LoginForm
from sqlalchemy import func, select
from wtforms import (
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from workshop import clock, db, web
from workshop.db import session
from workshop.errors import N_, NotAllowed
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.sessions import cookie, lockout


class SignInForm(LoginForm):
    """Sign-in by name and password; a wrong one of either gets the same answer."""

    email = None
    username = StringField(
        lazy_gettext("Sign-in name"),
        [DataRequired(lazy_gettext("Enter your sign-in name."))],
        filters=[web.half_width],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )

    def validate(self, **kwargs: Any) -> bool:
        """Look the person up by sign-in name, whatever its case; who failed often has to wait."""
        self.ifield = self.username
        name = (self.username.data or "").lower()
        self.user = session.scalars(
            select(User).where(func.lower(User.username) == name)
        ).one_or_none()
        place = cookie.place_of(self.user.id if self.user else None)
        try:
            lockout.require_no_wait(name, place, at=clock.now())
        except NotAllowed as refusal:
            self.form_errors = [web.error_words(refusal)]
            return False
        fits = bool(super().validate(**kwargs))
        if self.user_authenticated:
            lockout.forget(name, place)
        elif self.password.data and name:
            self._say_nothing_of_names()
            lockout.note_failure(name, place, at=clock.now())
        db.commit()
        return fits

    def _say_nothing_of_names(self) -> None:
        self.username.errors = self.password.errors = []
        self.form_errors = [lazy_gettext("Name and password do not fit together.")]


def offered_roles() -> list[SelectChoice]:
    """The roles that may be given, in the reader's language."""
    return [SelectChoice(each.name, str(gettext(each.label))) for each in staff.list_offered()]


class PersonForm(web.PartForm):
    """Somebody new."""

    key = "new"
    username = StringField(
        N_("Sign-in name"),
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )
    name = StringField(N_("Name"), [Length(max=64)], render_kw={"autocomplete": "off"})
    roles = SelectMultipleField(N_("Roles"), choices=offered_roles)
    locale = RadioField(
        N_("Language"),
        choices=[SelectChoice("zh_CN", N_("Chinese")), SelectChoice("en", N_("English"))],
        default="zh_CN",
    )

    @property
    def chosen_roles(self) -> list[str]:
        """The names of the ticked roles."""
        return list(self.roles.data or [])


class ChangePersonForm(web.Form):
    """Another name, or other roles."""

    seen = HiddenField()
    name = StringField(N_("Name"), [Length(max=64)], render_kw={"autocomplete": "off"})
    roles = SelectMultipleField(N_("Roles"), choices=offered_roles)

    @property
    def chosen_roles(self) -> list[str]:
        """The names of the ticked roles."""
        return list(self.roles.data or [])


class PasswordForm(web.Form):
    """A first or new password."""

    password = PasswordField(
        lazy_gettext("New password"),
        # How hard it must be to guess, the service says.
        [InputRequired(lazy_gettext("Enter a password.")), Length(max=200)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy_gettext("The same password again"),
        [EqualTo("password", lazy_gettext("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )
