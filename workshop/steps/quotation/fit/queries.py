"""The doubts about a quotation: what does not fit its car, and what is on it twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from workshop.catalogue import queries as catalogue
from workshop.catalogue import rules as catalogue_rules
from workshop.catalogue.models import Energy
from workshop.customers import queries as customers
from workshop.customers.models import Vehicle
from workshop.db import remember, session
from workshop.errors import N_, Missing
from workshop.orders.models import RepairOrder
from workshop.steps.quotation import queries
from workshop.steps.quotation.fit import rules
from workshop.steps.quotation.fit.rules import DoubtKind
from workshop.steps.quotation.models import Quotation, QuotationLine


@dataclass(frozen=True)
class Title:
    """What a line charges, for words that are read when the line may be gone again."""

    zh: str
    en: str

    @classmethod
    def of(cls, line: QuotationLine) -> Title:
        """The title of a line as it is now."""
        return cls(line.title_zh, line.title_en)

    def title_in(self, locale: str) -> str:
        """It in `locale` ("zh_CN" or "en")."""
        return self.zh if locale.startswith("zh") else self.en

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True)
class Drop:
    """A line that may be taken out, and the work under which it stands if it is not work itself."""

    line: QuotationLine
    under: QuotationLine | None


@dataclass(frozen=True)
class Doubt:
    """One doubt about a line in words, and the lines of which one may be taken out for it."""

    line_id: int
    words: Missing
    drops: list[Drop]


def list_doubts(quotation: Quotation) -> list[Doubt]:
    """What to ask about the lines before they are offered, in the order of the lines.

    What is not known of the car, the work or the part warns of nothing.
    """
    lines = queries.list_lines(quotation)
    found = [*_misfits(quotation.order, lines), *_twice(lines), *_repeated(quotation, lines)]
    places = {line.id: place for place, line in enumerate(lines)}
    return sorted(found, key=lambda each: places[each.line_id])


def find_misfit(
    order: RepairOrder, what: Title, energies: Sequence[str], text: str
) -> Missing | None:
    """Why a piece of work or a part is not for the order's car, or None."""
    car, vehicle = car_of(order), order.vehicle
    if not catalogue_rules.suits(energies, vehicle.energy.value):
        return Missing(
            N_("“%(what)s” is work for %(energies)s; this car is “%(energy)s”."),
            DoubtKind.ENERGY.value,
            {
                "what": what,
                "energies": [each for each in Energy if each.value in energies],
                "energy": vehicle.energy,
            },
        )
    if rules.suits(text, car) is False:
        return Missing(
            N_("“%(what)s” is for %(fits)s; this car is %(car)s."),
            DoubtKind.MODELS.value,
            {"what": what, "fits": text, "car": vehicle.title or vehicle.called},
        )
    return None


def car_of(order: RepairOrder) -> rules.Car:
    """What is known of the order's car, beside the models that the shop's cars have."""
    vehicle = order.vehicle
    models = remember("models", {Vehicle}, customers.list_models)
    return rules.Car(vehicle.make, vehicle.model, vehicle.size, models)


def _misfits(order: RepairOrder, lines: Sequence[QuotationLine]) -> Iterator[Doubt]:
    ids = {line.operation_id for line in lines if line.operation_id is not None}
    operations = {each.id: each for each in catalogue.list_operations(ids)}
    for line in lines:
        operation = operations.get(line.operation_id or 0)
        energies = operation.energies if operation else ()
        text = operation.models if operation else line.part.fits if line.part else ""
        words = find_misfit(order, Title.of(line), energies, text) if not line.is_core else None
        if words is not None:
            yield Doubt(line.id, words, [_drop(line)])


def _twice(lines: Sequence[QuotationLine]) -> Iterator[Doubt]:
    pieces = [line for line in lines if _is_asked_about(line)]
    for one, other in combinations(pieces, 2):
        if _is_same(one, other):
            yield Doubt(other.id, _twice_words(one, other), [_drop(one), _drop(other)])


def _is_asked_about(line: QuotationLine) -> bool:
    return line.is_part and rules.is_twice_worth_a_question(line.unit, line.unit_fen)


def _is_same(one: QuotationLine, other: QuotationLine) -> bool:
    """Whether two lines bring the same part, or parts for the same purpose."""
    groups = {line.part.choice_group for line in (one, other) if line.part}
    return one.part_id == other.part_id or (len(groups) == 1 and None not in groups)


def _twice_words(one: QuotationLine, other: QuotationLine) -> Missing:
    values = {
        "part": Title.of(other),
        "one": Title.of(_head(one) or one),
        "other": Title.of(_head(other) or other),
    }
    return Missing(
        N_("“%(part)s” is on this quotation twice: under “%(one)s” and under “%(other)s”."),
        DoubtKind.TWICE.value,
        values,
    )


def _drop(line: QuotationLine) -> Drop:
    return Drop(line, _head(line))


def _head(line: QuotationLine) -> QuotationLine | None:
    parent_id = line.parent_line_id
    return session.get_one(QuotationLine, parent_id) if parent_id else None


def _repeated(quotation: Quotation, lines: Sequence[QuotationLine]) -> Iterator[Doubt]:
    """What another quotation of the order holds, that the customer agreed to or is asked for."""
    others = _agreed_or_asked(quotation)
    for line in lines:
        found = next((each for each in others if _repeats(line, each)), None)
        if found is not None:
            no = session.get_one(Quotation, found.quotation_id).no
            message = N_("“%(what)s” is in %(no)s already, which the customer has.")
            words = Missing(message, DoubtKind.REPEATED.value, {"what": Title.of(line), "no": no})
            yield Doubt(line.id, words, [_drop(line)])


def _repeats(line: QuotationLine, other: QuotationLine) -> bool:
    if line.operation_id is not None:
        return line.operation_id == other.operation_id
    return _is_asked_about(line) and _is_asked_about(other) and _is_same(line, other)


def _agreed_or_asked(quotation: Quotation) -> list[QuotationLine]:
    offered = [
        line
        for each in queries.list_to_decide(quotation.order)
        if each.id != quotation.id
        for line in queries.list_lines(each)
    ]
    agreed = queries.list_authorised_lines(quotation.order)
    return [*(each for each in agreed if each.quotation_id != quotation.id), *offered]
