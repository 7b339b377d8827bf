"""The lines of a check that come with the kind of job, whatever the shop asks there."""

from __future__ import annotations

from tests.e2e.person import Person

_TORQUE = "120 N·m"


def rest_in_order(person: Person) -> None:
    """What nobody has judged yet is in order, and what is still to be measured is a torque."""
    page, fine = person.page, person.words("In order")
    lines = page.get_by_role("group").filter(has=page.get_by_label(fine, exact=True))
    for line in lines.all():
        if line.locator("input[type=radio]:checked").count() == 0:
            line.get_by_label(fine, exact=True).check()
    for value in lines.locator("input:not([type=radio])[name*=measured]").all():
        if not value.input_value():
            value.fill(_TORQUE)
