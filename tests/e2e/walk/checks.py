"""The lines of a check that come with the kind of job, whatever the shop asks there."""

from __future__ import annotations

from tests.e2e.person import Person

# What is fine, by the unit that the field asks for.
_FINE = {"mm": "11 mm", "%": "1 %", "V": "12.6 V", "N·m": "120 N·m", "bar": "2.4 bar"}


def rest_in_order(person: Person) -> None:
    """What nobody has judged yet is in order, and what is still to be measured is fine."""
    page, fine = person.page, person.words("In order")
    lines = page.get_by_role("group").filter(has=page.get_by_label(fine, exact=True))
    for line in lines.all():
        if line.locator("input[type=radio]:checked").count() == 0:
            line.get_by_label(fine, exact=True).check()
    for value in lines.locator("input:not([type=radio])[name*=measured]").all():
        if not value.input_value():
            asked = value.get_attribute("placeholder") or ""
            value.fill(next((_FINE[unit] for unit in _FINE if asked.endswith(unit)), "0"))
