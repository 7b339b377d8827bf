"""What is written to a customer, and what was answered otherwise."""

from __future__ import annotations

from wtforms import FileField, HiddenField, TextAreaField
from wtforms.validators import Length

from workshop import web
from workshop.errors import N_
from workshop.thread.rules import MOST_WORDS


class AnswerForm(web.Form):
    """The shop's words, with the last message that the page showed."""

    seen = HiddenField()
    words = TextAreaField(N_("Your answer"), validators=[Length(max=MOST_WORDS)])
    photo = FileField(N_("Photo"))

    @property
    def picture(self) -> bytes:
        """The photo, if one was added."""
        return self.photo.data.read() if self.photo.data else b""
