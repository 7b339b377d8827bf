"""What is kept, picked and on order for an order while it is cancelled."""

from __future__ import annotations

from datetime import datetime

from workshop.errors import N_
from workshop.orders.effects import Effect, TakeBack
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.parts import queries, service
from workshop.steps.parts.models import PickList
from workshop.stock import queries as stock_queries
from workshop.stock import service as stock


def list_of_order(order: RepairOrder) -> list[Effect]:
    """Reserved pieces, pieces on order, and pick lists; a full basket is put back by hand."""
    found = []
    held = stock_queries.list_held(order.id)
    awaited = [each for each in stock_queries.list_backorders(order.id) if each.arrived_at is None]
    if held or awaited:
        words = N_("Parts kept: %(held)s, on order: %(awaited)s. They are free for others.")
        values = {"held": len(held), "awaited": len(awaited)}
        found.append(Effect(words, values, _release(order)))
    lists = [each for each in queries.list_pick_lists(order) if each.state.is_before_issue]
    return found + [_list(each) for each in lists]


def _release(order: RepairOrder) -> TakeBack:
    def release(by: User, at: datetime) -> None:
        stock.release_all(order.id, by=by, at=at)

    return release


def _list(pick_list: PickList) -> Effect:
    if any(line.picked_milli for line in queries.list_lines(pick_list)):
        words = N_("Basket %(basket)s of pick list %(no)s has to be put back at the counter.")
        return Effect(words, {"basket": pick_list.basket_no, "no": pick_list.no})

    def end(_by: User, at: datetime) -> None:
        service.cancel_lists([pick_list], at)

    return Effect(N_("Pick list %(no)s ends."), {"no": pick_list.no}, end)
