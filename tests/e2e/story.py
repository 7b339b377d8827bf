"""A small shop with something in every list: one car in each stage, told by the demo's services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from workshop import db
from workshop.customers.models import Vehicle
from workshop.demo import cars
from workshop.demo import shop as demo_shop
from workshop.demo.shop import Shop
from workshop.demo.timeline import Plan
from workshop.demo.visit import Visit
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.steps.followup import service as followup
from workshop.steps.repair.rules import PauseReason

S = Stage
SQUEAK, SERVICE, START = "踩刹车的时候前面有吱吱的异响", "做个小保养", "早上打不着火"

# Minutes before now, words, operations, package, until which stage, and what is special.
VISITS: tuple[
    tuple[int, str, tuple[str, ...], str | None, Stage | None, dict[str, object]], ...
] = (
    (4320, SQUEAK, ("B-PAD-F",), None, None, {"score": 2, "damage": "front_bumper"}),
    (2880, SERVICE, (), "PK-MINOR", S.DELIVERED, {"booked": True}),
    (1590, SQUEAK, ("B-PAD-F",), None, None, {"fails_check": True, "stays": False}),
    (150, SERVICE, ("M-OIL",), None, S.SETTLED, {"booked": True}),
    (145, START, ("L-BAT",), None, S.SETTLEMENT, {}),
    (140, START, ("L-BAT",), None, S.READY, {}),
    (96, START, ("L-BAT",), None, S.WASH, {}),
    (92, START, ("L-WIPER",), None, S.FINAL_CHECK, {}),
    (88, START, ("L-WIPER",), None, S.QUALITY_CHECK, {}),
    (84, SQUEAK, ("B-PAD-F",), None, None, {"stays": False}),
    (62, START, ("L-BAT",), None, None, {"pauses": PauseReason.CUSTOMER}),
    (42, SQUEAK, ("C-ARM-F",), None, S.SCHEDULED, {}),
    (35, SERVICE, (), "PK-MAJOR", S.AUTHORISED, {}),
    (27, SQUEAK, ("B-PAD-F",), None, S.QUOTED, {"red": ("B-DISC-F",)}),
    (14, START, ("L-DIAG",), None, S.INSPECTED, {}),
    (7, SERVICE, (), "PK-MINOR", S.RECEPTION, {"booked": True, "damage": "roof"}),
    (-60, SERVICE, (), "PK-MINOR", None, {"booked": True}),
)

# Who has a job in hand.
AT_WORK = "tech4"
# The place of the car whose customer has a quotation to decide on.
QUOTED = 13


def tell(now: datetime, password: str) -> list[str]:
    """Fill a migrated database with the shop as it is at `now`; gives the numbers of the orders."""
    shop = demo_shop.build(now - timedelta(days=400), password)
    orders = [order.no for order in _walk(shop, now) if order is not None]
    followup.plan_due(now)
    db.commit()
    return orders


def _walk(shop: Shop, now: datetime) -> Iterator[RepairOrder | None]:
    for number, (before, words, operations, package, until, special) in enumerate(VISITS, start=1):
        plan = Plan(
            vehicle=_make_vehicle(shop, number, now),
            arrived_at=now - timedelta(minutes=before),
            concern=words,
            operations=operations,
            package=package,
            km=cars.CARS[number].km,
            until=until,
            **special,  # type: ignore[arg-type]  # The table above names Plan's own fields.
        )
        yield Visit(shop, plan, now).walk()


def _make_vehicle(shop: Shop, number: int, now: datetime) -> Vehicle:
    vin = cars.made_up_vin(number)
    return cars.make(cars.CARS[number], vin, shop.people["advisor"], now - timedelta(days=300))
