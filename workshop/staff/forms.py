"""Forms of sign-in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
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
from wtforms.validators import EqualTo, InputRequired, Length

from workshop import web
from workshop.db import session
from workshop.errors import N_
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


class SignInForm(LoginForm):
    """Sign-in by name and password; a wrong one of either gets the same answer."""

    email = None
    username = StringField(
        lazy_gettext("Sign-in name"),
        [InputRequired(lazy_gettext("Enter your sign-in name."))],
        filters=[web.half_width],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )

    def validate(self, **kwargs: Any) -> bool:
        """Look the person up by sign-in name, whatever its case."""
        self.ifield = self.username
        name = (self.username.data or "").lower()
        self.user = session.scalars(
            select(User).where(func.lower(User.username) == name)
        ).one_or_none()
        return bool(super().validate(**kwargs))


class PersonForm(web.PartForm):
    """Somebody new."""

    key = "new"
    username = StringField(
        N_("Sign-in name"),
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )
    name = StringField(N_("Name"), [Length(max=64)], render_kw={"autocomplete": "off"})
    roles = SelectMultipleField(N_("Roles"), choices=web.choices(RoleName))
    locale = RadioField(
        N_("Language"),
        choices=[SelectChoice("zh_CN", N_("Chinese")), SelectChoice("en", N_("English"))],
        default="zh_CN",
    )

    @property
    def chosen_roles(self) -> list[RoleName]:
        """The ticked roles."""
        return [RoleName(value) for value in self.roles.data or []]


class ChangePersonForm(web.Form):
    """Another name, or other roles."""

    seen = HiddenField()
    name = StringField(N_("Name"), [Length(max=64)], render_kw={"autocomplete": "off"})
    roles = SelectMultipleField(N_("Roles"), choices=web.choices(RoleName))

    @property
    def chosen_roles(self) -> list[RoleName]:
        """The ticked roles."""
        return [RoleName(value) for value in self.roles.data or []]


class PasswordForm(web.Form):
    """A first or new password."""

    password = PasswordField(
        lazy_gettext("New password"),
        [
            InputRequired(lazy_gettext("Enter a password.")),
            Length(min=10, message=lazy_gettext("Use at least 10 characters.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy_gettext("The same password again"),
        [EqualTo("password", lazy_gettext("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )
