"""Forms of goods that come in."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from workshop import web
from workshop.errors import N_
from workshop.steps.parts.goods_in.taking_in import NewPart
from workshop.steps.parts.register.forms import DECIMAL, MEANT, fen_or_none
from workshop.stock.models import PartClass
from workshop.stock.parts.service import Particulars
from workshop.stock.receipts.service import Delivery


class ReceiptForm(web.QuantityForm):
    """Goods that came in, with where they come from (R11); a new number says what it is."""

    part_no = StringField(
        N_("Part number"),
        validators=[DataRequired(N_("Enter the part number.")), Length(max=40)],
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    supplier = StringField(
        N_("Supplier"),
        validators=[DataRequired(N_("Say who delivered.")), Length(max=60)],
        render_kw={"autocomplete": "off"},
    )
    document = StringField(
        N_("Delivery note or invoice"),
        validators=[DataRequired(N_("Enter the number of the delivery note.")), Length(max=50)],
        filters=[web.half_width],
    )
    cost = StringField(
        N_("Cost of a unit, tax included"), filters=[web.half_width], render_kw=DECIMAL
    )
    core = StringField(
        N_("Core deposit paid for a unit"), filters=[web.half_width], render_kw=DECIMAL
    )
    bin_code = StringField(N_("Bin"), validators=[Length(max=20)], filters=[web.half_width])
    is_meant = BooleanField(MEANT)
    name = StringField(N_("Name of the part"), [Length(max=80)])
    # A receipt of a part that is known says nothing of its class.
    part_class = SelectField(N_("Class"), choices=web.choices(PartClass), validate_choice=False)
    unit = StringField(N_("Unit"), [Length(max=10)], default="件")
    price = StringField(
        N_("Selling price, tax included"), filters=[web.half_width], render_kw=DECIMAL
    )

    @property
    def delivery(self) -> Delivery:
        """Who delivered, with which note, at what cost."""
        return Delivery(
            self.supplier.data or "",
            self.document.data or "",
            fen_or_none(self.cost.data, "cost"),
            bool(self.is_meant.data),
            fen_or_none(self.core.data, "core"),
        )

    @property
    def new_part(self) -> NewPart:
        """What was said of a part that the register may not know."""
        name = self.name.data or ""
        particulars = Particulars(
            no=self.part_no.data or "",
            name_zh=name,
            name_en=name,
            part_class=web.member(PartClass, self.part_class.data) or PartClass.OEM,
            unit=self.unit.data or "件",
        )
        return NewPart(particulars, fen_or_none(self.price.data, "price"))

    @property
    def asks_meant(self) -> bool:
        """Whether it was refused because it cost more than it is sold for."""
        return self.refusal is not None and self.refusal.code == "below_cost"


class CorrectionForm(web.QuantityForm):
    """What really came in, and what was wrong with the receipt."""

    reason = StringField(
        N_("Reason"),
        [DataRequired(N_("Say what was wrong with the receipt.")), Length(max=110)],
    )
