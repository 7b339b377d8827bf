"""Forms of one's own page."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from workshop import web
from workshop.errors import N_
from workshop.staff.forms import PasswordForm


class ChangePasswordForm(PasswordForm):
    """A new password in place of the old one."""

    old = PasswordField(
        lazy_gettext("Password until now"),
        [InputRequired(lazy_gettext("Enter the password that you sign in with now."))],
        render_kw={"autocomplete": "current-password"},
    )


class PinForm(web.PartForm):
    """A PIN for the shared devices of the floor."""

    key = "pin"
    old = PasswordField(
        N_("Your password"),
        [InputRequired(N_("Enter the password that you sign in with now."))],
        render_kw={"autocomplete": "current-password"},
    )
    pin = PasswordField(
        N_("New PIN"),
        [InputRequired(N_("Enter 4 to 6 digits.")), Length(max=12)],
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 6},
    )
    again = PasswordField(
        N_("The same PIN again"),
        [EqualTo("pin", N_("The two PINs differ."))],
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 6},
    )
