"""Step 10: the call, the case, the second call, and the comeback with its red mark."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.walk import booking, car

SCORES = {
    "Was the car ready at the promised time?": 4,
    "Was the price as it had been told?": 5,
    "Was the work explained clearly?": 4,
    "Was the car returned clean?": 5,
    "How was the service advisor?": 4,
}
SAID = ("还是有一点异响", "It still squeaks a little")


def call(officer: Person) -> str:
    """The call at the wished time: not fixed. Gives the number of the case that it opens."""
    words, page = officer.words, officer.page
    officer.open(words("Follow-up"))
    row = page.get_by_role("row").filter(has_text=car.SHOWN)
    expect(row).to_contain_text(words("as wished"))
    officer.follow(words("Call"), row)
    officer.choose(words("Is what you came for fixed?"), words("No, not fixed"))
    for question, score in SCORES.items():
        officer.choose(words(question), str(score))
    officer.write(words("In the customer's own words"), words.either(*SAID))
    officer.send(words("Save the answers"))
    case = officer.number(r"CS\d{8}-\d{4}")
    officer.is_told(words("The case %(no)s was opened.", no=case))
    return case


def resolve(officer: Person) -> None:
    """The owner of the case tells the customer, plans, and resolves; closing is not theirs."""
    words = officer.words
    officer.send(words("The customer knows that we care for it"))
    plan = words.either("今天请客户回厂复检", "Ask the customer back today")
    officer.write(words("What will be done, and until when"), plan)
    officer.send(words("Save the plan"))
    officer.write(words("Cause"), words.either("消音片漏装", "The shim was left out"))
    officer.write(words("Remedy"), words.either("免费加装", "Fitted at our cost"))
    officer.send(words("It is resolved"))
    officer.reads(words("The supervisor makes the second call; then the case can be closed."))


def call_again(manager: Person, case: str) -> None:
    """The supervisor's own call closes the case."""
    words, page = manager.words, manager.page
    manager.open(words("Cases"))
    row = page.get_by_role("row").filter(has_text=case)
    manager.follow(words("Open"), row)
    question = words("What does the customer say of the solution?")
    manager.choose(question, words("Satisfied"))
    manager.write(words("What was said"), words.either("客户满意", "The customer is content"))
    manager.send(words("Save the second call"))
    expect(page.locator(".page-sub")).to_contain_text(words("Closed"))


def read_closed(manager: Person, no: str) -> None:
    """The order is over; its page tells the whole story."""
    words, page = manager.words, manager.page
    manager.go(f"/orders/{no}")
    expect(page.locator(".order-marks")).to_contain_text(words("Closed"))
    manager.unfold("happened")
    manager.reads(words("Followed up"), words("Delivered"), words("Internal rework"))


def book_comeback(officer: Person, no: str) -> str:
    """Book the car again from the follow-up. Gives the time."""
    words, page = officer.words, officer.page
    officer.go(f"/orders/{no}/followup")
    officer.follow(words("Book a comeback"))
    kinds = officer.group(words("Kind of visit"))
    expect(kinds.get_by_label(words("Comeback"), exact=True)).to_be_checked()
    officer.write(words("Customer concern"), words.either(*SAID))
    slot = booking.take_offer(officer)
    officer.send(words("Book"))
    officer.send(words("Confirm"))
    expect(page.locator(".page-sub").first).to_contain_text(words("Comeback"))
    return slot


def see_red_mark(advisor: Person, no: str) -> None:
    """The reception sees at once that this car comes back, and from which order."""
    words, page = advisor.words, advisor.page
    advisor.open(words("Reception"))
    waiting = page.get_by_role("listitem").filter(has_text=car.SHOWN)
    expect(waiting.locator(".mark-red")).to_have_text(words("Comeback"))
    advisor.follow(words("Greet"), waiting)
    advisor.reads(words("Perhaps a repeat repair"))
    advisor.send(words("Open the repair order"))
    expect(page.locator(".order-head .mark-red")).to_have_text(words("Repeat repair"))
    expect(page.locator("#repeat").get_by_role("link", name=no)).to_be_visible()
