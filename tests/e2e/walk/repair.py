"""Step 7 on the technician's phone: start, six points, what was found, self-check, finish."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.open_shop import OpenShop
from tests.e2e.person import Person, photo
from tests.e2e.walk import car, checks

POINTS = (
    "Protective covers in place",
    "Repair process recorded",
    "Additional work explained",
    "Three off the floor: parts, tools, oil",
)
SELF_CHECK = (
    "Everything on the job is done, nothing left out",
    "The fault is gone and the function works",
    "Fasteners tightened to the torque of the manual",
    "Fluids at the mark, nothing leaks",
    "No tools, rags or old parts left in the car",
)
FLUID = ("更换制动液", "Replace brake fluid")
REWORK = ("返修：更换前制动片", "Rework: Replace front brake pads")


def open_jobs(technician: Person) -> None:
    """Look at the phone: the current job, and the one huge button."""
    technician.go("/my-jobs")
    technician.reads(car.SHOWN)


def clock_in(technician: Person) -> None:
    """The first thing of the day is the one huge button."""
    words = technician.words
    technician.go("/my-jobs")
    technician.reads(words("Not clocked in"))
    button = technician.button(words("Clock in"))
    frame = button.bounding_box()
    assert frame is not None
    assert frame["height"] >= 88
    technician.send(words("Clock in"))
    expect(technician.button(words("Break"))).to_be_visible()
    expect(button).to_be_hidden()


def start(technician: Person) -> None:
    """Press the huge button: the job runs."""
    words = technician.words
    button = technician.button(words("Start"))
    frame = button.bounding_box()
    assert frame is not None
    assert frame["height"] >= 88
    technician.send(words("Start"))
    technician.follow(words("Job and concern"))
    technician.reads(car.CONCERN)


def cannot_start(technician: Person) -> None:
    """While the parts are on the shelf, the button says so in words."""
    words = technician.words
    open_jobs(technician)
    expect(technician.button(words("Start"))).to_have_attribute("aria-disabled", "true")
    expect(technician.page.locator(".missing")).not_to_be_empty()


def report_finding(technician: Person) -> None:
    """Something more is wrong: how urgent, a photo, and the work proposed; no price, no time."""
    words, page = technician.words, technician.page
    technician.follow(words("Found something"))
    technician.choose(words("How urgent is it?"), words("Urgent for safety"))
    page.locator("#photo").set_input_files(photo("fluid.jpg", "#884422"))
    technician.pick(words("Proposed work"), words.either(*FLUID))
    technician.send(words("Send to the advisor"))
    technician.reads(
        words("Sent to the advisor. Do not start on it before the customer agrees."),
        words("Waiting for the price"),
    )


def work(technician: Person, shop: OpenShop, minutes: int) -> None:
    """Tick the six points as they are done, and check oneself."""
    words, page = technician.words, technician.page
    for point in POINTS:
        shop.pass_time(minutes=minutes // len(POINTS))
        technician.send(words(point))
        expect(page.locator(".point.is-ticked").filter(has_text=words(point))).to_be_visible()
    technician.follow(words("Self-check"))
    for title in SELF_CHECK:
        item = page.get_by_role("group", name=words(title))
        item.get_by_label(words("In order"), exact=True).check()
    checks.rest_in_order(technician)
    technician.send(words("Save the self-check"))
    technician.reads(words("Passed"))


def finish(technician: Person) -> None:
    """Stop the clock; the next job comes up."""
    words = technician.words
    technician.send(words("Finish"))
    expect(technician.button(words("Finish"))).to_be_hidden()
