"""Operations, packages, kinds, rates and checklists as lists that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workshop import paging, web
from workshop.catalogue import page, queries
from workshop.catalogue.checklists import page as lists_page
from workshop.catalogue.models import Operation, Package, PartKind
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Unit, money


def _operations(asked: Asked) -> Iterator[tuple[Operation, Any]]:
    skills = {each.id: each for each in queries.list_skills()}
    for each in paging.read_all(page.find_rows(Operation, page.Filter.of(asked.args))):
        yield each, skills.get(each.skill_id or 0)


@dataclass(frozen=True)
class _Package:
    """A package with what it costs today."""

    package: Package
    fen: int | None


def _packages(asked: Asked) -> Iterator[_Package]:
    day = web.local(asked.at).date()
    prices = queries.price_list(asked.branch.id, day)
    for each in paging.read_all(page.find_rows(Package, page.Filter.of(asked.args))):
        yield _Package(each, prices.package_fen(each.id))


def _kinds(asked: Asked) -> Iterator[tuple[PartKind, int]]:
    parts = queries.count_parts_of_kinds()
    for each in paging.read_all(page.find_rows(PartKind, page.Filter.of(asked.args))):
        yield each, parts.get(each.code, 0)


def _checklists(asked: Asked) -> list[lists_page.Row]:
    groups = lists_page.index(asked.args.get("q", ""))["groups"]
    return [row for _use, rows in groups for row in rows]


SHEETS = (
    ListSheet(
        "operations",
        N_("Operations"),
        "catalogue.index",
        (
            Column(N_("Code"), lambda row: row[0].code),
            Column(N_("Operation"), lambda row: row[0]),
            Column(N_("Book minutes"), lambda row: row[0].book_minutes),
            Column(N_("Minutes, compact car"), lambda row: row[0].compact_minutes),
            Column(N_("Minutes, SUV or MPV"), lambda row: row[0].suv_minutes),
            Column(N_("Skill"), lambda row: row[1]),
            Column(N_("Level"), lambda row: row[0].level),
            Column(N_("Labour rate"), lambda row: row[0].rate_code),
            Column(N_("Guarantee"), lambda row: row[0].guarantee),
            Column(N_("Usual parts"), lambda row: len(row[0].parts)),
            Column(N_("In use"), lambda row: row[0].active),
        ),
        _operations,
    ),
    ListSheet(
        "packages",
        N_("Packages"),
        "catalogue.list_packages",
        (
            Column(N_("Code"), lambda row: row.package.code),
            Column(N_("Package"), lambda row: row.package),
            Column(N_("Operations"), lambda row: list(row.package.operations)),
            money(N_("Fixed price today"), lambda row: row.fen),
            Column(N_("Due again after km"), lambda row: row.package.interval_km),
            Column(N_("Due again after months"), lambda row: row.package.interval_months),
            Column(N_("In use"), lambda row: row.package.active),
        ),
        _packages,
    ),
    ListSheet(
        "part-kinds",
        N_("Kinds of parts"),
        "catalogue.list_kinds",
        (
            Column(N_("Code"), lambda row: row[0].code),
            Column(N_("Kind"), lambda row: row[0]),
            Column(N_("Unit"), lambda row: Unit(row[0].unit)),
            Column(N_("Parts on record"), lambda row: row[1]),
            Column(N_("In use"), lambda row: row[0].active),
        ),
        _kinds,
    ),
    ListSheet(
        "rates",
        N_("Labour rates"),
        "catalogue.rates",
        (
            Column(N_("Code"), lambda row: row.rate.code),
            Column(N_("Grade"), lambda row: row.rate),
            money(N_("An hour for the customer"), lambda row: row.customer_fen),
            Column(N_("Operations"), lambda row: row.users),
        ),
        lambda _asked: page.list_grades(),
    ),
    ListSheet(
        "checklists",
        N_("Lists and words"),
        "catalogue.lists",
        (
            Column(N_("List"), lambda row: row.checklist),
            Column(N_("Used for"), lambda row: row.checklist.use),
            Column(N_("Lines"), lambda row: row.lines),
            Column(N_("Version"), lambda row: row.current and row.current.no),
        ),
        _checklists,
    ),
)
