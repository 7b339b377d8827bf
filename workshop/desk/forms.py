"""Forms of the order page: a note, and where the key and the car are."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from workshop import web
from workshop.errors import N_


class NoteForm(web.PartForm):
    """What is to be known of an order."""

    key = "note"
    text = TextAreaField(N_("Note for colleagues"), validators=[Length(max=2000)])


class KeyForm(web.PartForm):
    """The tag on the key, and the place in the yard."""

    key = "key"
    key_tag = StringField(N_("Key tag"), validators=[Length(max=20)])
    parked_at = StringField(N_("Parking place"), validators=[Length(max=40)])
