"""Forms of the second factor: those of the library, counted and in our words, and our own."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_security.forms import TwoFactorRescueForm, TwoFactorVerifyCodeForm
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import WebAuthnRegisterForm
from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from workshop import clock, db, web
from workshop.errors import N_, NotAllowed
from workshop.staff.models import User
from workshop.staff.second_factor import service as factors
from workshop.staff.sessions import cookie, lockout

_ONE_TIME: dict[str, Any] = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class _Counted:
    """A code that does not fit makes wait, like a password."""

    user: Any
    code: Any

    def _try(self, fits: Any) -> bool:
        user: User = self.user
        name, place = user.username, f"code:{cookie.place_of(user.id)}"
        try:
            lockout.require_no_wait(name, place, at=clock.now())
        except NotAllowed as refusal:
            self.code.errors = [web.error_words(refusal)]
            return False
        is_right = bool(fits())
        if is_right:
            lockout.forget(name, place)
        else:
            lockout.note_failure(name, place, at=clock.now())
            self.code.errors = [lazy_gettext("This code does not fit. Look at the app again.")]
        db.commit()
        return is_right


class CodeForm(_Counted, TwoFactorVerifyCodeForm):
    """The code of the app, after the password."""

    code = StringField(
        lazy_gettext("Code of the app"),
        [DataRequired(lazy_gettext("Enter the six digits of the app."))],
        filters=[web.half_width],
        render_kw=_ONE_TIME,
    )

    def validate(self, **kwargs: Any) -> bool:
        """Ask the library; a wrong code is counted."""
        return self._try(lambda: bool(TwoFactorVerifyCodeForm.validate(self, **kwargs)))


class RecoveryForm(_Counted, MfRecoveryForm):
    """A recovery code in place of the app's."""

    code = StringField(
        lazy_gettext("Recovery code"),
        [DataRequired(lazy_gettext("Enter one of your recovery codes."))],
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )

    def validate(self, **kwargs: Any) -> bool:
        """Ask the library; a wrong code is counted, one that fits is noted."""
        if not self._try(lambda: bool(MfRecoveryForm.validate(self, **kwargs))):
            return False
        factors.note_recovery_code(self.user, at=clock.now())
        return True


class NoRescueForm(TwoFactorRescueForm):
    """The library's own ways out, which our page does not offer: its links are enough."""

    help_setup = RadioField(choices=[])


class PasskeyForm(WebAuthnRegisterForm):
    """A new passkey; each of them signs in alone."""

    usage = StringField()

    def validate(self, **kwargs: Any) -> bool:
        """Ask the library, whatever the browser wanted the key for."""
        self.usage.data = "first"
        return bool(super().validate(**kwargs))


class ConfirmForm(web.Form):
    """The password once more, before something that lasts longer than the session."""

    password = PasswordField(
        N_("Your password"),
        [InputRequired(N_("Enter the password that you sign in with now."))],
        render_kw={"autocomplete": "current-password"},
    )


class FirstCodeForm(web.Form):
    """The first code of a new app, which proves that it was set up."""

    code = StringField(
        N_("Code of the app"),
        [DataRequired(N_("Enter the six digits of the app.")), Length(max=12)],
        filters=[web.half_width],
        render_kw=_ONE_TIME,
    )


class ResetForm(web.PartForm):
    """Why a manager takes somebody's second factor away."""

    key = "reset"
    reason = StringField(N_("Reason"), [Length(max=200)], render_kw={"autocomplete": "off"})
