"""Forms of the duties' pages."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from workshop import web
from workshop.errors import N_
from workshop.staff.models import User


class HandOverForm(web.PartForm):
    """Which duties go to whom, and why."""

    key = "hand"
    chosen = SelectMultipleField(N_("What"), validate_choice=False)
    taker = SelectField(N_("To whom"), coerce=web.whole, validate_choice=False)
    reason = StringField(N_("Reason"), validators=[Length(max=300)])
    sets = BooleanField(N_("Set it at once, without an answer"))

    def with_people(self, people: Sequence[User]) -> HandOverForm:
        """The form with the people to choose from."""
        self.taker.choices = [SelectChoice(each.id, each.display_name) for each in people]
        return self


class AnswerForm(web.PartForm):
    """Yes or no, with words where they are needed."""

    key = "answer"
    answer = StringField(N_("Words to it"), validators=[Length(max=300)])


class AskForm(web.PartForm):
    """Whom somebody asks, for what and where."""

    key = "ask"
    rights = HiddenField()
    path = HiddenField()
    of = SelectField(N_("Whom"), coerce=web.whole, validate_choice=False, default=0)
    words = StringField(N_("What is to be done"), validators=[Length(max=300)])
