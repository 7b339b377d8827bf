"""The living day: history behind every car, today's cars in every step, and who comes next."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import event, func, select

from workshop.customers.models import EnergyType, Vehicle
from workshop.db import session
from workshop.demo import attendance, cars, helping, mendings, reports
from workshop.demo import shop as made
from workshop.demo.shop import Shop
from workshop.demo.timeline import Plan
from workshop.demo.visit import Visit
from workshop.orders.flow import Stage
from workshop.orders.models import StageChange
from workshop.staff.models import AuditEntry
from workshop.steps.followup import service as followup
from workshop.steps.parts.rules import PickState
from workshop.steps.repair.rules import PauseReason

S = Stage
ADVISORS = ("advisor", "advisor2", "advisor3")

# What people come for: words, operations, package.
WISHES: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("到保养里程了，做个小保养", (), "PK-MINOR"),
    ("踩刹车的时候前面有吱吱的异响", ("B-PAD-F",), None),
    ("该做大保养了，顺便看看空调有点味道", (), "PK-MAJOR"),
    ("早上打不着火，搭电才能启动", ("L-BAT",), None),
    ("高速上方向盘有点抖，感觉跑偏", ("C-ALIGN",), None),
    ("加速无力，怠速抖动", ("E-SPARK",), None),
    ("换两条前轮胎", ("C-TYRE",), None),
    ("过减速带底盘咯噔响", ("C-ARM-F",), None),
    ("雨刮刮不干净，换一副", ("L-WIPER",), None),
    ("下个月要长途，检查一下车", ("M-INSP",), None),
    ("倒车碰到柱子，后保险杠裂了", ("D-BUMP-R",), None),
    ("右后门被刮了一道，要补漆", ("P-PANEL",), None),
)

# What fails on a young car is its maker's to pay.
_FAILS_EARLY = {"C-ARM-F", "E-SPARK"}

# Today's cars: minutes before now, wish, until which stage, and what is special.
TODAY: tuple[tuple[int, int, Stage | None, dict[str, object]], ...] = (
    (1590, 1, None, {"fails_check": True, "stays": False}),
    (1570, 7, None, {"pauses": PauseReason.SUPPORT, "stays": False}),
    (1540, 3, S.READY, {"stays": False}),
    (1520, 2, S.SETTLED, {"stays": False}),
    (150, 0, S.DELIVERED, {}),
    (145, 8, S.DELIVERED, {"booked": True}),
    (138, 3, S.READY, {}),
    (130, 3, S.SETTLEMENT, {"stays": False}),
    (122, 9, S.SETTLED, {"booked": True}),
    (80, 9, S.WASH, {}),
    (72, 3, S.FINAL_CHECK, {"advisor": "advisor"}),
    (58, 8, S.FINAL_CHECK, {"stays": False}),
    (66, 9, S.QUALITY_CHECK, {}),
    (50, 8, S.QUALITY_CHECK, {"stays": False}),
    (84, 1, None, {"damage": "front_bumper"}),
    (76, 2, None, {"declined": ("B-PAD-R",)}),
    (64, 5, None, {"stays": False}),
    (54, 0, None, {"booked": True}),
    (62, 3, None, {"pauses": PauseReason.CUSTOMER}),
    (56, 4, None, {"stays": False, "finds": "右前轮内侧球头防尘套破裂渗油"}),
    (46, 10, None, {"booked": True, "stays": False}),
    (42, 11, None, {"stays": False}),
    (38, 0, None, {"basket": PickState.PICKED}),
    (35, 2, None, {"booked": True, "basket": PickState.OPEN}),
    (32, 1, S.AUTHORISED, {"stays": False}),
    (29, 5, S.AUTHORISED, {}),
    (36, 9, S.QUOTED, {"declines_all": True}),
    (27, 1, S.QUOTED, {"red": ("B-DISC-F",), "advisor": "advisor"}),
    (21, 2, S.QUOTED, {"booked": True, "declined": ("B-PAD-R",)}),
    (14, 4, S.INSPECTED, {}),
    (7, 0, S.RECEPTION, {"booked": True}),
    (4, 7, S.RECEPTION, {}),
)
# Who comes later: minutes from now, wish.
LATER = (
    *((35, 0), (65, 2), (95, 1), (140, 3), (185, 6), (230, 9), (290, 0)),
    *((1440, 2), (1470, 1), (1500, 4), (1530, 3)),
)


# Somebody may have acted a little later than the moment at which the clock stands.
_NO_WAY_BACK = timedelta(minutes=5)


def busy_time(at: datetime, zone: ZoneInfo) -> datetime:
    """`at`, if the shop is in full swing then; otherwise half past ten of the same day."""
    here = at.astimezone(zone)
    if time(10, 0) <= here.time() <= time(17, 0):
        return at
    return here.replace(hour=10, minute=30, second=0, microsecond=0).astimezone(at.tzinfo)


def goes_on(told: datetime, now: datetime, stopped: datetime | None, zone: ZoneInfo) -> bool:
    """Whether a story told up to `told` is of the day that is wanted now.

    A clock that stands at `stopped` may not stand before what has happened already.
    """
    wanted = stopped or now
    is_same_day = told.astimezone(zone).date() == wanted.astimezone(zone).date()
    return is_same_day and (stopped is None or stopped >= told - _NO_WAY_BACK)


def last_moment() -> datetime:
    """When the last thing of the story happened; the shop clock goes on from there."""
    moments = session.scalars(
        select(func.max(StageChange.at)).union_all(select(func.max(AuditEntry.at)))
    )
    return max(at for at in moments if at is not None)


def tell(now: datetime, said: Callable[[int, int], None] | None = None) -> Shop:
    """Fill an empty, migrated database with the shop as it is at `now`. The caller commits.

    `said` hears how many of the cars have been told, and of how many.
    """
    shop = made.build(now - timedelta(days=420))
    vehicles = cars.make_all(shop.people["advisor"], now - timedelta(days=400))
    attendance.tell_week(shop, now)
    plans = sorted(_plans(shop, vehicles, now), key=lambda plan: plan.arrived_at)
    for done, plan in enumerate(plans, start=1):
        with _kept_in_memory():
            Visit(shop, plan, now).walk()
        if said is not None:
            said(done, len(plans))
    attendance.tell_breaks(shop, now)
    helping.put_together(shop, now)
    reports.tell_most(shop.branch, now)
    followup.plan_due(now)
    mendings.tell(shop, now)
    session.flush()
    return shop


@contextlib.contextmanager
def _kept_in_memory() -> Iterator[None]:
    """Hold what is read and written meanwhile; the session alone would read it again and again."""
    held: list[object] = []

    def hold(_session: object, record: object) -> None:
        held.append(record)

    for name in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(session, name, hold)
    yield
    for name in ("loaded_as_persistent", "pending_to_persistent"):
        event.remove(session, name, hold)


def _plans(shop: Shop, vehicles: list[Vehicle], now: datetime) -> Iterator[Plan]:
    # The same story every time it is told for the same moment.
    dice = random.Random(now.date().toordinal())
    zone = ZoneInfo(shop.branch.zone)
    yield from _history(vehicles, now, zone, dice)
    yield from _today(vehicles, now, dice)


def package_for(vehicle: Vehicle, package: str | None) -> str | None:
    """The package that a wish means for this car: an electric one needs no oil."""
    return "PK-EV" if package and vehicle.energy is EnergyType.ELECTRIC else package


def _history(
    vehicles: list[Vehicle], now: datetime, zone: ZoneInfo, dice: random.Random
) -> Iterator[Plan]:
    """One earlier visit for every car, in the past year; a few cars of this week as well."""
    for number, vehicle in enumerate(vehicles):
        is_recent = number >= len(TODAY) + 2
        days = 3 + number % 5 if is_recent else 35 + (number * 37) % 300
        words, operations, package = WISHES[number % len(WISHES)]
        yield Plan(
            vehicle=vehicle,
            arrived_at=_morning(now, zone, days, number),
            concern=words,
            operations=operations,
            package=package_for(vehicle, package),
            km=max(500, cars.CARS[number].km - days * dice.randint(30, 60)),
            advisor=ADVISORS[number % 3],
            stays=number % 3 == 0,
            booked=number % 2 == 0,
            declined=("B-PAD-R",) if number % 6 == 0 else (),
            is_warranty=is_recent and not _FAILS_EARLY.isdisjoint(operations),
            score=2 if number % 17 == 5 else 5,
        )


def _morning(now: datetime, zone: ZoneInfo, days: int, number: int) -> datetime:
    day = (now.astimezone(zone) - timedelta(days=days)).date()
    at = datetime.combine(day, time(8 + number % 4, (number * 7) % 60), tzinfo=zone)
    return at.astimezone(now.tzinfo)


def _today(vehicles: list[Vehicle], now: datetime, dice: random.Random) -> Iterator[Plan]:
    for number, (before, wish, until, special) in enumerate(TODAY):
        words, operations, package = WISHES[wish]
        yield Plan(
            vehicle=vehicles[number],
            arrived_at=now - timedelta(minutes=before),
            concern=words,
            operations=operations,
            package=package_for(vehicles[number], package),
            km=cars.CARS[number].km,
            until=until,
            **{"advisor": ADVISORS[number % 3], **special},  # type: ignore[arg-type]  # The table above names Plan's own fields.
        )
    for number, (after, wish) in enumerate(LATER, start=len(TODAY)):
        words, operations, package = WISHES[wish]
        yield Plan(
            vehicle=vehicles[number],
            arrived_at=now + timedelta(minutes=after + dice.randint(0, 3)),
            concern=words,
            operations=operations,
            package=package_for(vehicles[number], package),
            booked=True,
        )
