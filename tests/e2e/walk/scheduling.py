"""Step 5: the job controller gives every job its technician, bay and time."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.walk import car

TECHNICIAN = "李铁"


def assign(controller: Person, names: tuple[str, str]) -> None:
    """Take a job from the queue, and put it where the technician is free first."""
    words, page = controller.words, controller.page
    name = words.either(*names)
    controller.open(words("Job control board"))
    queue = page.get_by_role("region", name=words("Unassigned"))
    queue.get_by_role(
        "link", name=words("Assign %(plate)s: %(job)s", plate=car.SHOWN, job=name)
    ).click()
    dialog = page.get_by_role("dialog")
    controller.reads(words("Suggested, because"), within=dialog)
    controller.pick(words("Technician"), TECHNICIAN, dialog)
    controller.press(words("Earliest fit"), dialog)
    # The dialog is filled again by the answer; then the reasons of the first suggestion are gone.
    expect(dialog.get_by_text(words("Suggested, because"))).to_have_count(0)
    controller.press(words("Assign"), dialog)
    expect(dialog).to_be_hidden()
    row = page.get_by_role("group", name=TECHNICIAN, exact=True)
    expect(row.get_by_role("link").filter(has_text=name).last).to_be_visible()
    controller.reads(words("Every authorised job has its place."))
