"""What the made-up shop sells, as assortment.toml lists it: parts, operations, packages."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

from sqlalchemy import select

from workshop.catalogue.models import (
    GuaranteeClass,
    LabourPrice,
    LabourRate,
    Operation,
    OperationPart,
    Package,
    PackageItem,
    Payer,
)
from workshop.db import session
from workshop.shop.models import Branch, Skill
from workshop.staff.models import User
from workshop.stock import service as stock
from workshop.stock.models import Part, PartClass, StockLevel

_LIST = resources.files("workshop.demo").joinpath("assortment.toml")


def make(
    branch: Branch, clerk: User, at: datetime
) -> tuple[dict[str, Operation], dict[str, Package]]:
    """Fill the shelf and the menu; gives the operations and the packages by code."""
    listed = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    _make_rate(branch, at)
    parts = {each["no"]: _make_part(each, branch, clerk, at) for each in listed["parts"]}
    skills = {skill.code: skill for skill in session.scalars(select(Skill))}
    operations = {
        each["code"]: _make_operation(each, skills, parts) for each in listed["operations"]
    }
    packages = {each["code"]: _make_package(each, operations) for each in listed["packages"]}
    session.flush()
    return operations, packages


def _make_rate(branch: Branch, at: datetime) -> None:
    rate = LabourRate(
        branch_id=branch.id, code="standard", name_zh="标准工时", name_en="Standard", active=True
    )
    session.add(rate)
    session.flush()
    session.add(
        LabourPrice(
            rate_id=rate.id,
            payer=Payer.CUSTOMER,
            fen=24_000,
            valid_from=at.date() - timedelta(days=500),
            at=at,
        )
    )
    session.flush()


def _make_part(listed: dict[str, Any], branch: Branch, clerk: User, at: datetime) -> Part:
    part = Part(
        no=listed["no"],
        name_zh=listed["zh"],
        name_en=listed["en"],
        part_class=PartClass(listed["class"]),
        choice_group=listed.get("group"),
        brand=listed.get("brand", "福特"),
        unit=listed.get("unit", "件"),
        price_fen=listed["price_fen"],
        lead_days=listed.get("lead_days", 1),
    )
    session.add(part)
    session.flush()
    session.add(StockLevel(branch_id=branch.id, part_id=part.id, bin=listed["bin"]))
    session.flush()
    if listed["pieces"]:
        stock.receive(part, branch, listed["pieces"] * 1000, "期初盘点", by=clerk, at=at)
    return part


def _make_operation(
    listed: dict[str, Any], skills: dict[str, Skill], parts: dict[str, Part]
) -> Operation:
    operation = Operation(
        code=listed["code"],
        name_zh=listed["zh"],
        name_en=listed["en"],
        skill_id=skills[listed["skill"]].id,
        level=listed["level"],
        book_minutes=listed["minutes"],
        bay_kinds=listed["bays"],
        keywords=listed.get("keywords", ""),
        guarantee=GuaranteeClass(listed.get("guarantee", GuaranteeClass.MINOR.value)),
    )
    session.add(operation)
    session.flush()
    for no, milli in listed.get("parts_milli", {}).items():
        session.add(
            OperationPart(operation_id=operation.id, part_id=parts[no].id, quantity_milli=milli)
        )
    return operation


def _make_package(listed: dict[str, Any], operations: dict[str, Operation]) -> Package:
    package = Package(
        code=listed["code"],
        name_zh=listed["zh"],
        name_en=listed["en"],
        interval_km=listed.get("interval_km"),
        interval_months=listed.get("interval_months"),
    )
    session.add(package)
    session.flush()
    for position, code in enumerate(listed["operations"]):
        item = PackageItem(
            package_id=package.id, operation_id=operations[code].id, position=position
        )
        session.add(item)
    return package
