"""The page of one part: shelf, ledger, price with its history, suppliers, what replaces it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import g
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.db import session
from workshop.errors import Missing
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts.forms import CountForm
from workshop.steps.parts.register import forms, gates
from workshop.stock import queries as stock
from workshop.stock.models import Part, StockLevel
from workshop.stock.parts import places
from workshop.stock.parts import queries as register
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import rules as markup
from workshop.stock.pricing.models import PartPrice
from workshop.stock.suppliers import queries as suppliers
from workshop.web import display, versions


def today() -> date:
    """The day in the shop's zone."""
    return calendar.local_day(g.branch, clock.now())


@dataclass(frozen=True)
class PriceLine:
    """A row of the history with what became of it."""

    row: PartPrice
    is_taken_back: bool
    counts_now: bool
    can_go: bool


@dataclass(frozen=True)
class PartPage:
    """What the page says of a part."""

    part: Part
    day: date

    @cached_property
    def level(self) -> StockLevel | None:
        return stock.find_level(g.branch.id, self.part.id)

    @cached_property
    def price_fen(self) -> int:
        return prices.price_on(self.part, self.day)

    @cached_property
    def next_price(self) -> PartPrice | None:
        return prices.find_next(self.part, self.day)

    @property
    def margin_fen(self) -> int | None:
        return markup.margin_fen(self.price_fen, self.part.cost_fen)

    @property
    def warns_below_cost(self) -> bool:
        """Whether it is sold below its cost, and the reader may know it."""
        is_below = self.margin_fen is not None and self.margin_fen < 0
        return is_below and me().may(Permission.SEE_COST)

    @cached_property
    def history(self) -> list[PriceLine]:
        taken_back = prices.list_taken_back(self.part)
        rows = prices.list_history(self.part)
        begun = [row for row in rows if self._is_set(row, taken_back) and not self._is_ahead(row)]
        may_go = me().may(Permission.MANAGE_PARTS)
        now = max(begun, key=lambda row: (row.valid_from, row.id), default=None)
        return [
            PriceLine(
                row,
                row.id in taken_back,
                row is now,
                self._is_set(row, taken_back) and self._is_ahead(row) and may_go,
            )
            for row in rows
        ]

    @staticmethod
    def _is_set(row: PartPrice, taken_back: set[int]) -> bool:
        return row.takes_back_id is None and row.id not in taken_back

    def _is_ahead(self, row: PartPrice) -> bool:
        return row.valid_from > self.day

    @cached_property
    def successors(self) -> list[Part]:
        return register.list_successors(self.part)

    @cached_property
    def replaced(self) -> list[Part]:
        return register.list_replaced(self.part)

    @cached_property
    def missing_to_retire(self) -> list[Missing]:
        return gates.missing_to_retire(self.part) if self.part.active else []


def render(part: Part, **refused: web.Form) -> ResponseReturnValue:
    """The page; a refused form, by the name of its kind, comes back with what was typed."""
    page = PartPage(part, today())
    offer = refused.get("offer") or forms.OfferForm.blank()
    offer.offer(suppliers.list_suppliers(only_active=True))
    count = refused.get("count") or CountForm(formdata=None)
    shown = {
        "price": refused.get("price") or forms.price_form(page.day),
        "cost": refused.get("cost") or _cost_form(part),
        "place": refused.get("place") or _place_form(page.level),
        "successor": refused.get("successor") or _successor_form(page),
        "offer": offer,
        "count": count,
    }
    return web.page(
        "parts/part.html",
        max((form.status for form in refused.values()), default=200),
        page=page,
        part=part,
        level=page.level,
        holders=stock.list_holders(me().branch_id, part),
        waiting=stock.list_waiting_for(me().branch_id, part.id),
        entries=stock.list_entries(me().branch_id, part),
        offers=suppliers.list_of_part(part),
        order_of=lambda order_id: session.get(RepairOrder, order_id) if order_id else None,
        name_of=lambda user_id: session.get_one(User, user_id).display_name,
        form=count,
        forms=shown,
    )


def _cost_form(part: Part) -> forms.CostForm:
    seen = "" if part.cost_fen is None else str(part.cost_fen)
    return forms.CostForm.blank(
        cost=forms.yuan(part.cost_fen), seen=seen, follows=part.is_marked_up
    )


def _place_form(level: StockLevel | None) -> forms.PlaceForm:
    bin_code, minimum = (level.bin, level.minimum_milli) if level else ("", 0)
    seen = versions.mark(places.state_of_place(bin_code, minimum))
    return forms.PlaceForm.blank(
        bin_code=bin_code, minimum=display.show_quantity(minimum), seen=seen
    )


def _successor_form(page: PartPage) -> forms.SuccessorForm:
    first = page.successors[0].no if page.successors else ""
    return forms.SuccessorForm.blank(successor_no=first)
