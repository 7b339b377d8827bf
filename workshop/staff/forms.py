"""Forms of sign-in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_security.forms import LoginForm
from sqlalchemy import func, select
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from workshop import web
from workshop.db import session
from workshop.staff.models import User


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
