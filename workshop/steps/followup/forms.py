"""Forms of follow-up and cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from workshop import web
from workshop.cases.models import CaseKind, CaseTopic, Verdict
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.customers.models import Channel
from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.steps.followup.rules import Outcome
from workshop.web import display

_ANSWER = lazy_gettext("Choose an answer.")
_SCORES = [SelectChoice(str(score), str(score)) for score in range(1, 6)]


# Nobody is called in person.
_CHANNELS = web.choices(channel for channel in Channel if channel is not Channel.IN_PERSON)


def _score(item: ChecklistItem) -> RadioField:
    return RadioField(display.show_name(item), [InputRequired(_ANSWER)], choices=_SCORES)


class AttemptForm(web.Form, web.ExceptionMixin):
    """A try that did not reach the customer."""

    outcome = RadioField(
        lazy_gettext("How did it end?"),
        [InputRequired(_ANSWER)],
        choices=web.choices(each for each in Outcome if each is not Outcome.REACHED),
    )
    attempt_channel = SelectField(lazy_gettext("Channel"), choices=_CHANNELS)
    note = TextAreaField(lazy_gettext("Note"), [Length(max=1000)])


class AnswersForm(web.Form, web.ExceptionMixin):
    """What the customer said."""

    is_fixed = RadioField(
        lazy_gettext("Is what you came for fixed?"),
        [InputRequired(_ANSWER)],
        choices=[
            SelectChoice("yes", lazy_gettext("Yes, fixed")),
            SelectChoice("no", lazy_gettext("No, not fixed")),
        ],
    )
    recommendation = IntegerField(
        lazy_gettext("Would you recommend us? (0–10)"),
        [Optional(), NumberRange(0, 10, lazy_gettext("A number from 0 to 10."))],
    )
    words = TextAreaField(lazy_gettext("In the customer's own words"), [Length(max=2000)])
    channel = SelectField(lazy_gettext("Channel"), choices=_CHANNELS)

    # Which version of the questions the page shows.
    seen = HiddenField()
    items: tuple[ChecklistItem, ...] = ()

    @classmethod
    def asking(cls, items: Sequence[ChecklistItem]) -> Any:
        """The form with these questions, each answered from 1 to 5."""
        fields: dict[str, Any] = {item.code: _score(item) for item in items}
        seen = HiddenField(default=str(items[0].version_id) if items else "")
        return type(cls.__name__, (cls,), fields | {"items": tuple(items), "seen": seen})

    def scores(self) -> dict[str, int]:
        """The answers by the code of the question."""
        return {item.code: int(self[item.code].data) for item in self.items}


class PlanForm(web.Form):
    """What will be done about a case."""

    plan = TextAreaField(
        lazy_gettext("What will be done, and until when"),
        [DataRequired(lazy_gettext("Say what will be done.")), Length(max=2000)],
    )


class ResolveForm(web.Form):
    """Cause and remedy of a case."""

    cause = TextAreaField(
        lazy_gettext("Cause"),
        [DataRequired(lazy_gettext("Say what the cause was.")), Length(max=2000)],
    )
    remedy = TextAreaField(
        lazy_gettext("Remedy"),
        [DataRequired(lazy_gettext("Say what was done about it.")), Length(max=2000)],
    )


class SecondCallForm(web.Form, web.ExceptionMixin):
    """The supervisor's own call."""

    verdict = RadioField(
        lazy_gettext("What does the customer say of the solution?"),
        [InputRequired(_ANSWER)],
        choices=web.choices(Verdict),
    )
    words = TextAreaField(
        lazy_gettext("What was said"),
        [DataRequired(lazy_gettext("Write what was done or said.")), Length(max=2000)],
    )


class NewCaseForm(web.Form):
    """What somebody brings to us."""

    name = StringField(N_("Name"), [Length(max=80)])
    phone = StringField(N_("Phone"), [Length(max=32)], filters=[web.half_width])
    kind = RadioField(N_("Kind"), choices=web.choices(CaseKind), default=CaseKind.COMPLAINT.value)
    topic = RadioField(
        N_("About"), [InputRequired(N_("Say what it is about."))], choices=web.choices(CaseTopic)
    )
    order = SelectField(N_("Repair order"))
    summary = TextAreaField(
        N_("What the customer says"),
        [DataRequired(N_("Say in a sentence what it is about.")), Length(max=2000)],
    )
    is_urgent = BooleanField(N_("Urgent"))

    def offer(self, visits: Iterable[RepairOrder]) -> None:
        """Fill in the customer's visits; a case need not concern any."""
        shown = [SelectChoice(visit.no, _visit(visit)) for visit in visits]
        self.order.choices = [SelectChoice("", lazy_gettext("No repair order")), *shown]


def _visit(order: RepairOrder) -> str:
    day = web.local(order.arrived_at).date()
    return f"{order.no} · {order.vehicle.called} · {day}"


class EntryForm(web.Form):
    """A line for the log of a case."""

    words = TextAreaField(
        lazy_gettext("What was done or said"),
        [DataRequired(lazy_gettext("Write what was done or said.")), Length(max=2000)],
    )


class OfferForm(web.Form):
    """To whom a case is offered."""

    to = SelectField(lazy_gettext("Offer the case to"), coerce=int)
