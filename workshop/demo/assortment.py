"""What the made-up shop sells: the starter set, with rates, and the shelf of assortment.toml."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

from sqlalchemy import select

from workshop.catalogue import checking
from workshop.catalogue.models import (
    LabourPrice,
    LabourRate,
    Operation,
    Package,
    PackagePrice,
    PartKind,
    Payer,
)
from workshop.db import session
from workshop.setup.starter import laying
from workshop.setup.starter.contents import Group
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.stock import service as stock
from workshop.stock.models import Part, PartClass, StockLevel
from workshop.stock.receipts import service as receipts
from workshop.stock.receipts.service import Delivery
from workshop.stock.suppliers import service as suppliers
from workshop.stock.suppliers.models import Supplier, SupplierKind
from workshop.stock.suppliers.service import Particulars

# What a part costs the shop, of its price.
_COST_PERCENT = 62
_LIST = resources.files("workshop.demo").joinpath("assortment.toml")

# Fen an hour by payer, and a raise that is still to come when the day is told.
_HOUR = {Payer.CUSTOMER: 24_000, Payer.WARRANTY: 18_000, Payer.INTERNAL: 12_000}
_NEXT_HOUR = 25_000
_RAISED_AFTER = timedelta(days=450)
# Packages at a fixed price, in fen.
_FIXED = {"PK-AC": 69_900}
# What the made-up manager has not looked at yet.
_UNCHECKED = ("E-HEAD", "G-ADAS", "H-PACK", "T-OVER")


def make(
    branch: Branch, clerk: User, manager: User, at: datetime
) -> tuple[dict[str, Operation], dict[str, Package]]:
    """Fill the shelf and the menu; gives the operations and the packages by code."""
    listed = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    laying.lay(branch, list(Group), by=manager, at=at)
    _make_rate(branch, manager, at)
    sellers = _make_suppliers(clerk, at)
    for each in listed["parts"]:
        part = _make_part(each, branch)
        seller = sellers["maker" if part.part_class is PartClass.OEM else "market"]
        if each["pieces"]:
            _fill(part, each["pieces"] * 1000, branch, seller, clerk, at)
        suppliers.tie(part, seller, part.no, part.cost_fen, part.lead_days, by=clerk, at=at)
    operations = {each.code: each for each in session.scalars(select(Operation))}
    packages = {each.code: each for each in session.scalars(select(Package))}
    _fix_prices(packages, manager, at)
    kinds = session.scalars(select(PartKind)).all()
    rows: list[checking.Row] = [*operations.values(), *packages.values(), *kinds]
    checking.confirm([each for each in rows if each.code not in _UNCHECKED], by=manager, at=at)
    session.flush()
    return operations, packages


def _make_rate(branch: Branch, manager: User, at: datetime) -> None:
    rate = LabourRate(
        branch_id=branch.id, code="standard", name_zh="标准工时", name_en="Standard", active=True
    )
    session.add(rate)
    session.flush()
    lines = [(payer, fen, at, "开业定价") for payer, fen in _HOUR.items()]
    lines.append((Payer.CUSTOMER, _NEXT_HOUR, at + _RAISED_AFTER, "年度调价"))
    for payer, fen, since, reason in lines:
        session.add(
            LabourPrice(
                rate_id=rate.id,
                payer=payer,
                fen=fen,
                valid_from=since.date(),
                reason=reason,
                at=at,
                by_id=manager.id,
            )
        )
    session.flush()


def _fix_prices(packages: dict[str, Package], manager: User, at: datetime) -> None:
    for code, fen in _FIXED.items():
        session.add(
            PackagePrice(
                package_id=packages[code].id,
                fen=fen,
                valid_from=at.date(),
                reason="开业定价",
                at=at,
                by_id=manager.id,
            )
        )


def _make_suppliers(clerk: User, at: datetime) -> dict[str, Supplier]:
    return {
        key: suppliers.make(values, by=clerk, at=at)
        for key, values in {
            "maker": Particulars(
                "福特原厂配件中心", SupplierKind.MANUFACTURER, contact="钱经理", terms_days=30
            ),
            "market": Particulars("沪东汽配城 18 号", SupplierKind.MARKET, phone="021-5000 5678"),
        }.items()
    }


def _fill(
    part: Part, milli: int, branch: Branch, seller: Supplier, clerk: User, at: datetime
) -> None:
    """Put the first pieces on the shelf; those with a deposit come with what is paid for it."""
    if part.core_deposit_fen is None:
        stock.receive(part, branch, milli, "期初盘点", by=clerk, at=at)
        return
    delivery = Delivery(seller.name, "期初送货单", part.cost_fen)
    receipts.take_in(part, branch, milli, delivery, today=at.date(), by=clerk, at=at)


def _make_part(listed: dict[str, Any], branch: Branch) -> Part:
    part = Part(
        no=listed["no"],
        name_zh=listed["zh"],
        name_en=listed["en"],
        part_class=PartClass(listed["class"]),
        choice_group=listed.get("group"),
        brand=listed.get("brand", "福特"),
        unit=listed.get("unit", "件"),
        price_fen=listed["price_fen"],
        cost_fen=listed["price_fen"] * _COST_PERCENT // 100,
        lead_days=listed.get("lead_days", 1),
        core_deposit_fen=listed.get("core_fen"),
    )
    session.add(part)
    session.flush()
    minimum = listed.get("minimum", 0) * 1000
    session.add(
        StockLevel(branch_id=branch.id, part_id=part.id, bin=listed["bin"], minimum_milli=minimum)
    )
    session.flush()
    return part
