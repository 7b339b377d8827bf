"""The lists of step 4: care acts, occasions of a report, ways to travel on, items of a round."""

from __future__ import annotations

from enum import Enum

from workshop.errors import N_


class CareKind(Enum):
    """The six care acts for a customer who stays (domain.md N8)."""

    SEAT = "seat"
    WATER = "water"
    TOUR = "tour"
    PERSON = "person"
    INTERNET = "internet"
    REPORT = "report"

    @property
    def label(self) -> str:
        return CARE_LABELS[self]


CARE_LABELS = {
    CareKind.SEAT: N_("Helped to a seat"),
    CareKind.WATER: N_("First cup poured"),
    CareKind.TOUR: N_("Lounge and toilet shown"),
    CareKind.PERSON: N_("Own attendant named"),
    CareKind.INTERNET: N_("Internet at hand"),
    CareKind.REPORT: N_("Progress reported"),
}

CARE_ICONS = {
    CareKind.SEAT: "armchair",
    CareKind.WATER: "cup-soda",
    CareKind.TOUR: "map",
    CareKind.PERSON: "user-check",
    CareKind.INTERNET: "wifi",
    CareKind.REPORT: "megaphone",
}


class Occasion(Enum):
    """Why a progress report is due: the hour, or something that happened (step 4 rules)."""

    HOURLY = "hourly"
    START = "start"
    ADDITION = "addition"
    DELAY = "delay"
    DONE = "done"

    @property
    def label(self) -> str:
        return OCCASION_LABELS[self]


OCCASION_LABELS = {
    Occasion.HOURLY: N_("Regular report"),
    Occasion.START: N_("Work has started"),
    Occasion.ADDITION: N_("Additional work found"),
    Occasion.DELAY: N_("Delay: tell before the promised time"),
    Occasion.DONE: N_("The car is ready"),
}


class Transport(Enum):
    """How a customer who leaves travels on."""

    TAXI = "taxi"
    BUS = "bus"
    RENTAL = "rental"
    LOANER = "loaner"
    SHUTTLE = "shuttle"
    FAMILY = "family"
    WALK = "walk"

    @property
    def label(self) -> str:
        return TRANSPORT_LABELS[self]


TRANSPORT_LABELS = {
    Transport.TAXI: N_("Taxi"),
    Transport.BUS: N_("Bus or metro"),
    Transport.RENTAL: N_("Rental car"),
    Transport.LOANER: N_("Courtesy (loaner) car"),
    Transport.SHUTTLE: N_("Our shuttle"),
    Transport.FAMILY: N_("Family or friends"),
    Transport.WALK: N_("On foot"),
}


class CostBearer(Enum):
    """Who pays for the way."""

    CUSTOMER = "customer"
    SHOP = "shop"
    INSURANCE = "insurance"
    MANUFACTURER = "manufacturer"

    @property
    def label(self) -> str:
        return BEARER_LABELS[self]


BEARER_LABELS = {
    CostBearer.CUSTOMER: N_("The customer"),
    CostBearer.SHOP: N_("The shop"),
    CostBearer.INSURANCE: N_("The insurance"),
    CostBearer.MANUFACTURER: N_("The manufacturer"),
}


class RoundItem(Enum):
    """What is looked at on a round through the lounge (domain.md step 4 and N10)."""

    CLEAN = "clean"
    AIR = "air"
    TOILETS = "toilets"
    TV = "tv"
    INTERNET = "internet"
    MAGAZINES = "magazines"
    NEWSPAPERS = "newspapers"
    PHONE = "phone"
    WATER = "water"
    CUPS = "cups"
    TISSUES = "tissues"
    DRINKS = "drinks"
    CHILDREN = "children"
    SMOKING = "smoking"
    NEW_CARS = "new_cars"
    PROMOTION = "promotion"
    NOTICES = "notices"
    STAFF = "staff"
    SCREEN = "screen"

    @property
    def label(self) -> str:
        return ITEM_LABELS[self]


ITEM_LABELS = {
    RoundItem.CLEAN: N_("Floor, tables, chairs and corners are clean"),
    RoundItem.AIR: N_("Smell and temperature are pleasant"),
    RoundItem.TOILETS: N_("Toilets are clean and stocked"),
    RoundItem.TV: N_("TV and films run"),
    RoundItem.INTERNET: N_("Computers and Wi-Fi work"),
    RoundItem.MAGAZINES: N_("At least 5 current magazines"),
    RoundItem.NEWSPAPERS: N_("3 newspapers of today, clipped"),
    RoundItem.PHONE: N_("Business phone and fax work"),
    RoundItem.WATER: N_("Water machine works"),
    RoundItem.CUPS: N_("Disposable cups are there"),
    RoundItem.TISSUES: N_("Tissues are there"),
    RoundItem.DRINKS: N_("Drinks are filled up"),
    RoundItem.CHILDREN: N_("Children's area is tidy and safe"),
    RoundItem.SMOKING: N_("Smoking area is separate and aired"),
    RoundItem.NEW_CARS: N_("New-car information is laid out"),
    RoundItem.PROMOTION: N_("Promotion material is current"),
    RoundItem.NOTICES: N_("Price list, guarantee notice and complaint phone are displayed"),
    RoundItem.STAFF: N_("No staff are resting here"),
    RoundItem.SCREEN: N_("The lounge screen works"),
}

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
