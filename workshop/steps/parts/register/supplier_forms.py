"""What is typed about a supplier."""

from __future__ import annotations

from dataclasses import asdict

from wtforms import HiddenField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, Length, Optional

from workshop import money, web
from workshop.errors import N_
from workshop.steps.parts.register.forms import DECIMAL, NEEDED, basis_points, percent, yuan
from workshop.stock.suppliers.models import Supplier, SupplierKind
from workshop.stock.suppliers.service import LABELS, Particulars, particulars_of


class SupplierForm(web.Form):
    """What is known of a supplier."""

    seen = HiddenField()
    name = StringField(
        LABELS["name"], [DataRequired(N_("Enter the supplier's name.")), Length(max=60)]
    )
    kind = SelectField(
        LABELS["kind"], choices=web.choices(SupplierKind), default=SupplierKind.DEALER.value
    )
    contact = StringField(LABELS["contact"], [Length(max=40)])
    phone = StringField(LABELS["phone"], [Length(max=32)], filters=[web.half_width])
    tax_no = StringField(LABELS["tax_no"], [Length(max=32)], filters=[web.half_width])
    lead_days = IntegerField(LABELS["lead_days"], [NEEDED], default=1)
    cut_off = TimeField(LABELS["cut_off"], [Optional()])
    minimum_order = StringField(
        LABELS["minimum_order_fen"], filters=[web.half_width], render_kw=DECIMAL
    )
    terms_days = IntegerField(LABELS["terms_days"], [NEEDED], default=0)
    returns_days = IntegerField(LABELS["returns_days"], [NEEDED], default=0)
    invoice_tax = StringField(
        LABELS["invoice_basis_points"], filters=[web.half_width], render_kw=DECIMAL
    )

    @classmethod
    def of(cls, supplier: Supplier, seen: str) -> SupplierForm:
        """The form with the supplier as it is."""
        data = asdict(particulars_of(supplier)) | {
            "seen": seen,
            "kind": supplier.kind.value,
            "minimum_order": yuan(supplier.minimum_order_fen),
            "invoice_tax": percent(supplier.invoice_basis_points),
        }
        return cls(formdata=None, data=data)

    def values(self) -> Particulars:
        """What was typed; raises Invalid for an amount or a percentage that is none."""
        texts = {name: self[name].data or "" for name in ("name", "contact", "phone", "tax_no")}
        return Particulars(
            **texts,
            kind=web.member(SupplierKind, self.kind.data) or SupplierKind.DEALER,
            lead_days=self.lead_days.data,
            cut_off=self.cut_off.data,
            minimum_order_fen=money.fen_from_text(
                self.minimum_order.data or "0", field="minimum_order"
            ),
            terms_days=self.terms_days.data,
            returns_days=self.returns_days.data,
            invoice_basis_points=basis_points(self.invoice_tax.data, "invoice_tax"),
        )
