"""The hours of a range of days by skill and by bay kind: what there is, and what still fits.

A piece of work takes the same minutes of somebody who can do it and of a bay that is fit for it,
so a day is full when either is (domain.md step 1: count hours and bays, not cars). A time of the
day is full when all that can begin no sooner fills what is left of the day from there on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import select

from workshop.allocation.models import Allocation, AllocationStatus
from workshop.capacity import rules as capacity_rules
from workshop.capacity.models import CapacityTake, TakeSource
from workshop.capacity.remaining import Need, Needs, Remaining
from workshop.db import session
from workshop.shop import calendar, queries, rules
from workshop.shop import roster as rosters
from workshop.shop.models import BayKind, Branch, Skill
from workshop.shop.roster import Roster
from workshop.shop.rules import Span


@dataclass(frozen=True)
class DayCapacity:
    """Minutes of a skill or a bay kind on a day. Taken counts also what others took of the same."""

    total_minutes: int
    reserve_minutes: int
    taken_minutes: int

    @property
    def free_minutes(self) -> int:
        """What may still be sold ahead; the reserve is for walk-ins and additional work (P9)."""
        return max(0, self.total_minutes - self.reserve_minutes - self.taken_minutes)


class _Entry(NamedTuple):
    """One take: from when on the work can be done, or where it stands on the board."""

    need: Need
    minutes: int
    not_before_at: datetime | None
    spans: tuple[Span, ...]
    is_used: bool

    def minutes_from(self, since: datetime, now: datetime | None) -> int:
        """How much of it has to be done after `since`, whatever is done before."""
        if self.is_used:
            return 0
        if self.spans:
            after = rules.intersect(self.spans, [(since, max(since, self.spans[-1][1]))])
            return min(self.minutes, rules.minutes_of(after))
        # What could have begun before now and has not is still to be done from now on.
        begins_at = max((each for each in (self.not_before_at, now) if each), default=None)
        return self.minutes if begins_at is not None and begins_at >= since else 0


class Ledger:
    """The capacity of a range of days, read once; ask it as often as needed.

    A `roster` that is read already covers at least these days. With `at`, unfinished work of days
    that are over counts on the day of `at`. `without` is whose takes are looked through, as
    (source, id).
    """

    def __init__(
        self,
        branch: Branch,
        first: date,
        last: date,
        roster: Roster | None = None,
        *,
        at: datetime | None = None,
        without: Collection[tuple[TakeSource, int]] = (),
    ) -> None:
        roster = roster or rosters.read(branch, first, last)
        self._branch, self._at, self._without = branch, at, set(without)
        self._today = calendar.local_day(branch, at) if at is not None else None
        self._ids = [technician.id for technician in roster.technicians]
        self._held, self._table = roster.held, roster.table
        self._bays = queries.list_bays(branch)
        self._takes: dict[date, list[CapacityTake]] = defaultdict(list)
        self._entries = self._read_entries(first, last)
        self._rooms: dict[tuple[date, datetime | None], Remaining] = {}

    def is_open(self, day: date) -> bool:
        """Whether the shop works that day."""
        return self._table.is_open(day)

    def list_takes(self, day: date) -> list[CapacityTake]:
        """What is counted on the day, work that was left over from earlier days included."""
        return list(self._takes[day])

    def capacity(
        self, day: date, skill_id: int | None, since: datetime | None = None
    ) -> DayCapacity:
        """What there is of a skill on the day, or from a moment of it on."""
        room, percent = self._room(day, since), self._branch.reserve_percent
        able = [minutes for minutes, held in room.people if _serves(held, skill_id)]
        sellable = sum(capacity_rules.sellable(each, percent) for each in able)
        taken = sellable - room.free_of_people(skill_id, percent)
        return DayCapacity(sum(able), sum(able) - sellable, taken)

    def bay_capacity(
        self, day: date, kinds: frozenset[str], since: datetime | None = None
    ) -> DayCapacity:
        """What there is of bays of these kinds on the day, or from a moment of it on."""
        room, percent = self._room(day, since), self._branch.reserve_percent
        there = [room.bays.get(kind, 0) for kind in kinds]
        sellable = sum(capacity_rules.sellable(each, percent) for each in there)
        taken = sellable - room.free_of_bays(kinds, percent)
        return DayCapacity(sum(there), sum(there) - sellable, taken)

    def free(
        self,
        day: date,
        need: Need,
        *,
        with_reserve: bool = False,
        since: datetime | None = None,
    ) -> int:
        """Minutes that still fit beside all that is taken, from `since` on if it is given.

        Negative when the day is overbooked.
        """
        percent = 0 if with_reserve else self._branch.reserve_percent
        return min(self._room(day, each).free(need, percent) for each in self._points(day, since))

    def fits(self, day: date, needs: Needs, since: datetime | None = None) -> bool:
        """Whether all the needs together may be sold ahead on the day."""
        return not self.list_full(day, needs, since)

    def list_full(
        self, day: date, needs: Needs, since: datetime | None = None, *, with_reserve: bool = False
    ) -> list[Skill | BayKind | None]:
        """Which skills (None: everybody) and bay kinds have not the minutes for all the needs."""
        percent = 0 if with_reserve else self._branch.reserve_percent
        full: dict[int | frozenset[str] | None, None] = {}
        for point in self._points(day, since):
            full |= dict.fromkeys(
                self._room(day, point).with_needs(needs).list_full(needs, percent)
            )
        return list(_named(full))

    def is_impossible(self, day: date, needs: Needs) -> bool:
        """Whether the shop has nobody at all, or no bay, for a need on the day."""
        room = self._room(day, None)
        return any(
            not any(minutes for minutes, held in room.people if _serves(held, need.skill_id))
            or (need.bay_kinds and not any(room.bays.get(kind) for kind in need.bay_kinds))
            for need, minutes in needs.items()
            if minutes > 0
        )

    def count_in(self, day: date, need: Need, minutes: int) -> None:
        """Count also minutes that are about to be taken."""
        entry = _Entry(need, minutes, None, (), False)
        self._entries.setdefault(day, []).append(entry)
        self._rooms = {key: room for key, room in self._rooms.items() if key[0] != day}

    def _points(self, day: date, since: datetime | None) -> list[datetime | None]:
        """The moments at which something could be too much: the day, and each start until then."""
        if since is None:
            return [None]
        floor = self._at if self._at is not None and day == self._today else None
        last = max(since, floor) if floor else since
        starts = {each.not_before_at for each in self._entries.get(day, []) if each.not_before_at}
        points = {max(each, floor) if floor else each for each in starts if each < last}
        return [None, *sorted(points | {last} | ({floor} if floor else set()))]

    def _room(self, day: date, since: datetime | None) -> Remaining:
        key = (day, since)
        if key not in self._rooms:
            now = self._at if day == self._today else None
            demand: dict[Need, int] = defaultdict(int)
            for entry in self._entries.get(day, []):
                wanted = entry.minutes if since is None else entry.minutes_from(since, now)
                demand[entry.need] += wanted
            self._rooms[key] = Remaining(
                self._people(day, since), self._bay_minutes(day, since), demand
            )
        return self._rooms[key]

    def _people(self, day: date, since: datetime | None) -> list[tuple[int, frozenset[int]]]:
        return [
            (
                _minutes_from(self._table.shifts(each, day), since),
                frozenset(
                    skill
                    for skill in self._held[each]
                    if queries.can_do(self._held[each], {skill: 1}, day)
                ),
            )
            for each in self._ids
        ]

    def _bay_minutes(self, day: date, since: datetime | None) -> dict[str, int]:
        there = _minutes_from(self._table.opening(day), since)
        minutes: dict[str, int] = defaultdict(int)
        for bay in self._bays:
            minutes[bay.kind.value] += there
        return minutes

    def _read_entries(self, first: date, last: date) -> dict[date, list[_Entry]]:
        entries: dict[date, list[_Entry]] = defaultdict(list)
        takes = self._read_takes(first, last)
        spans = self._read_spans(
            [each.source_id for each in takes if each.source is TakeSource.JOB]
        )
        for each in takes:
            day = self._day_of(each)
            if (each.source, each.source_id) in self._without or not first <= day <= last:
                continue
            places = spans.get(each.source_id, {}) if each.source is TakeSource.JOB else {}
            need = Need(each.skill_id, frozenset(each.bay_kinds))
            on_board = tuple(places.get(day, ()))
            used = each.used_at is not None
            self._takes[day].append(each)
            entries[day].append(_Entry(need, each.minutes, each.not_before_at, on_board, used))
        return entries

    def _day_of(self, taken: CapacityTake) -> date:
        """Its day; work that was left undone on a day that is over stands on today."""
        if self._today is None or taken.source is not TakeSource.JOB or taken.used_at is not None:
            return taken.day
        return max(taken.day, self._today)

    def _read_takes(self, first: date, last: date) -> list[CapacityTake]:
        standing = select(CapacityTake).where(
            CapacityTake.branch_id == self._branch.id, CapacityTake.released_at.is_(None)
        )
        in_range = standing.where(CapacityTake.day.between(first, last))
        if self._today is None or not first <= self._today <= last:
            return list(session.scalars(in_range))
        carried = standing.where(
            CapacityTake.day < first,
            CapacityTake.source == TakeSource.JOB,
            CapacityTake.used_at.is_(None),
        )
        # One statement of two halves, for each half has an index of its own.
        both = sa.union_all(in_range, carried).subquery()
        return list(session.scalars(select(sa.orm.aliased(CapacityTake, both))))

    def _read_spans(self, job_ids: Collection[int]) -> dict[int, dict[date, list[Span]]]:
        query = select(Allocation.job_id, Allocation.starts_at, Allocation.ends_at).where(
            Allocation.job_id.in_(job_ids), Allocation.status == AllocationStatus.PLANNED
        )
        spans: dict[int, dict[date, list[Span]]] = defaultdict(lambda: defaultdict(list))
        for job_id, starts_at, ends_at in session.execute(query):
            day = calendar.local_day(self._branch, starts_at)
            spans[job_id][day].append((starts_at, ends_at))
        return spans


def _serves(held: frozenset[int], skill_id: int | None) -> bool:
    return skill_id is None or skill_id in held


def _minutes_from(spans: Iterable[Span], since: datetime | None) -> int:
    if since is None:
        return rules.minutes_of(spans)
    return rules.minutes_of((max(starts, since), ends) for starts, ends in spans if ends > since)


def _named(full: Iterable[int | frozenset[str] | None]) -> Iterator[Skill | BayKind | None]:
    for each in full:
        if isinstance(each, frozenset):
            yield from (kind for kind in BayKind if kind.value in each)
        else:
            yield session.get(Skill, each) if each is not None else None
