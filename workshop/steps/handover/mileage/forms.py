"""What is typed to put a mileage right."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import DataRequired, Length, Optional

from workshop import web
from workshop.errors import N_


class MileageForm(web.Form):
    """The right mileage, or that there was none."""

    mileage_km = IntegerField(
        N_("Right mileage"),
        [Optional()],
        filters=[web.half_width],
        render_kw={"inputmode": "numeric"},
    )
    replaced = BooleanField(N_("Odometer replaced"))
    is_withdrawn = BooleanField(N_("It was never read at this car"))
    reason = StringField(
        N_("Reason"),
        [DataRequired(N_("Say what was wrong with the mileage.")), Length(max=200)],
    )
