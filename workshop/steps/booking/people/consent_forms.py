"""The form of what a customer agrees to."""

from __future__ import annotations

from wtforms import HiddenField, SelectMultipleField

from workshop import web
from workshop.customers import consents
from workshop.customers.models import Channel, ConsentPurpose, Customer
from workshop.web import versions


class ConsentForm(web.PartForm):
    """For each purpose the channels; the fields are added below the class."""

    key = "consent"
    seen = HiddenField()

    @classmethod
    def of(cls, customer: Customer) -> ConsentForm:
        """The form with what the customer agrees to now."""
        known = consents.agreed(customer)
        values = {purpose.value: [each.value for each in known[purpose]] for purpose in known}
        return cls.blank(**values, seen=versions.mark(consents.state_of(known)))

    @property
    def purposes(self) -> list[SelectMultipleField]:
        """The fields, one for each purpose."""
        return [self[purpose.value] for purpose in ConsentPurpose]

    @property
    def wanted(self) -> dict[ConsentPurpose, list[Channel]]:
        """What was ticked."""
        return {
            purpose: [each for each in consents.CHANNELS if each.value in (field.data or ())]
            for purpose, field in zip(ConsentPurpose, self.purposes, strict=True)
        }


_CHOICES = [each for each in web.choices(Channel) if Channel(each.value) in consents.CHANNELS]
for _purpose in ConsentPurpose:
    setattr(
        ConsentForm, _purpose.value, SelectMultipleField(_purpose.label, choices=list(_CHOICES))
    )
