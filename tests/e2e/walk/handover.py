"""Step 9: the car is shown and explained, signed for, and let out at the gate."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.walk import car

ITEMS = (
    "The car is clean, inside and outside",
    "Covers taken off in front of the customer",
    "Seat, mirrors and radio set back",
    "Work shown and explained",
    "Bill explained line by line",
    "Old parts shown, handed over or disposed of",
    "Guarantee explained: kilometres and days",
    "Deferred work told with its urgency",
    "Papers given back",
    "Keys given back",
)


def open_car(advisor: Person) -> None:
    """Find the paid car that stands ready; before all is done, it may not leave."""
    words, page = advisor.words, advisor.page
    advisor.open(words("Handover"))
    row = page.get_by_role("row").filter(has_text=car.SHOWN)
    advisor.follow(words("Hand the car over"), row)
    button = advisor.button(words("Hand the car over"))
    expect(button).to_have_attribute("aria-disabled", "true")


def answer_concerns(advisor: Person) -> None:
    """Each thing that the customer came for ended in something: here in the first job."""
    words, page = advisor.words, advisor.page
    advisor.follow(words("Answer the concerns"))
    asked = page.locator("form").filter(has=page.get_by_label(words("Which job")))
    while asked.count():
        first = asked.first
        first.get_by_label(words("Done as a job")).check()
        first.get_by_label(words("Which job")).select_option(index=1)
        first.get_by_role("button", name=words("Save the answer")).click()
        page.wait_for_load_state()
        advisor.is_told(words("Saved."))
    advisor.follow(words("To the handover"))


def show_car(advisor: Person) -> None:
    """Tell the customer, walk round the car again, go through the checklist."""
    words, page = advisor.words, advisor.page
    advisor.send(words("The customer is told"), page.locator("#notice"))
    expect(page.locator("#notice")).to_contain_text(words("Told"))
    walk = advisor.unfold("walk")
    advisor.reads(words("Left front door"), words("Scratch"), within=walk)
    first = words("Photo of mark %(number)s", number=1)
    expect(walk.get_by_role("img", name=first)).to_be_visible()
    advisor.choose(words("New damage"), words("None"), walk)
    advisor.send(words("Walk-round done"), walk)
    for item in ITEMS:
        line = advisor.unfold("checklist").get_by_role("listitem").filter(has_text=words(item))
        advisor.send(words("Done"), line, exact=False)
        advisor.unfold("checklist")
        expect(line.get_by_role("button", name=words("Undo"))).to_be_visible()
    checklist = page.locator("#checklist")
    expect(checklist).to_contain_text(f"{len(ITEMS)} / {len(ITEMS)}")


def agree_what_follows(advisor: Person, call_on: str, call_at: str) -> None:
    """The next service, who collects, and when the customer wants to be asked."""
    words = advisor.words
    later = advisor.unfold("next")
    advisor.write(words("Mileage now"), str(car.KM + 4), later)
    later.get_by_label(words("Next service on")).fill("2027-05-20")
    advisor.write(words("or at"), str(car.KM + 10_000), later)
    advisor.write(
        words("Friendly reminders"), words.either("磨合期避免急刹", "Brake gently at first"), later
    )
    advisor.send(words("Next service told"), later)
    collector = advisor.unfold("collector")
    advisor.choose(words("Who collects"), words("The customer"), collector)
    advisor.send(words("Save who collects"), collector)
    call = advisor.unfold("followup")
    call.get_by_label(words("Day")).fill(call_on)
    call.get_by_label(words("Time")).fill(call_at)
    advisor.send(words("Save the wish"), call)


def deliver(advisor: Person) -> str:
    """The customer signs, and the gate pass is made. Gives its number."""
    words = advisor.words
    advisor.reads(words("Collected by %(name)s", name=car.OWNER))
    deliver = advisor.page.locator("#deliver")
    advisor.sign(deliver)
    advisor.send(words("Hand the car over"), deliver)
    advisor.reads(words("Delivered"), words("Handed over"), words("Gate pass"))
    assert advisor.pdf(words("Print the gate pass"))
    assert advisor.pdf(words("Handover sheet"))
    return advisor.number(r"GP\d{8}-\d{4}")


def let_out(guard: Person, pass_no: str) -> None:
    """The guard looks the pass up and opens the gate."""
    words, page = guard.words, guard.page
    guard.open(words("Gate"))
    guard.write(words("Plate or gate pass number"), pass_no)
    guard.send(words("Look up"))
    verdict = page.locator(".verdict-good")
    guard.reads(words("May leave"), car.SHOWN, within=verdict)
    guard.send(words("Left the premises"), verdict)
    guard.is_told(words("%(plate)s has left the premises.", plate=car.SHOWN))
    guard.misses(car.OWNER)
