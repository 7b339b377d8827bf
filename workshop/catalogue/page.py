"""What the pages of the catalogue read: lists with search and filter, histories of prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import g, request
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from workshop import clock, db, paging, web
from workshop.catalogue import kinds, queries, rules
from workshop.catalogue.models import (
    LabourPrice,
    LabourRate,
    Operation,
    Package,
    PartKind,
    Payer,
    PriceRow,
)
from workshop.enums import LabelledEnum
from workshop.errors import N_, WorkshopError
from workshop.staff.models import User

_MOST_SUGGESTED = 400


class Show(LabelledEnum):
    """Which rows of a list."""

    IN_USE = "in_use", N_("In use")
    RETIRED = "retired", N_("Retired")
    UNCHECKED = "unchecked", N_("From the starter, not looked at yet")


@dataclass(frozen=True)
class Filter:
    """What a list is asked for by its address."""

    text: str
    show: Show

    @property
    def shows(self) -> list[Show]:
        """What may be chosen."""
        return list(Show)

    @property
    def is_unchecked(self) -> bool:
        """Whether it shows what came from the starter set and nobody has looked at."""
        return self.show is Show.UNCHECKED

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for, so that an empty list means an empty catalogue."""
        return not self.text and self.show is Show.IN_USE

    @classmethod
    def of_request(cls) -> Filter:
        """The filter of the present address, or of a form that stands on the page."""
        return cls.of(request.values)

    @classmethod
    def of(cls, values: MultiDict[str, str]) -> Filter:
        """The filter that these values ask for; what nobody knows is left out."""
        shown = web.member(Show, values.get("show"))
        return cls(values.get("q", "").strip()[:80], shown or Show.IN_USE)

    def conditions(self, model: Any, columns: Sequence[Any]) -> list[Any]:
        """The same as conditions of a query."""
        found: list[Any] = [model.active.is_(self.show is not Show.RETIRED)]
        if self.show is Show.UNCHECKED:
            found += [model.starter_version.is_not(None), model.checked_at.is_(None)]
        return found + queries.matching(columns, self.text)


def said(refusal: WorkshopError | None) -> str | None:
    """The refusal of a button in words."""
    return web.error_words(refusal) if refusal else None


def today() -> date:
    """The day in the shop's zone."""
    return web.local(clock.now()).date()


def _columns(model: Any) -> list[Any]:
    names = ("code", "name_zh", "name_en", "keywords", "models")
    return [getattr(model, name) for name in names if hasattr(model, name)]


def list_rows(model: Any, wanted: Filter) -> paging.Page:
    """One page of the rows that the filter finds, by code."""
    return paging.read_page(find_rows(model, wanted), web.whole(request.args.get("page"), 1))


def find_rows(model: Any, wanted: Filter) -> sa.Select[Any]:
    """The rows that the filter finds, by code."""
    conditions = wanted.conditions(model, _columns(model))
    return select(model).where(*conditions).order_by(model.code)


def list_found(model: Any, wanted: Filter) -> list[Any]:
    """All rows that the filter finds."""
    return list(db.session.scalars(find_rows(model, wanted)))


def count_unchecked() -> dict[str, int]:
    """How many rows of the starter set nobody has looked at, by kind of row."""
    found = {}
    for name, model in (("operations", Operation), ("packages", Package), ("kinds", PartKind)):
        query = select(sa.func.count()).select_from(model)
        waiting = (model.starter_version.is_not(None), model.checked_at.is_(None))
        found[name] = db.session.scalar(query.where(*waiting, model.active.is_(True))) or 0
    return found


@dataclass(frozen=True)
class PriceLine:
    """One line of a price's history as people read it."""

    line: PriceRow
    by: User | None
    taken_back: PriceRow | None
    holds: bool
    is_coming: bool

    @property
    def payer(self) -> Payer | None:
        """Who pays, for an hour of labour."""
        return self.line.payer if isinstance(self.line, LabourPrice) else None


def users_of(lines: Iterable[PriceRow]) -> dict[int, User]:
    """Who set these prices, by id."""
    people = {each.by_id for each in lines if each.by_id}
    return {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(people)))}


def history(lines: Sequence[PriceRow], users: Mapping[int, User] | None = None) -> list[PriceLine]:
    """The history of prices, the newest first; what was taken back says so in its line."""
    day = today()
    gone: dict[int, Any] = {each.takes_back_id: each for each in lines if each.takes_back_id}
    payers = {getattr(each, "payer", None) for each in lines}
    of = {payer: [e for e in lines if getattr(e, "payer", None) is payer] for payer in payers}
    holding = {found.id for each in of.values() if (found := rules.on_day(each, day)) is not None}
    users = users_of(lines) if users is None else users
    return [
        PriceLine(
            line=each,
            by=users.get(each.by_id or 0),
            taken_back=gone.get(each.id),
            holds=each.id in holding,
            is_coming=each.id not in gone and each.valid_from > day,
        )
        for each in sorted(lines, key=lambda each: (each.valid_from, each.id), reverse=True)
        if each.takes_back_id is None
    ]


@dataclass(frozen=True)
class Grade:
    """A grade with today's prices, what comes, and how many operations are charged by it."""

    rate: LabourRate
    prices: list[tuple[Payer, int | None]]
    coming: list[PriceLine]
    users: int

    @property
    def customer_fen(self) -> int | None:
        """What the customer pays for an hour today."""
        return self.prices[0][1]


def list_grades() -> list[Grade]:
    """The grades of the branch."""
    prices = queries.price_list(g.branch.id, today())
    query = select(Operation.rate_code, sa.func.count()).where(Operation.active.is_(True))
    users = {row[0]: row[1] for row in db.session.execute(query.group_by(Operation.rate_code))}
    grades = queries.list_grades(g.branch.id)
    lines = {rate.id: queries.list_labour_prices(rate) for rate in grades}
    people = users_of(line for each in lines.values() for line in each)
    return [
        Grade(
            rate=rate,
            prices=[(payer, prices.hours.get((rate.code, payer.value))) for payer in Payer],
            coming=[line for line in history(lines[rate.id], people) if line.is_coming],
            users=users.get(rate.code, 0),
        )
        for rate in grades
    ]


def list_unpriced() -> list[str]:
    """The grades that operations in use are charged by and that have no price today."""
    prices = queries.price_list(g.branch.id, today())
    query = select(Operation.rate_code).where(Operation.active.is_(True)).distinct()
    codes = db.session.scalars(query.order_by(Operation.rate_code))
    return [code for code in codes if prices.hour_fen(code) is None]


def suggestions() -> dict[str, Any]:
    """What the fields for usual parts and operations suggest while one types."""
    query = select(Operation).where(Operation.active.is_(True)).order_by(Operation.code)
    return {
        "kinds": [each for each in kinds.list_kinds() if each.active],
        "operations": list(db.session.scalars(query.limit(_MOST_SUGGESTED))),
    }
