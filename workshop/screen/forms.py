"""Forms of the lounge screens."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from workshop import web
from workshop.errors import N_

# A language is named in itself, whatever the reader's own.
LANGUAGES = [SelectChoice("zh_CN", "中文"), SelectChoice("en", "English")]


class DeviceForm(web.Form):
    """Name, language and chime of a television."""

    name = StringField(
        N_("Name of the screen"),
        [
            DataRequired(N_("Give the screen a name, such as the place where it hangs.")),
            Length(max=60, message=N_("Use at most 60 characters.")),
        ],
    )
    locale = RadioField(N_("Language"), choices=LANGUAGES, default="zh_CN")
    chime = BooleanField(N_("Ring softly when a car is ready"))

    @property
    def values(self) -> dict[str, Any]:
        """What the service wants."""
        return {
            "name": self.name.data,
            "locale": self.locale.data,
            "chime": bool(self.chime.data),
        }


class PairForm(DeviceForm):
    """The code that the television shows, and what it shall be called."""

    code = StringField(
        N_("Code on the screen"),
        [DataRequired(N_("Enter the code that the screen shows."))],
        filters=[web.half_width],
    )
