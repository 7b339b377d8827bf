"""What of the trail somebody wants to see."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask_babel import gettext
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from workshop import web
from workshop.errors import N_
from workshop.trail import queries
from workshop.trail.action_words import GROUPS
from workshop.trail.queries import Wanted

NOBODY = "0"


class FilterForm(web.Form):
    """By person, group of acts, record and days; empty fields ask for everything."""

    class Meta(web.Form.Meta):
        csrf = False

    who = SelectField(N_("Person"), validate_choice=False)
    group = SelectField(N_("Kind of act"), validate_choice=False)
    record = StringField(N_("Order no., plate, customer or part no."), [Length(max=80)])
    first = StringField(N_("From day"), render_kw={"type": "date"})
    last = StringField(N_("To day"), render_kw={"type": "date"})

    def offer(self, branch_id: int) -> None:
        """The people and the groups to choose from, in the reader's language."""
        people = [SelectChoice(str(u.id), u.display_name) for u in queries.list_people(branch_id)]
        everybody = SelectChoice("", str(gettext("Everybody")))
        nobody = SelectChoice(NOBODY, str(gettext("The program itself")))
        self.who.choices = [everybody, *people, nobody]
        groups = [SelectChoice(key, str(gettext(label))) for key, label in GROUPS.items()]
        self.group.choices = [SelectChoice("", str(gettext("Everything"))), *groups]

    def wanted(self, branch_id: int) -> Wanted:
        """What was asked for. Raises Invalid for what is no day."""
        who = web.whole(self.who.data, -1)
        first, last = _day(self.first.data), _day(self.last.data)
        return Wanted(
            branch_id=branch_id,
            by_id=who if who >= 0 else None,
            group=self.group.data if self.group.data in GROUPS else "",
            record=self.record.data or "",
            starts_at=_begin(first) if first else None,
            ends_at=_begin(last + timedelta(days=1)) if last else None,
        )

    @property
    def asked(self) -> dict[str, str]:
        """The filled-in fields, for addresses and for the trail."""
        names = ("who", "group", "record", "first", "last")
        return {name: str(self[name].data) for name in names if self[name].data}


def _day(text: str | None) -> date | None:
    return web.parse_day(text, date.min) if text else None


def _begin(day: date) -> datetime:
    return web.local_to_utc(day, time.min)
