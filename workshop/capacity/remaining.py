"""What people and bays have left beside what is promised of them, from some moment on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from workshop.capacity import rules as capacity_rules


class Need(NamedTuple):
    """What a piece of work needs: a skill (None: anybody), and a bay of one of these kinds.

    `bay_kinds` are BayKind values; none means that it needs no bay.
    """

    skill_id: int | None = None
    bay_kinds: frozenset[str] = frozenset()

    @classmethod
    def of(cls, skill_id: int | None, bay_kinds: Iterable[str]) -> Need:
        """The need of an operation, a job or a piece of work."""
        return cls(skill_id, frozenset(bay_kinds))


Needs = Mapping[Need, int]
"""Minutes by what they need."""


@dataclass(frozen=True)
class Remaining:
    """What there is of people and bays from some moment on, and what of it is promised."""

    people: Sequence[tuple[int, frozenset[int]]]
    bays: Mapping[str, int]
    demand: Needs

    def free(self, need: Need, percent: int) -> int:
        """Minutes that still fit with this reserve; negative when it is overbooked."""
        people = self.free_of_people(need.skill_id, percent)
        if not need.bay_kinds:
            return people
        return min(people, self.free_of_bays(need.bay_kinds, percent))

    def free_of_people(self, skill_id: int | None, percent: int) -> int:
        takes: dict[int | None, int] = defaultdict(int)
        for need, minutes in self.demand.items():
            takes[need.skill_id] += minutes
        people = [
            (capacity_rules.sellable(minutes, percent), held) for minutes, held in self.people
        ]
        return capacity_rules.free_minutes(skill_id, takes, people)

    def free_of_bays(self, kinds: frozenset[str], percent: int) -> int:
        takes: dict[frozenset[str], int] = defaultdict(int)
        for need, minutes in self.demand.items():
            if need.bay_kinds:
                takes[need.bay_kinds] += minutes
        bays = {
            kind: capacity_rules.sellable(minutes, percent) for kind, minutes in self.bays.items()
        }
        return capacity_rules.free_bay_minutes(kinds, takes, bays)

    def with_needs(self, needs: Needs) -> Remaining:
        """The room when these minutes are promised too."""
        demand = defaultdict(int, self.demand)
        for need, minutes in needs.items():
            demand[need] += minutes
        return replace(self, demand=demand)

    def list_full(self, needs: Needs, percent: int) -> Iterator[int | frozenset[str] | None]:
        """The skills and sets of bay kinds that are promised beyond what there is."""
        wanted = [need for need, minutes in needs.items() if minutes > 0]
        for skill_id in dict.fromkeys(need.skill_id for need in wanted):
            if self.free_of_people(skill_id, percent) < 0:
                yield skill_id
        for kinds in dict.fromkeys(need.bay_kinds for need in wanted if need.bay_kinds):
            if self.free_of_bays(kinds, percent) < 0:
                yield kinds
