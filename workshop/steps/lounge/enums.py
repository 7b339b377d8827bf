"""The lists of step 4: care acts, occasions of a report, ways to travel on, items of a round."""

from __future__ import annotations

from workshop.enums import LabelledEnum
from workshop.errors import N_


class CareKind(LabelledEnum):
    """The six care acts for a customer who stays (domain.md N8)."""

    SEAT = "seat", N_("Helped to a seat")
    WATER = "water", N_("First cup poured")
    TOUR = "tour", N_("Lounge and toilet shown")
    PERSON = "person", N_("Own attendant named")
    INTERNET = "internet", N_("Internet at hand")
    REPORT = "report", N_("Progress reported")


CARE_ICONS = {
    CareKind.SEAT: "armchair",
    CareKind.WATER: "cup-soda",
    CareKind.TOUR: "map",
    CareKind.PERSON: "user-check",
    CareKind.INTERNET: "wifi",
    CareKind.REPORT: "megaphone",
}


class Occasion(LabelledEnum):
    """Why a progress report is due: the hour, or something that happened (step 4 rules)."""

    HOURLY = "hourly", N_("Regular report")
    START = "start", N_("Work has started")
    ADDITION = "addition", N_("Additional work found")
    DELAY = "delay", N_("Delay: tell before the promised time")
    DONE = "done", N_("The car is ready")


class Transport(LabelledEnum):
    """How a customer who leaves travels on."""

    TAXI = "taxi", N_("Taxi")
    BUS = "bus", N_("Bus or metro")
    RENTAL = "rental", N_("Rental car")
    LOANER = "loaner", N_("Courtesy (loaner) car")
    SHUTTLE = "shuttle", N_("Our shuttle")
    FAMILY = "family", N_("Family or friends")
    WALK = "walk", N_("On foot")


class CostBearer(LabelledEnum):
    """Who pays for the way."""

    CUSTOMER = "customer", N_("The customer")
    SHOP = "shop", N_("The shop")
    INSURANCE = "insurance", N_("The insurance")
    MANUFACTURER = "manufacturer", N_("The manufacturer")


class RoundItem(LabelledEnum):
    """What is looked at on a round through the lounge (domain.md step 4 and N10)."""

    CLEAN = "clean", N_("Floor, tables, chairs and corners are clean")
    AIR = "air", N_("Smell and temperature are pleasant")
    TOILETS = "toilets", N_("Toilets are clean and stocked")
    TV = "tv", N_("TV and films run")
    INTERNET = "internet", N_("Computers and Wi-Fi work")
    MAGAZINES = "magazines", N_("At least 5 current magazines")
    NEWSPAPERS = "newspapers", N_("3 newspapers of today, clipped")
    PHONE = "phone", N_("Business phone and fax work")
    WATER = "water", N_("Water machine works")
    CUPS = "cups", N_("Disposable cups are there")
    TISSUES = "tissues", N_("Tissues are there")
    DRINKS = "drinks", N_("Drinks are filled up")
    CHILDREN = "children", N_("Children's area is tidy and safe")
    SMOKING = "smoking", N_("Smoking area is separate and aired")
    NEW_CARS = "new_cars", N_("New-car information is laid out")
    PROMOTION = "promotion", N_("Promotion material is current")
    NOTICES = "notices", N_("Price list, guarantee notice and complaint phone are displayed")
    STAFF = "staff", N_("No staff are resting here")
    SCREEN = "screen", N_("The lounge screen works")


ITEM_GROUPS: tuple[tuple[str, tuple[RoundItem, ...]], ...] = (
    (N_("Room"), (RoundItem.CLEAN, RoundItem.AIR, RoundItem.TOILETS)),
    (
        N_("Media and work"),
        (
            RoundItem.TV,
            RoundItem.INTERNET,
            RoundItem.MAGAZINES,
            RoundItem.NEWSPAPERS,
            RoundItem.PHONE,
        ),
    ),
    (
        N_("Drinks"),
        (RoundItem.WATER, RoundItem.CUPS, RoundItem.TISSUES, RoundItem.DRINKS),
    ),
    (
        N_("Areas and notices"),
        (
            RoundItem.CHILDREN,
            RoundItem.SMOKING,
            RoundItem.NEW_CARS,
            RoundItem.PROMOTION,
            RoundItem.NOTICES,
            RoundItem.STAFF,
            RoundItem.SCREEN,
        ),
    ),
)
