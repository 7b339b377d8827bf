"""Forms of a count."""

from __future__ import annotations

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from workshop import web
from workshop.errors import N_


class RangeForm(web.Form):
    """From which bin to which one is counted."""

    bin_from = StringField(
        N_("From bin"),
        [InputRequired(N_("Say from which bin to which one is counted.")), Length(max=20)],
        filters=[web.half_width],
    )
    bin_to = StringField(N_("To bin"), [Length(max=20)], filters=[web.half_width])


class CountedForm(web.Form):
    """What lies on the shelf of a part."""

    seen = HiddenField()
    part_no = StringField(
        N_("Part number"),
        [InputRequired(N_("Enter the part number."))],
        filters=[web.half_width],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    counted = StringField(
        N_("Counted"),
        web.QUANTITY,
        filters=[web.half_width],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

    @property
    def counted_milli(self) -> int:
        """What was counted, in thousandths of the unit."""
        return web.milli_from_text(self.counted.data, "counted")


class EndForm(web.PartForm):
    """Why the count differs, or is dropped."""

    key = "end"
    reason = StringField(N_("Reason"), [Length(max=110)])
