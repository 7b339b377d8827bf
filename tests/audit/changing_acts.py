"""The cases of work that is taken off, and of orders that are stopped."""

from __future__ import annotations

from typing import Any

from tests.audit.act import LATER, Act, collect
from tests.steps.repair import factories as repairs
from workshop.orders.models import RepairOrder
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.answers import Answer
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.taking_off import Wanted

_WHY = "时间来不及"
_ALONG = ("orders.change_promise", "shop.cancel", "shop.cancel")


def repair_take_off() -> Act:
    order, wanted = _less()
    by, said = order.advisor, {"reason": _WHY, "before_fen": 48_000, "after_fen": 24_000}

    def do() -> Any:
        return changing.take_off(order, wanted, _SIGNED, shown_at=LATER, by=by, at=LATER)

    return Act(by, do, None, said, ("orders.change_promise", "shop.cancel"))


def repair_stop_order() -> Act:
    order, _ = _less()
    by, wanted = order.advisor, Wanted({}, _WHY, stops=True)

    def do() -> Any:
        return changing.take_off(order, wanted, _SIGNED, shown_at=LATER, by=by, at=LATER)

    return Act(by, do, None, {"reason": _WHY, "after_fen": 0}, _ALONG)


def repair_ask_take_off() -> Act:
    order, wanted = _less()
    by = order.advisor

    def do() -> Any:
        return changing.ask(order, wanted, shown_at=LATER, by=by, at=LATER)

    return Act(by, do, None, {"after_fen": 24_000})


def repair_drop_take_off() -> Act:
    order, wanted = _less()
    by = order.advisor
    version = changing.ask(order, wanted, shown_at=LATER, by=by, at=LATER)
    return Act(by, lambda: changing.drop(version, by=by, at=LATER), version)


def _less() -> tuple[RepairOrder, Wanted]:
    """An order of two planned jobs, and the wish to do without the second."""
    first, second = repairs.make_planned(2)
    lines = quotation.list_authorised_lines(first.order)
    line = next(each for each in lines if each.job_id == second.id)
    return first.order, Wanted({line.id: Wish()}, _WHY)


_SIGNED = Answer("王小明")

ACTS = collect(__name__, globals())
