"""What is said of defective pieces."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from workshop import web
from workshop.errors import N_
from workshop.stock.quarantine.models import QuarantineEnd
from workshop.stock.suppliers.models import Supplier


class ClaimForm(web.Form):
    """The supplier was asked to make them good."""

    supplier_id = SelectField(N_("Supplier"), coerce=int)
    claim_no = StringField(N_("Number of the claim"), [Length(max=40)], filters=[web.half_width])

    def offer(self, suppliers: Iterable[Supplier]) -> None:
        """Fill in the suppliers."""
        self.supplier_id.choices = [SelectChoice(each.id, each.name) for each in suppliers]


class EndForm(web.Form):
    """What became of them."""

    how = SelectField(N_("What became of it"), choices=web.choices(QuarantineEnd))
    note = StringField(N_("Note"), [Length(max=200)])

    @property
    def end(self) -> QuarantineEnd:
        """What was chosen."""
        return QuarantineEnd(self.how.data)
