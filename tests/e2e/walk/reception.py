"""Step 2: the advisor greets, walks round the car with the customer, and has it signed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person, photo
from tests.e2e.walk import car

VIEWS = ("Front", "Left side", "Rear", "Right side", "From above")
COVERS = ("Seat cover", "Steering wheel cover", "Floor mat cover")


def greet(advisor: Person) -> str:
    """Greet the customer whose arrival was stamped, and open the order. Gives its number."""
    words = advisor.words
    advisor.open(words("Reception"))
    waiting = advisor.page.get_by_role("listitem").filter(has_text=car.SHOWN)
    advisor.follow(words("Greet"), waiting)
    concern = words("Concern, in the customer's own words")
    expect(advisor.page.get_by_role("textbox", name=concern)).to_have_value(car.CONCERN)
    advisor.send(words("Open the repair order"))
    advisor.reads(car.CONCERN, car.SHOWN, words("In reception"))
    return advisor.number(r"RO\d{8}-\d{4}")


def walk_round(advisor: Person) -> None:
    """Fill in every section; each is saved by itself and the page stays."""
    words, page = advisor.words, advisor.page
    sign = advisor.button(words("Sign the walk-around"), advisor.unfold("sign"))
    expect(sign).to_have_attribute("aria-disabled", "true")
    finding = words.either("前制动片已磨到 2 mm", "Front pads are down to 2 mm")
    advisor.write(words("Advisor's finding"), finding)
    advisor.press(words("Save the interview"))
    _read_vin(advisor)
    _read_gauges(advisor)
    _mark_damage(advisor)
    advisor.unfold("covers")
    advisor.unfold("valuables")
    for view in VIEWS:
        _press_in(advisor, words("Looked at: %(side)s", side=words(view)))
    for cover in COVERS:
        _press_in(advisor, words(cover))
    advisor.press(words("Asked: nothing of value in the car"))
    advisor.reads(words("The customer was asked; nothing of value stays in the car."))
    _keep_papers(advisor)
    _ask_wishes(advisor)
    expect(page.get_by_role("textbox", name=words("Advisor's finding"))).to_have_value(finding)


def _read_vin(advisor: Person) -> None:
    words = advisor.words
    section = advisor.page.locator("#past")
    advisor.write(words("VIN"), car.VIN.lower(), section)
    advisor.press(words("Save the VIN"), section)
    advisor.reads(car.VIN, within=section)


def _read_gauges(advisor: Person) -> None:
    words = advisor.words
    section = advisor.unfold("gauges")
    advisor.write(words("Mileage"), str(car.KM), section)
    advisor.choose(words("Fuel level"), "1/2", section)
    advisor.press(words("Save the readings"), section)
    done = advisor.page.get_by_role("link", name=words("Mileage and level"), exact=True)
    expect(done).to_be_visible()


def _mark_damage(advisor: Person) -> None:
    words = advisor.words
    section = advisor.unfold("car")
    section.locator("svg[data-view=left]").click()
    place = section.get_by_role("combobox", name=words("Place on the car"))
    expect(place).not_to_have_value("")
    place.select_option(label=words("Left front door"))
    advisor.choose(words("Damage"), words("Scratch"), section)
    section.locator("form[data-mark] input[type=file]").set_input_files(photo("scratch.jpg"))
    advisor.press(words("Add the mark"), section)
    seen = words("Photo of mark %(number)s: %(place)s", number=1, place=words("Left front door"))
    expect(section.get_by_role("img", name=seen)).to_be_visible()


def _press_in(advisor: Person, label: str) -> None:
    button = advisor.page.get_by_role("button", name=label)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def _keep_papers(advisor: Person) -> None:
    words = advisor.words
    section = advisor.unfold("items")
    advisor.choose(words("Papers received"), words("Vehicle licence"), section)
    advisor.press(words("Save keys and papers"), section)
    expect(section.locator("[data-dirty]")).to_be_hidden()


def _ask_wishes(advisor: Person) -> None:
    words = advisor.words
    section = advisor.unfold("wishes")
    advisor.choose(words("Replaced parts"), words("Customer takes them"), section)
    section.get_by_label(words("Wash the car before the handover")).check()
    advisor.press(words("Save the wishes"), section)
    expect(section.locator("[data-dirty]")).to_be_hidden()


def sign(advisor: Person) -> None:
    """The customer signs on the advisor's screen; the walk-around is frozen and printed."""
    words = advisor.words
    section = advisor.page.locator("#sign")
    advisor.sign(section)
    advisor.send(words("Sign the walk-around"), section)
    advisor.is_told(words("The walk-around is signed. Next comes the quotation."))
    advisor.reads(words("The walk-around is signed and frozen."))
    advisor.reads(words("Scratch"), within=advisor.unfold("car"))
    assert advisor.pdf(words("Walk-around sheet"))
    advisor.follow(words("Go on to the quotation"))
