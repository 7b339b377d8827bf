"""What is typed about old parts and their deposits."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length

from workshop import money, web
from workshop.errors import N_


class CoreForm(web.QuantityForm):
    """How many old parts, and in which state; or why the deposit is kept."""

    note = StringField(N_("State of the part, or why the deposit is kept"), [Length(max=200)])


class TakeBackForm(web.Form):
    """Why an entry is taken back."""

    reason = StringField(N_("Reason"), [Length(max=200)])


class SendForm(web.QuantityForm):
    """Old parts that go back to the supplier."""

    document = StringField(N_("Return note"), [Length(max=50)], filters=[web.half_width])


class CreditForm(web.Form):
    """What the supplier gives back."""

    credited = StringField(N_("Credited amount"), filters=[web.half_width])
    credit_no = StringField(N_("Credit note"), [Length(max=50)], filters=[web.half_width])
    reason = StringField(N_("Why it is less"), [Length(max=200)])

    @property
    def fen(self) -> int:
        """The amount in fen."""
        return money.fen_from_text(self.credited.data or "", field="credited")
