"""What the cashier types. Amounts are yuan as people write them."""

from __future__ import annotations

import uuid
from datetime import date

from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Length

from workshop import money, web
from workshop.errors import N_, Invalid
from workshop.steps.settlement import used
from workshop.steps.settlement.rules import InvoiceKind, Tender

_AGAIN = N_("Yes, again, because")


def plain_amount(fen: int) -> str:
    """An amount as a person would type it: 620.00."""
    return money.format_fen(fen).replace("¥", "").replace(",", "")


def new_client_id() -> str:
    """The id of a form: however often it is sent, it pays once."""
    return uuid.uuid4().hex


def tender_of(text: str | None) -> Tender:
    """The chosen tender; raises Invalid when none was chosen."""
    try:
        return Tender(text or "")
    except ValueError as error:
        raise Invalid(N_("Choose how it is paid."), field="tender") from error


class PaymentForm(web.PartForm):
    """One payment by one tender."""

    key = "pay"

    client_id = HiddenField()
    tender = RadioField(
        N_("Paid by"),
        choices=(),
        default=Tender.WECHAT.value,
        validate_choice=False,
    )
    amount = StringField(N_("Amount"), filters=[web.half_width])
    reference = StringField(N_("Slip or transaction number"), [Length(max=60)])
    repeat_reason = StringField(_AGAIN, [Length(max=200)])

    @property
    def asks_again(self) -> bool:
        """Whether the number was written down before, and may be meant twice."""
        return self.refusal is not None and self.refusal.code == used.USED


class RefundForm(web.PartForm):
    """Money given back the way it came."""

    key = "refund"

    client_id = HiddenField()
    tender = SelectField(
        N_("Given back by"),
        choices=(),
        validate_choice=False,
    )
    amount = StringField(N_("Amount"), filters=[web.half_width])
    reason = StringField(N_("Reason"), [Length(max=200)])


class DiscountForm(web.PartForm):
    """An amount off the customer's bill."""

    key = "discount"

    seen = HiddenField()
    discount = StringField(N_("Discount"), filters=[web.half_width])
    reason = StringField(N_("Reason"), [Length(max=200)])


class CreditForm(web.PartForm):
    """The wish to pay later."""

    key = "credit"

    due_on = DateField(N_("To be paid by"))
    credit_reason = StringField(N_("Reason"), [Length(max=200)])

    @property
    def due_day(self) -> date:
        """The agreed day; raises Invalid when none is given."""
        day: date | None = self.due_on.data
        if day is None:
            raise Invalid(N_("Choose the day of payment."), field="due_on")
        return day


class DecisionForm(web.PartForm, web.ExceptionMixin):
    """Yes or no to a credit."""

    key = "decision"

    remark = StringField(N_("Remark"), [Length(max=200)])


class ReverseForm(web.PartForm):
    """Why a bill is taken back."""

    key = "reverse"

    reason = StringField(N_("Why it is reversed"), [Length(max=200)])


class InvoiceForm(web.PartForm):
    """The invoice (fapiao) that the customer got."""

    key = "invoice"

    seen = HiddenField()

    invoice_kind = RadioField(
        N_("Invoice"),
        choices=web.choices(InvoiceKind),
        default=InvoiceKind.ORDINARY.value,
    )
    invoice_no = StringField(N_("Invoice number"), [Length(max=40)], filters=[web.half_width])
    repeat_reason = StringField(_AGAIN, [Length(max=200)])

    @property
    def asks_again(self) -> bool:
        """Whether another order has the number, and it may be meant twice."""
        return self.refusal is not None and self.refusal.code == used.USED
