"""Forms of the people of a company, and of a car's usual driver."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from workshop import web
from workshop.customers import rules
from workshop.customers.contacts.service import About
from workshop.customers.models import ContactRole, CustomerContact, Vehicle
from workshop.errors import N_


class ContactForm(web.Form):
    """A person of a company."""

    version = HiddenField()
    name = StringField(N_("Name"), [DataRequired(N_("Enter the person's name.")), Length(max=80)])
    phone = StringField(
        N_("Phone"),
        [DataRequired(rules.NO_PHONE), Length(max=32)],
        filters=[web.half_width],
        render_kw={"inputmode": "tel"},
    )
    roles = SelectMultipleField(N_("Does for the company"), choices=web.choices(ContactRole))
    note = StringField(N_("Note"), [Length(max=200)])
    is_primary = BooleanField(N_("Called first"))

    @classmethod
    def posted(cls, contact: CustomerContact | None = None) -> ContactForm:
        """The form as it was sent, of this contact or of a new one."""
        return cls(prefix=_prefix(contact))

    @classmethod
    def of(cls, contact: CustomerContact | None = None) -> ContactForm:
        """The form as the page offers it."""
        if contact is None:
            return cls(prefix=_prefix(contact), formdata=None)
        known = {name: getattr(contact, name) for name in ("name", "phone", "note", "is_primary")}
        roles = [role.value for role in contact.roles]
        known |= {"version": str(contact.version), "roles": roles}
        return cls(prefix=_prefix(contact), formdata=None, data=known)

    @property
    def about(self) -> About:
        """What is said of the contact."""
        return About(
            self.name.data or "",
            self.phone.data or "",
            [role for role in ContactRole if role.value in (self.roles.data or ())],
            self.note.data or "",
            bool(self.is_primary.data),
        )


def _prefix(contact: CustomerContact | None) -> str:
    return f"contact-{contact.id if contact else 0}-"


class DriverForm(web.Form):
    """Who of the company mostly drives the car."""

    driver = SelectField(N_("Usual driver"), validate_choice=False)

    def offer(self, vehicle: Vehicle) -> DriverForm:
        """Offer the people of the company that the car belongs to."""
        self.driver.choices = [
            SelectChoice("", "—"),
            *(SelectChoice(str(each.id), each.name) for each in vehicle.customer.people),
        ]
        return self
