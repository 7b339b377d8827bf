"""Step 7 at the desk: quality check by somebody else, rework, final check by the advisor, wash."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.walk import car, checks

GOOD = (
    "All jobs of the repair order are done",
    "Fluid levels and leaks",
)
MEASURED = {
    "Torque of critical fasteners": "120 N·m",
    "Brake pads, thinnest": "11 mm",
    "Tyre tread, thinnest": "4.8 mm",
    "Fault codes read out": "0",
    "Battery voltage at rest": "12.6 V",
}
CONCERN = "The customer's concern cannot be reproduced"
FINAL = (
    "The concern is solved, in the customer's own words",
    "The work matches the repair order and its additions",
    "No new damage against the walk-around inspection",
    "Clean inside and out, covers taken off, seat and radio as before",
    "The promised time can be kept",
)
FAULT = ("右前仍有轻微异响", "Still a faint squeak at the front right")


def fail(inspector: Person) -> None:
    """The concern is still there: a rework order sends the job back."""
    words = inspector.words
    _open_check(inspector)
    _fill_in(inspector)
    _judge(inspector, CONCERN, "Not in order")
    checks.rest_in_order(inspector)
    inspector.write(f"{words('Note')}: {words(CONCERN)}", words.either(*FAULT))
    inspector.pick(words("Cause"), words("Workmanship"))
    inspector.write(words("What must be mended"), words.either(*FAULT))
    inspector.write(words("Estimated minutes"), "20")
    inspector.send(words("Save the quality check"))
    inspector.reads(words("Internal rework"), words("Not passed"), words.either(*FAULT))
    inspector.number(r"RW\d{8}-\d{4}")


def passes(inspector: Person) -> None:
    """Now it is right."""
    passes_at_once(inspector)
    inspector.reads(inspector.words("Mended"))


def passes_at_once(inspector: Person) -> None:
    """Everything is in order, and what is measured is written down."""
    words = inspector.words
    _open_check(inspector)
    _fill_in(inspector)
    _judge(inspector, CONCERN, "In order")
    checks.rest_in_order(inspector)
    inspector.send(words("Save the quality check"))
    inspector.reads(words("Passed"))


def _open_check(inspector: Person) -> None:
    words = inspector.words
    inspector.open(words("Repair & quality"))
    waiting = inspector.page.get_by_role("row").filter(has_text=car.SHOWN)
    inspector.follow(words("Check"), waiting)
    inspector.reads(car.CONCERN)


def _fill_in(inspector: Person) -> None:
    words = inspector.words
    for title in GOOD:
        _judge(inspector, title, "In order")
    for title, value in MEASURED.items():
        _judge(inspector, title, "In order")
        inspector.write(f"{words('Measured value')}: {words(title)}", value)
    inspector.write(words("Mileage before"), str(car.KM))
    inspector.write(words("Mileage after"), str(car.KM + 4))
    inspector.write(words("Route"), words.either("杨高中路环线", "Yanggao Road loop"))


def _judge(person: Person, title: str, verdict: str) -> None:
    line = person.page.get_by_role("group", name=person.words(title))
    line.get_by_label(person.words(verdict), exact=True).check()


def final_check(advisor: Person) -> None:
    """The order's own advisor looks at it with the customer's eyes, and sends it to the wash."""
    words, page = advisor.words, advisor.page
    advisor.open(words("Repair & quality"))
    waiting = page.get_by_role("row").filter(has_text=car.SHOWN)
    advisor.follow(words("Final check"), waiting)
    for title in FINAL:
        _judge(advisor, title, "In order")
    checks.rest_in_order(advisor)
    expect(page.get_by_label(words("Wash the car before delivery"))).to_be_checked()
    advisor.send(words("Save the final check"))
    advisor.reads(words("Passed"))
    assert advisor.pdf(words("Inspection record"))


def wash(washer: Person) -> None:
    """The washer's one big button."""
    words = washer.words
    washer.open(words("Wash"))
    waiting = washer.page.get_by_role("listitem").filter(has_text=car.SHOWN)
    washer.send(words("Wash done"), waiting, exact=False)
    washer.is_told(words("%(plate)s is washed.", plate=car.SHOWN))
