"""What is sent of one line of an inspection."""

from __future__ import annotations

from flask import request
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, IntegerField, StringField
from wtforms.validators import Length, Optional

from workshop import decimals, web
from workshop.catalogue.checklists.rules import Spot
from workshop.errors import N_, Invalid
from workshop.inspections.rules import Result
from workshop.inspections.service import Said
from workshop.steps.repair.forms import picture


class LineForm(web.Form):
    """The answer to one line; its values come as `value_<place>`."""

    result = HiddenField()
    note = StringField(N_("Note"), validators=[Length(max=300)])
    photo = FileField(N_("Photo"))

    def said(self) -> Said:
        """What was said; raises Invalid for a value that is no number."""
        typed = {spot: request.form.get(f"value_{spot.value}", "").strip() for spot in Spot}
        values = {spot: _milli(text) for spot, text in typed.items() if text}
        result = web.member(Result, self.result.data)
        return Said(result, values, self.note.data or "", picture(self.photo))


def _milli(text: str) -> int:
    milli = decimals.read_scaled((web.half_width(text) or "").replace(",", "."), 3)
    if milli is None:
        raise Invalid(N_("Write a number with at most three decimals."), field="value")
    return milli


class DeferForm(web.PartForm):
    """A red line is put off."""

    key = "defer"
    due_on = DateField(N_("Until when"), validators=[Optional()])
    due_km = IntegerField(N_("Until which mileage"), validators=[Optional()])
    reason = StringField(N_("Why it is put off"), validators=[Length(max=200)])


class DeclineForm(web.PartForm):
    """The customer was warned and declines a red line."""

    key = "decline"
    reason = StringField(N_("Reason"), validators=[Length(max=200)])
    signature = HiddenField()
    signature_typed = StringField(N_("Name"), validators=[Length(max=80)])


class GroupForm(web.Form):
    """All that is looked at in a group is in order."""

    group = HiddenField()
