"""Whether words such as “Ford Focus; BMW 3 Series” mean a car. What they do not say, nobody knows.

The words are typed by people, so only what names another make, model or class of car speaks
against a car; anything that is not understood speaks neither for it nor against it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.steps.quotation.fit.makes import MAKES


class DoubtKind(LabelledEnum):
    """What is doubtful about a line."""

    ENERGY = "energy", N_("For cars of another energy")
    MODELS = "models", N_("For other cars")
    TWICE = "twice", N_("The same part twice")
    REPEATED = "repeated", N_("Agreed or offered before")


# How the classes of cars are written; a longer word stands before one that it holds.
_CLASSES = {
    "compact": ("紧凑型", "小型车", "compact"),
    "mid": ("中型车", "mid-size", "midsize"),
    "suv": ("suv", "mpv", "越野车"),
}
# What is poured, weighed or used up by the portion may be needed by two operations.
_PIECES = {"件", "个", "只", "条", "套", "副", "对", "组", "台", "块", "片", "根", "支"}
# A washer or a clip that two operations bring is not worth a question.
SMALL_FEN = 20_00


@dataclass(frozen=True)
class Car:
    """What is known of a car, and the models that the shop's other cars have."""

    make: str
    model: str
    size: str | None
    models: frozenset[str] = field(default_factory=frozenset)


def suits(text: str, car: Car) -> bool | None:
    """Whether the words mean the car: yes, no, or None where they or the car do not say it."""
    entries = [each.strip().lower() for each in re.split(r"[、,，;；/\n]", text) if each.strip()]
    said = [_entry_suits(each, car) for each in entries]
    if True in said:
        return True
    return False if said and None not in said else None


def _entry_suits(entry: str, car: Car) -> bool | None:
    model = car.model.strip().lower()
    if model and (_names(entry, model) or _names(model, entry)):
        return True
    meant = next((size for size in _CLASSES if _names_any(entry, _CLASSES[size])), None)
    if meant is not None:
        return None if car.size is None else meant == car.size
    make, own = _make_in(entry), _make_in(car.make.lower())
    if make is not None and own != make:
        return None if own is None else False
    if _names_any(entry, _comparable(car.models, model)):
        return False
    return True if make is not None else None


def _comparable(models: Collection[str], model: str) -> list[str]:
    """Other models that are written as this car's: 福克斯 and Focus are not told apart."""
    known = (each.strip().lower() for each in models)
    return [
        each
        for each in known
        if len(each) > 1 and model and each not in model and each.isascii() == model.isascii()
    ]


def _make_in(text: str) -> tuple[str, ...] | None:
    """The make that a text names; of two, as in 长安福特, the later: the first only builds it."""
    found = (names for names in MAKES if _names_any(text, names))
    return max(found, key=lambda names: max(map(text.rfind, names)), default=None)


def _names_any(text: str, names: Collection[str]) -> bool:
    return any(_names(text, each) for each in names)


def _names(text: str, name: str) -> bool:
    """Whether a name stands in a text; a Latin one as a word of its own."""
    if not name.isascii():
        return len(name) > 1 and name in text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None


def is_twice_worth_a_question(unit: str, price_fen: int) -> bool:
    """Whether a thing that two operations bring is asked about: a piece, and no small thing."""
    return unit in _PIECES and price_fen >= SMALL_FEN
