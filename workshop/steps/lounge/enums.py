"""The lists of step 4: care acts, occasions of a report, ways to travel on."""

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
