"""What is typed into a quotation, and how an answer is read from its form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from workshop import web
from workshop.errors import N_
from workshop.orders.models import Urgency
from workshop.steps.quotation import answers
from workshop.steps.quotation.models import CHARGES, ConsentChannel
from workshop.steps.quotation.queries import Group


class QuantityForm(web.Form):
    """How much of a part."""

    quantity = StringField(N_("Quantity"))


class OfferForm(web.Form):
    """What is said when something on the quotation is doubtful or without parts."""

    seen = HiddenField()
    without_parts = HiddenField()
    despite = StringField(N_("Why it is offered all the same"), [Length(max=200)])


class DiscountForm(web.Form):
    """An amount off a line, with its reason."""

    discount = StringField(N_("Discount"))
    reason = StringField(N_("Reason"))


class ChargeForm(web.Form):
    """Outside work, or another charge, under a title of its own."""

    kind = SelectField(
        N_("Kind"),
        choices=web.choices(CHARGES),
    )
    title = StringField(N_("What for"))
    price = StringField(N_("Price, tax included"))


class AdditionForm(web.Form):
    """What was found on the way, in words for the customer."""

    reason = TextAreaField(N_("What was found"))
    urgency = RadioField(
        N_("Urgency"),
        choices=web.choices(Urgency),
        default=Urgency.YELLOW.value,
    )


class DeclineForm(web.Form):
    """Why the customer wants nothing of the offer."""

    seen = HiddenField()
    reason = StringField(N_("Why it is declined"))


class AnswerForm(web.ConsentMixin, web.Form):
    """The customer's answer on our screen; the decisions per line are read beside it."""

    seen = HiddenField()
    channel = RadioField(
        N_("How the customer answers"),
        choices=web.choices((ConsentChannel.IN_PERSON, ConsentChannel.PHONE)),
        default=ConsentChannel.IN_PERSON.value,
    )

    @property
    def is_too_late(self) -> bool:
        """Whether the offer does not hold any more; another time can be offered."""
        return self.refusal is not None and self.refusal.code in answers.OVERTAKEN

    @property
    def evidence(self) -> str:
        """Who said so on the phone and when; empty unless both are there."""
        who, when = (self.who.data or "").strip(), (self.when.data or "").strip()
        on_phone = self.channel.data == ConsentChannel.PHONE.value
        return f"{who}, {when}" if on_phone and who and when else ""


def read_decisions(form: Mapping[str, Any], groups: Iterable[Group]) -> dict[int, bool]:
    """What was ticked per line, by the line's id: yes or no; untouched lines are left out."""
    ticked = {group.head.id: form.get(f"decide-{group.head.id}") for group in groups}
    return {line_id: said == "yes" for line_id, said in ticked.items() if said in ("yes", "no")}


def read_agreed(form: Mapping[str, Any]) -> int:
    """The sum in fen that the page showed when the customer signed; 0 before anything is ticked."""
    return web.whole(form.get("agreed"), 0)


def read_reasons(form: Mapping[str, Any], groups: Iterable[Group]) -> dict[int, str]:
    """Why lines were declined, by the line's id."""
    return {group.head.id: str(form.get(f"why-{group.head.id}", "")) for group in groups}
