"""What is typed on the call list."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from workshop import web
from workshop.errors import N_
from workshop.staff.models import User


class AgreeForm(web.PartForm):
    """With whom it is agreed that a thing stays."""

    key = "agree"
    name = StringField(N_("Agreed with"), validators=[DataRequired(), Length(max=80)])


class HandOnForm(web.PartForm):
    """Who sees to a thing from now on."""

    key = "hand"
    to = SelectField(N_("Hand on to"), coerce=int, validate_choice=False)

    def offer(self, people: Iterable[User]) -> None:
        """Name who may take it over."""
        self.to.choices = [SelectChoice(each.id, each.display_name) for each in people]
