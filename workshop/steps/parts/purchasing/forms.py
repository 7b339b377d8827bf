"""What is ordered, what came, what is billed; the amounts of lines stand beside the forms."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from workshop import money, web
from workshop.errors import N_, Invalid
from workshop.steps.parts.purchasing.buying import Came
from workshop.steps.parts.register.forms import MEANT, fen_or_none
from workshop.stock.parts import queries as register
from workshop.stock.purchase.models import PurchaseLine
from workshop.stock.purchase.service import Wish
from workshop.stock.suppliers.models import Supplier


def _quantity(name: str) -> int:
    """A typed quantity in thousandths; 0 for an empty field."""
    text = web.half_width(request.form.get(name, "")) or ""
    return web.milli_from_text(text, "quantity") if text else 0


class OrderForm(web.Form):
    """From whom, and when it should come."""

    supplier_id = SelectField(N_("Supplier"), coerce=int, validate_choice=False)
    expected_on = DateField(N_("Expected on"), [InputRequired(N_("Enter a date."))])

    small_reason = StringField(N_("Why it is below the minimum order"), [Length(max=200)])

    @property
    def asks_why_small(self) -> bool:
        """Whether it was refused because the supplier delivers from a larger sum on."""
        return self.refusal is not None and self.refusal.code == "below_minimum"

    def offer(self, suppliers: list[Supplier]) -> None:
        """Fill in the choices."""
        self.supplier_id.choices = [SelectChoice(each.id, each.name) for each in suppliers]

    def wishes(self, *, may_see_cost: bool) -> list[Wish]:
        """The parts that are ticked, with their quantities and costs."""
        found = []
        for part_id in request.form.getlist("take", type=int):
            cost = request.form.get(f"cost-{part_id}", "") if may_see_cost else ""
            part, milli = register.get_part(part_id), _quantity(f"quantity-{part_id}")
            if not milli:
                raise Invalid(N_("Enter a quantity for %(part)s."), part=part.no)
            found.append(Wish(part, milli, fen_or_none(cost, "cost")))
        return found


class DeliveryForm(web.PartForm):
    """The delivery note of what came."""

    key = "delivery"
    document = StringField(
        N_("Delivery note"),
        [DataRequired(N_("Enter the number of the delivery note.")), Length(max=50)],
        filters=[web.half_width],
    )
    is_meant = BooleanField(MEANT)

    @staticmethod
    def came(lines: list[PurchaseLine], *, may_see_cost: bool) -> dict[int, Came]:
        """How much of each line came; an empty field is nothing."""
        found = {}
        for line in lines:
            milli = _quantity(f"came-{line.id}")
            cost = request.form.get(f"cost-{line.id}", "") if may_see_cost else ""
            if milli:
                found[line.id] = Came(milli, fen_or_none(cost, "cost"))
        return found

    @property
    def asks_meant(self) -> bool:
        """Whether it was refused because it cost more than it is sold for."""
        return self.refusal is not None and self.refusal.code == "below_cost"


class InvoiceForm(web.PartForm):
    """The supplier's invoice."""

    key = "invoice"
    invoice_no = StringField(
        N_("Invoice number"),
        [DataRequired(N_("Enter the number of the invoice.")), Length(max=50)],
        filters=[web.half_width],
    )

    @staticmethod
    def billed(lines: list[PurchaseLine]) -> dict[int, tuple[int, int]]:
        """How much of each line is billed, at which cost of a unit in fen."""
        return dict(_billed(lines))


def _billed(lines: list[PurchaseLine]) -> Iterator[tuple[int, tuple[int, int]]]:
    for line in lines:
        milli = _quantity(f"billed-{line.id}")
        if milli:
            cost = request.form.get(f"cost-{line.id}", "")
            yield line.id, (milli, money.fen_from_text(cost, field="invoice_no"))


class ReasonForm(web.PartForm):
    """Why something is cancelled, or a difference accepted."""

    key = "end"
    reason = StringField(N_("Reason"), [Length(max=200)])
