"""What the set-up of a shop is told from: its steps, and the facts that say how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.staff.permissions import Permission, RoleName


class SetupStep(LabelledEnum):
    """One thing that a new shop sets up, in the order in which it is best done."""

    SHOP = "shop", N_("Name, address, papers")
    HOURS = "hours", N_("Opening hours and holidays")
    BAYS = "bays", N_("Bays")
    RATES = "rates", N_("Labour rates")
    OPERATIONS = "operations", N_("Operations")
    PACKAGES = "packages", N_("Packages")
    PEOPLE = "people", N_("People")
    PARTS = "parts", N_("Parts and suppliers")
    CHECKLISTS = "checklists", N_("Checklists")
    WORDS = "words", N_("Suggested words")
    LOUNGE = "lounge", N_("Lounge and screens")
    BOOKING = "booking", N_("First booking")
    SETTLED = "settled", N_("First settled car")
    # The whole list, once nobody needs it any more.
    ALL = "all", N_("Set-up")


class StepState(LabelledEnum):
    """How far a step of set-up is."""

    MISSING = "missing", N_("to do")
    BEGUN = "begun", N_("begun")
    DONE = "done", N_("done")
    AWAY = "away", N_("put away")


@dataclass(frozen=True)
class Person:
    """Somebody who works here: the names of the roles, and what they may do."""

    id: int
    name: str
    roles: frozenset[str]
    rights: frozenset[Permission]
    has_signed_in: bool = True


@dataclass(frozen=True)
class Hand:
    """A technician on the board: skill id → level and last day of the certificate."""

    user_id: int
    skills: Mapping[int, tuple[int, date | None]]
    has_shift: bool = True


@dataclass(frozen=True)
class Work:
    """What one operation of the menu asks for."""

    code: str
    skill_id: int | None
    level: int
    bay_kinds: tuple[str, ...]
    rate_code: str


@dataclass(frozen=True)
class Named:
    """A skill, or a kind of parts, as a sentence names it."""

    code: str
    name_zh: str
    name_en: str

    def title_in(self, locale: str) -> str:
        """The name in `locale` ("zh_CN" or "en")."""
        return self.name_zh if locale.startswith("zh") else self.name_en


@dataclass(frozen=True)
class Facts:
    """All that the sentences below are told from; `skills` and `kinds` are names to show.

    Plain values: pages of several people may share them.
    """

    day: date
    is_ever_open: bool = False
    people: tuple[Person, ...] = ()
    hands: tuple[Hand, ...] = ()
    bay_kinds: frozenset[str] = frozenset()
    rates: frozenset[str] = frozenset()
    work: tuple[Work, ...] = ()
    # Kinds of parts that no part serves, each with the code of an operation that asks for it.
    partless: tuple[tuple[Any, str], ...] = ()
    skills: Mapping[int, Any] = field(default_factory=dict)
    kinds: Mapping[str, Any] = field(default_factory=dict)
    # The rules of two persons that the branch does not keep.
    not_apart: frozenset[str] = frozenset()

    def may(self, right: Permission) -> list[Person]:
        """Who holds the right."""
        return [each for each in self.people if right in each.rights]

    def has_role(self, role: RoleName) -> list[Person]:
        """Who has the role."""
        return [each for each in self.people if role.value in each.roles]
