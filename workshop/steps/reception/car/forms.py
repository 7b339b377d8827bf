"""Forms of the walk round the car: damage, photos, the red mark and the signature."""

from __future__ import annotations

from wtforms import (
    FileField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from workshop import web
from workshop.errors import N_, Invalid
from workshop.orders.models import RepairOrder
from workshop.steps.reception.car import zones
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.car.zones import DamageKind
from workshop.steps.reception.rules import PhotoOf
from workshop.steps.reception.service import Signature


class MarkForm(web.Form):
    """One damage: where, what, and photos."""

    zone = SelectField(
        N_("Place on the car"),
        [InputRequired(N_("Choose the place on the car."))],
        choices=[
            SelectChoice("", N_("Tap the car, or choose here")),
            *(SelectChoice(zone.code, zone.label) for zone in zones.ZONES),
        ],
    )
    kind = RadioField(
        N_("Damage"), [InputRequired(N_("Say what it is."))], choices=web.choices(DamageKind)
    )
    note = StringField(N_("Note"), [Length(max=200)])
    photo = MultipleFileField(N_("Photos"))
    view = HiddenField()
    x = HiddenField()
    y = HiddenField()

    @property
    def lost_photos(self) -> bool:
        """Whether photos were sent with a refused form; a browser does not keep them."""
        sent = any(getattr(each, "filename", "") for each in self.photo.data or [])
        return sent and bool(self.errors) and not self.photo.errors

    def point(self) -> tuple[CarView | None, int | None, int | None]:
        """The tapped point, if the car was tapped."""
        try:
            return CarView(self.view.data), round(float(self.x.data)), round(float(self.y.data))
        except (TypeError, ValueError, OverflowError):
            return None, None, None


class PhotoForm(web.Form):
    """More photos of a mark."""

    photo = MultipleFileField(N_("Photos"))


class CarPhotoForm(web.Form):
    """A photo of a side or of the dashboard."""

    subject = RadioField(
        N_("What it shows"),
        [InputRequired(N_("Say what the photo shows."))],
        choices=web.choices(PhotoOf),
    )
    photo = FileField(N_("Photo"))

    @property
    def picture(self) -> bytes:
        """The picture. Raises Invalid when none was sent."""
        sent = getattr(self.photo.data, "filename", "")
        if not sent:
            raise Invalid(N_("Choose a photo."), field="photo")
        return bytes(self.photo.data.read())


class RepeatForm(web.Form):
    """Is it the same complaint as before?"""

    same = RadioField(
        N_("Is it the same complaint?"),
        [InputRequired(N_("Say whether it is the same complaint."))],
        choices=[
            SelectChoice("yes", N_("Same complaint")),
            SelectChoice("no", N_("Another matter")),
        ],
    )
    reason = StringField(N_("Reason"), [Length(max=200)])


class SignForm(web.Form):
    """The customer's signature under the walk-around, or the refusal to sign."""

    seen = HiddenField()
    signature = HiddenField()
    signature_typed = StringField(N_("Name"), [Length(max=40)])
    refused_reason = StringField(N_("Why the customer does not sign"), [Length(max=200)])
    witness_name = StringField(N_("Colleague who saw it"), [Length(max=80)])

    def read(self, order: RepairOrder) -> Signature:
        """What was signed; ink without a typed name is taken for the one who brought the car."""
        png = web.signature_png(self.signature.data)
        typed = self.signature_typed.data or ""
        return Signature(
            name=typed or (order.bringer_name if png else ""),
            png=png,
            refused_reason=self.refused_reason.data or "",
            witness_name=self.witness_name.data or "",
        )


def pictures(field: MultipleFileField) -> list[bytes]:
    """The bytes of the files that were chosen; an empty file input sends none."""
    return [each.read() for each in field.data or [] if getattr(each, "filename", "")]
