"""Forms of a count."""

from __future__ import annotations

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from workshop import web
from workshop.errors import N_, Invalid


class RangeForm(web.Form):
    """From which bin to which one is counted."""

    bin_from = StringField(
        N_("From bin"),
        [DataRequired(N_("Say from which bin to which one is counted.")), Length(max=20)],
        filters=[web.half_width],
    )
    bin_to = StringField(N_("To bin"), [Length(max=20)], filters=[web.half_width])


class CountedForm(web.Form):
    """What lies on the shelf of a part."""

    seen = HiddenField()
    part_no = StringField(
        N_("Part number"),
        [DataRequired(N_("Enter the part number."))],
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


class GiveWayForm(web.Form):
    """What was counted and why; which orders give way is ticked beside them."""

    counted = StringField(
        N_("Counted"),
        filters=[web.half_width],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    reason = StringField(
        N_("Reason"), [DataRequired(N_("Say why the count differs.")), Length(max=110)]
    )

    @property
    def counted_milli(self) -> int:
        """What was counted, in thousandths of the unit."""
        return web.milli_from_text(self.counted.data or "", "counted")

    def milli_or_none(self) -> int | None:
        """What was counted, or None when it is no quantity."""
        try:
            return self.counted_milli
        except Invalid:
            return None
