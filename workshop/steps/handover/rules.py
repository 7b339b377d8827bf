"""The words and rules of the handover. Plain Python (domain.md step 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from workshop.enums import LabelledEnum
from workshop.errors import N_

# A year's driving of a private car, while the car's own use is not known from two readings.
USUAL_KM_A_DAY = 40
# Readings closer together than this say too little about how much a car is driven.
LEAST_DAYS = 30
# The follow-up call comes 24 to 72 hours after the delivery (domain.md P13).
EARLIEST_CALL, LATEST_CALL = timedelta(hours=24), timedelta(hours=72)


class HandoverItem(StrEnum):
    """Lines of the handover checklist that depend on the order, or that the page says more about.

    What each says is the shop's own words; its other lines are asked of every car.
    """

    WORK = "work"
    BILL = "bill"
    OLD_PARTS = "old_parts"
    GUARANTEE = "guarantee"
    DEFERRED = "deferred"
    PAPERS = "papers"
    VALUABLES = "valuables"
    KEYS = "keys"


@dataclass(frozen=True)
class Facts:
    """What the order has, so that the checklist asks only what applies."""

    has_work: bool
    has_bill: bool
    has_parts: bool
    has_deferred: bool
    has_papers: bool
    has_valuables: bool


# Which fact of the order a line depends on; the other lines are asked of every car.
FACT_OF: dict[str, str] = {
    HandoverItem.WORK: "has_work",
    HandoverItem.GUARANTEE: "has_work",
    HandoverItem.BILL: "has_bill",
    HandoverItem.OLD_PARTS: "has_parts",
    HandoverItem.DEFERRED: "has_deferred",
    HandoverItem.PAPERS: "has_papers",
    HandoverItem.VALUABLES: "has_valuables",
}


def codes_for(facts: Facts, codes: Iterable[str]) -> list[str]:
    """The lines of the checklist that apply, in the order in which people go through them."""
    return [code for code in codes if code not in FACT_OF or getattr(facts, FACT_OF[code])]


class Collector(LabelledEnum):
    """Who takes the car."""

    OWNER = "owner", N_("The customer")
    BRINGER = "bringer", N_("Who brought the car")
    OTHER = "other", N_("Another person")


class Proof(LabelledEnum):
    """Why another person may take the car."""

    CODE = "code", N_("Pick-up code of the departure sheet")
    OWNER_CONFIRMED = "owner_confirmed", N_("The customer confirmed it")


@dataclass(frozen=True)
class NextDue:
    """When the next service is due: whichever comes first."""

    due_on: date
    due_km: int


def next_due(on: date, km: int, interval_km: int, interval_months: int, km_a_day: float) -> NextDue:
    """The next service after one on a day at a mileage.

    The date is the earlier of the interval's months and the day on which the interval's km are
    driven at the average use (domain.md step 0).
    """
    by_months = add_months(on, interval_months)
    by_km = on + timedelta(days=round(interval_km / max(km_a_day, 0.1)))
    return NextDue(min(by_months, by_km), km + interval_km)


def is_time_to_call(at: datetime, delivered_at: datetime) -> bool:
    """Whether a follow-up call at `at` comes 24 to 72 hours after the delivery (P13)."""
    return delivered_at + EARLIEST_CALL <= at <= delivered_at + LATEST_CALL


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def average_km_a_day(readings: Sequence[tuple[date, int]]) -> float:
    """How much a car is driven, from its readings, oldest first; the usual use if unknown."""
    if len(readings) >= 2:
        (first_on, first_km), (last_on, last_km) = readings[0], readings[-1]
        days = (last_on - first_on).days
        if days >= LEAST_DAYS and last_km > first_km:
            return (last_km - first_km) / days
    return float(USUAL_KM_A_DAY)
