"""What the technicians of the made-up shop measure: parts wear with the kilometres."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from workshop.catalogue.checklists.models import Checklist, ChecklistItem
from workshop.catalogue.checklists.rules import Light, Spot
from workshop.inspections import queries, service
from workshop.inspections.rules import Result, Where
from workshop.inspections.service import Said
from workshop.orders.models import Job
from workshop.staff.models import User
from workshop.steps.repair.inspecting import queries as sold

# What a part of a new car measures, and what it loses in ten thousand kilometres; thousandths.
_WEARS = {"tyre_tread": (8000, 900), "pad_front": (11_000, 1100), "pad_rear": (10_000, 700)}
# What is measured and does not wear by the kilometre.
_STEADY = {
    "tyre_age": 3000,
    "tyre_pressure": 240_000,
    "disc": 24_000,
    "fluid_water": 1500,
    "coolant": -35_000,
    "battery": 12_550,
    "battery_health": 88_000,
    "charging": 14_200,
    "codes": 0,
    "vent": 7000,
    "steering_play": 6000,
    "wheel_nut": 110_000,
    "battery_soh": 93_000,
    "cells": 28_000,
    "cell_heat": 41_000,
    "ac_charge": 6800,
    "insulation": 900_000,
    "bond": 40,
    "compression": 12_000,
    "paint": 120_000,
}
_SETS_KM = 60_000


def fill_in(job: Job, by: User, at: Callable[[], datetime]) -> None:
    """Fill in what the job sells, line by line; `at` gives the next moment."""
    for checklist in sold.list_sold(job):
        _fill(job, checklist, by, at)


def fill_in_before(job: Job, by: User, at: datetime) -> None:
    """The same; the lines were looked at one by one in the minutes before `at`."""
    moments = (at - timedelta(seconds=5 * number) for number in range(200, 0, -1))
    fill_in(job, by, lambda: next(moments))


def _fill(job: Job, checklist: Checklist, by: User, at: Callable[[], datetime]) -> None:
    found = service.begin(job.order, checklist, by=by, at=at())
    known = queries.answers_of(found)
    for item in queries.list_asked(checklist, found):
        if item.id not in known:
            service.answer(found, item.id, _said(item, job), Where.BAY, by=by, at=at())
    service.finish(found, by=by, at=at())


def _said(item: ChecklistItem, job: Job) -> Said:
    if not item.is_measured:
        return Said(Result.GREEN)
    dice = random.Random(f"{job.order.vehicle_id} {item.code}")
    values = {
        spot: _value(item, spot, job.order.mileage_km or 0, dice) for spot in item.places.spots
    }
    is_good = not item.limits or item.limits.worst_of(values.values()) is Light.GREEN
    photo = None if is_good else picture(item)
    return Said(None if item.limits else Result.GREEN, values, photo=photo)


def picture(item: ChecklistItem) -> bytes:
    """What a phone would have taken: a worn part, drawn, for nobody's car is in the demo."""
    image = Image.new("RGB", (640, 420), (52, 58, 66))
    pen = ImageDraw.Draw(image)
    pen.ellipse((170, 60, 470, 360), fill=(30, 32, 36), outline=(120, 126, 134), width=18)
    pen.ellipse((255, 145, 385, 275), fill=(150, 156, 164))
    pen.line((150, 210, 490, 210 + len(item.code)), fill=(214, 64, 52), width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _value(item: ChecklistItem, spot: Spot, km: int, dice: random.Random) -> int:
    if item.code not in _WEARS:
        return _STEADY[item.code]
    new, wear = _WEARS[item.code]
    # Set after set of tyres and pads, each driven down as far as it goes.
    driven = (km + dice.randrange(8000)) % _SETS_KM
    rear = 0.7 if spot in (Spot.REAR_LEFT, Spot.REAR_RIGHT) else 1
    return max(2200, new - int(driven * wear * rear / 10_000)) // 100 * 100
