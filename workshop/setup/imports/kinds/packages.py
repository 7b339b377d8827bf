"""Packages: several operations under one name, known by the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from workshop.catalogue import queries
from workshop.catalogue.models import Operation, Package
from workshop.catalogue.packages import MOST_KM, MOST_MONTHS
from workshop.db import session
from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import (
    AT,
    BY,
    Column,
    Difference,
    Judgement,
    Kind,
    Place,
    Put,
    Ref,
    Row,
    Scope,
    Set,
)
from workshop.setup.imports.kinds import plain_rows
from workshop.setup.imports.kinds.plain_rows import Lines, shown_as
from workshop.sheets import cells
from workshop.sheets.cells import Cell
from workshop.staff.permissions import Permission

_SEVERAL = re.compile(r"[、,，;；+/|\n]+")


def _codes(text: str) -> Cell[list[str]]:
    """The operations of a package, by code or name, in their order."""
    if cells.is_empty(text):
        return Cell()
    pieces = (cells.name(each).value for each in _SEVERAL.split(cells.bare(text)))
    return Cell(list(dict.fromkeys(each for each in pieces if each)))


def _km(text: str) -> Cell[int]:
    found = cells.mileage(text)
    if found.value is not None and not 0 < found.value <= MOST_KM:
        return cells.refused(
            N_("“%(text)s” is too large or too small."), text=cells.shortened(text)
        )
    return found


COLUMNS = (
    Column(
        "code", N_("Code"), lambda text: cells.code(text, 20),
        ("编码", "套餐编码", "套餐编号", "代码", "package", "package code"),
        is_needed=True, example="TC-001",
    ),
    Column(
        "name_zh", N_("Name in Chinese"), lambda text: cells.name(text, 80),
        ("名称", "中文名称", "套餐名称", "套餐", "name"), is_needed=True, example="小保养套餐",
    ),
    Column(
        "name_en", N_("Name in English"), lambda text: cells.name(text, 80),
        ("英文名称", "英文名", "english name"), example="Minor service",
        hint=N_("Empty is the other name."),
    ),
    Column(
        "operations", N_("Operations"), _codes,
        ("项目", "维修项目", "包含项目", "工时项目", "项目编码", "操作", "operation codes"),
        is_needed=True, example="BY-001、BY-002", hint=N_("Codes or names of operations here."),
    ),
    Column(
        "price_fen", N_("Fixed price"), cells.money_fen,
        ("套餐价", "价格", "售价", "一口价", "price"), example="398.00",
        hint=N_("Tax included; empty costs what its operations cost."),
    ),
    Column(
        "interval_km", N_("Due again after"), _km,
        ("间隔公里", "保养间隔", "里程间隔", "周期公里", "间隔里程", "interval km"),
        example="10000",
    ),
    Column(
        "interval_months", N_("Due again after months"),
        lambda text: cells.whole(text.removesuffix("个月").removesuffix("月"), 1, MOST_MONTHS),
        ("间隔月数", "间隔月", "周期月", "interval months"), example="6",
    ),
)  # fmt: skip
_NOT_COMPARED = ("code", "operations", "price_fen")


class PackageJudge:
    """Judges the rows of one file of packages."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._lines = Lines("code")
        self._known = {each.code.casefold(): each for each in session.scalars(select(Package))}
        self._operations: dict[str, Operation] = {}
        for each in session.scalars(select(Operation).where(Operation.active)):
            for name in (each.name_en, each.name_zh, each.code):
                self._operations[name.casefold()] = each

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Judgement:
        key = row.values["code"].casefold()
        if twice := self._lines.refuse_twice(key, row):
            return twice
        wanted = row.values["operations"]
        unknown = [each for each in wanted if each.casefold() not in self._operations]
        if unknown:
            words = N_("There is no operation in use called %(names)s. Bring operations first.")
            return kinds.refused(words, "operations", names=unknown)
        if row.get("price_fen") is not None and row.values["price_fen"] <= 0:
            return kinds.refused(N_("The price must be more than zero."), "price_fen")
        operations = list(dict.fromkeys(self._operations[each.casefold()].id for each in wanted))
        known = self._known.get(key)
        if known is None:
            return kinds.new(*self._make(row, key, operations))
        return self._change(row, known, operations)

    def _make(self, row: Row, key: str, operations: list[int]) -> Iterator[Put]:
        ref = Ref(f"package:{key}")
        plain = {
            name: value
            for name, value in row.values.items()
            if name not in ("operations", "price_fen")
        }
        plain.setdefault("name_en", plain["name_zh"])
        yield Put("package", plain, ref=ref.name)
        for position, operation_id in enumerate(operations):
            values = {"package_id": ref, "operation_id": operation_id, "position": position}
            yield Put("package_item", values, part_of=ref)
        if "price_fen" in row.values:
            yield self._price(ref, row.values["price_fen"], ref)

    def _price(self, package: Any, fen: int, of: Ref | tuple[str, int]) -> Put:
        values = {
            "package_id": package,
            "valid_from": self._scope.day,
            "fen": fen,
            "reason": N_("From a file"),
            "at": AT,
            "by_id": BY,
        }
        return Put("package_price", values, part_of=of)

    def _change(self, row: Row, known: Package, operations: list[int]) -> Judgement:
        if [item.operation_id for item in known.items] != operations:
            held = [item.operation.code for item in known.items]
            words = N_("Here it holds other operations: %(held)s. Change it on its page.")
            return kinds.refused(words, "operations", held=held)
        found = dict(plain_rows.differences(row, known, COLUMNS, but=_NOT_COMPARED))
        values: dict[str, Any] = {name: row.values[name] for name in found}
        shown = list(found.values())
        plan: list[Put | Set] = []
        if values:
            plan.append(Set("package", known.id, values | {"changed_at": AT}))
        fen, before = row.get("price_fen"), self._price_now(known)
        if fen is not None and fen != before:
            plan.append(self._price(known.id, fen, ("package", known.id)))
            before, after = (shown_as("price_fen", each) for each in (before, fen))
            shown.append(Difference(N_("Fixed price"), before, after))
        return kinds.changed(*plan, differences=shown) if plan else kinds.same()

    def _price_now(self, package: Package) -> int | None:
        return queries.fen_on(queries.list_package_prices(package), self._scope.day)


PACKAGES = Kind(
    "packages",
    N_("Packages"),
    COLUMNS,
    ("package", "package_item", "package_price", "operation"),
    PackageJudge,
    frozenset({Permission.MANAGE_CATALOGUE}),
    icon="package",
    hint=N_("Several operations under one name, with a fixed price or an interval."),
    places={"package": Place(N_("Package"), "catalogue.package", "package_id")},
)
