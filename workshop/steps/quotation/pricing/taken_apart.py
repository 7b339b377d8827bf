"""A package of which the customer wants a part: its fixed price is for the whole of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workshop import money
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Payer
from workshop.errors import N_, RuleBroken
from workshop.steps.quotation.models import Quotation, QuotationLine
from workshop.steps.quotation.pricing import line_prices
from workshop.steps.quotation.queries import Group


def find_broken(groups: Iterable[Group], decisions: Mapping[int, bool]) -> set[int]:
    """The ids of packages of which something is accepted and something declined."""
    sides: dict[bool, set[int]] = {True: set(), False: set()}
    for group in groups:
        if group.head.id in decisions:
            ids = {line.package_id for line in group.lines if line.package_id is not None}
            sides[decisions[group.head.id]] |= ids
    return sides[True] & sides[False]


def total_fen(lines: Iterable[QuotationLine], broken: set[int]) -> int:
    """What lines cost when these packages have ended: each of theirs costs itself."""
    return sum(
        line_prices.gross_fen(line) - line.discount_fen
        if line.package_id in broken
        else line.total_fen
        for line in lines
    )


def end(
    quotation: Quotation,
    groups: Iterable[Group],
    decisions: Mapping[int, bool],
    agreed_fen: int | None,
) -> None:
    """End the packages that are taken apart, before anything is signed.

    `agreed_fen` is the sum that the customer saw, None where nobody looked at a page. Raises
    RuleBroken (`package_apart`) when it was another one.
    """
    groups = list(groups)
    broken = find_broken(groups, decisions)
    if not broken:
        return
    packages = [catalogue.get_package(each) for each in sorted(broken)]
    for package in packages:
        line_prices.loosen(quotation, package.id)
    lines = [line for group in groups for line in group.lines]
    quotation.total_fen = sum(line.total_fen for line in lines)
    wanted = [line for group in groups if decisions[group.head.id] for line in group.lines]
    fen = sum(line.total_fen for line in wanted if line.payer is Payer.CUSTOMER)
    if agreed_fen is not None and agreed_fen != fen:
        raise RuleBroken(
            N_(
                "The fixed price of %(packages)s is for the whole of it. What is left costs what "
                "it costs by itself: %(amount)s in all. Look at the sum, and sign again."
            ),
            code="package_apart",
            packages=packages,
            amount=money.format_fen(fen),
        )
