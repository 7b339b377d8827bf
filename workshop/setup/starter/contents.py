"""What is in the starter set, read from the lists beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from workshop.enums import LabelledEnum
from workshop.errors import N_

# Each row that was laid carries it, so that a later set knows what it may add.
VERSION = "2026-11"

Amount = int | float | list[int | float]


class Group(LabelledEnum):
    """A group of operations that a shop may leave out."""

    MAINTENANCE = "maintenance", N_("Maintenance")
    BRAKES = "brakes", N_("Brakes")
    TYRES = "tyres", N_("Tyres and alignment")
    ENGINE = "engine", N_("Engine and cooling")
    FUEL = "fuel", N_("Fuel and ignition")
    TRANSMISSION = "transmission", N_("Transmission")
    CHASSIS = "chassis", N_("Chassis and steering")
    ELECTRICAL = "electrical", N_("Electrical and air conditioning")
    BODY = "body", N_("Body, paint and glass")
    EV = "ev", N_("Electric and hybrid cars")
    DIAGNOSIS = "diagnosis", N_("Diagnosis")
    INSPECTION = "inspection", N_("Inspection")


class ShopKind(LabelledEnum):
    """What kind of shop it is: which groups it usually needs."""

    DEALER = "dealer", N_("Dealer workshop (4S)")
    GENERAL = "general", N_("General repair")
    EXPRESS = "express", N_("Express service")
    BODY_SHOP = "body_shop", N_("Body and paint")
    EV_SHOP = "ev_shop", N_("Electric cars")

    @property
    def groups(self) -> list[Group]:
        """The groups that such a shop begins with."""
        return _GROUPS[self]


_SMALL = [Group.MAINTENANCE, Group.BRAKES, Group.TYRES, Group.INSPECTION]
_LESS: dict[ShopKind, set[Group]] = {
    ShopKind.DEALER: set(),
    ShopKind.GENERAL: {Group.BODY, Group.EV},
    ShopKind.EXPRESS: set(Group) - set(_SMALL),
    ShopKind.BODY_SHOP: set(Group) - {Group.BODY, Group.TYRES, Group.INSPECTION},
    ShopKind.EV_SHOP: {Group.ENGINE, Group.FUEL, Group.TRANSMISSION, Group.BODY},
}
_GROUPS = {kind: [each for each in Group if each not in less] for kind, less in _LESS.items()}


@dataclass(frozen=True)
class Operation:
    """A labour operation as it is listed; minutes alike, or for compact, mid-size and SUV."""

    group: str
    code: str
    zh: str
    en: str
    minutes: int | list[int]
    skill: str
    bays: list[str]
    level: int = 1
    guarantee: str = "minor"
    parts: Mapping[str, Amount] = field(default_factory=dict)
    energies: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    keywords: str = ""
    # The topic of the inspection template that it sells.
    sells: str = ""

    def name_in(self, locale: str) -> str:
        """The name in `locale` ("zh_CN" or "en")."""
        return self.zh if locale.startswith("zh") else self.en


@dataclass(frozen=True)
class Package:
    """A package as it is listed; its operations by code."""

    code: str
    zh: str
    en: str
    operations: list[str]
    interval_km: int | None = None
    interval_months: int | None = None
    season_from: int | None = None
    season_to: int | None = None


@dataclass(frozen=True)
class PartKind:
    """A kind of part as it is listed."""

    code: str
    zh: str
    en: str
    unit: str


@cache
def operations() -> tuple[Operation, ...]:
    """The labour operations of the set."""
    return tuple(Operation(**each) for each in _read("operations")["operations"])


@cache
def packages() -> tuple[Package, ...]:
    """The packages of the set."""
    return tuple(Package(**each) for each in _read("packages")["packages"])


@cache
def kinds() -> tuple[PartKind, ...]:
    """The kinds of parts that the operations need."""
    return tuple(PartKind(code, *words) for code, words in _read("kinds")["kinds"].items())


def _read(name: str) -> dict[str, Any]:
    file = resources.files("workshop.setup.starter").joinpath(f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
