"""Where work still fits: the earliest place for a piece of work, and when several are done.

The answer respects shifts, opening hours, absences, skills, bays, the buffer (N1) and all that
is allocated. It only reads; `allocations` takes the time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import LONGEST, AllocationStatus, TakenTime
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.shop import calendar, queries, rules
from workshop.shop import roster as rosters
from workshop.shop.models import Bay, BayKind, Branch, Skill, Technician
from workshop.shop.roster import Roster
from workshop.shop.rules import Span

_NOBODY = N_("Nobody here has the skill “%(skill)s” at level %(level)s today.")
_NOT_ALL = N_("Nobody has all the skills: “%(skill)s” at level %(level)s is missing.")


@dataclass(frozen=True)
class WorkPiece:
    """One piece of work: minutes, the skill (None: anybody) and level, and the bays it may use.

    `bay_kinds` are BayKind values; none means that it needs no bay. `also` are the levels of
    further skills: whoever does it needs them all.
    """

    minutes: int
    skill_id: int | None = None
    level: int = 1
    bay_kinds: Collection[str] = ()
    also: Mapping[int, int] = field(default_factory=dict)

    @property
    def skills(self) -> dict[int, int]:
        """By skill: the level that whoever does it needs."""
        own = {self.skill_id: self.level} if self.skill_id is not None else {}
        return {**self.also, **own}


@dataclass(frozen=True)
class Slot:
    """A legal place for a piece of work; `across` when it rests in a break on its way."""

    technician: Technician
    bay: Bay | None
    starts_at: datetime
    ends_at: datetime
    across: bool = False


def earliest_finish(branch: Branch, pieces: Sequence[WorkPiece], not_before: datetime) -> datetime:
    """When the pieces are done if they are worked one after another from `not_before` on.

    Raises RuleBroken when nobody can do a piece: it names the missing skill, or the bay.
    """
    return FreeTime(branch, not_before).earliest_finish(pieces, not_before)


@dataclass
class FreeTime:
    """The free time of a branch from a moment on, read once; ask it as often as needed.

    `without` is taken time (by id) to look through, as of the job that is to be moved. A `roster`
    that is read already sets how far ahead is looked. With `beside`, a slot is one in which this
    second technician is free as well.
    """

    branch: Branch
    since: datetime
    without: Collection[int] = ()
    roster: Roster | None = None
    beside: Technician | None = None
    _taken: dict[tuple[str, int], list[Span]] = field(init=False)

    def __post_init__(self) -> None:
        self._first = calendar.local_day(self.branch, self.since)
        last = self._first + timedelta(days=calendar.HORIZON_DAYS)
        roster = self.roster or rosters.read(self.branch, self._first, last)
        self._last = roster.last
        self.technicians, self.held, self.table = roster.technicians, roster.held, roster.table
        self.bays = queries.list_bays(self.branch)
        self.closed_days = allocation_queries.closed_days(self.branch, self._first)
        self._taken = self._read_taken()

    def earliest_finish(self, pieces: Sequence[WorkPiece], not_before: datetime) -> datetime:
        """As the function of this name, for one who asks several times."""
        ends_at = ready_at = not_before
        for piece in pieces:
            for part in self.split(piece):
                slot = self.get_earliest(part, ready_at)
                ends_at = slot.ends_at
                ready_at = self.branch.blocked_until(ends_at)
        return ends_at

    def find_earliest(
        self,
        piece: WorkPiece,
        not_before: datetime,
        technicians: Iterable[Technician] | None = None,
        bays: Sequence[Bay | None] | None = None,
    ) -> Slot | None:
        """The slot that ends first, of these technicians and bays or of all that are fit.

        Among equals it spares who could do harder work.
        """
        first = calendar.local_day(self.branch, not_before)
        last = min(self._last, first + timedelta(days=calendar.HORIZON_DAYS))
        for day in calendar.days(first, last):
            slots = self.list_slots(piece, day, not_before, technicians, bays)
            if slots:
                return slots[0]
        return None

    def get_earliest(self, piece: WorkPiece, not_before: datetime) -> Slot:
        """As `find_earliest`; raises RuleBroken that names what is missing."""
        slot = self.find_earliest(piece, not_before)
        if slot is None:
            raise self.why_nobody(piece)
        return slot

    def list_slots(
        self,
        piece: WorkPiece,
        day: date,
        not_before: datetime,
        technicians: Iterable[Technician] | None = None,
        bays: Sequence[Bay | None] | None = None,
    ) -> list[Slot]:
        """Each fit technician's earliest slot on one day, the first to end first.

        A day that was closed has none.
        """
        if day in self.closed_days:
            return []
        places = self.bays_for(piece) if bays is None else bays
        slots = []
        for technician in self.technicians if technicians is None else technicians:
            if queries.can_do(self.held.get(technician.id, {}), piece.skills, day):
                slots.extend(self._slots_of(technician, places, piece, day, not_before)[:1])
        return sorted(slots, key=lambda slot: (slot.ends_at, self.rank(slot.technician)))

    def bays_for(self, piece: WorkPiece) -> Sequence[Bay | None]:
        """The bays that are fit for the piece; [None] when it needs none."""
        if not piece.bay_kinds:
            return [None]
        return [bay for bay in self.bays if bay.kind.value in piece.bay_kinds]

    def why_nobody(self, piece: WorkPiece) -> RuleBroken:
        """What is missing for a piece that has no slot: the skill, the bay, or the time."""
        unmet = self._find_unmet(piece)
        if unmet is not None:
            skill = session.get_one(Skill, unmet)
            return RuleBroken(
                _NOT_ALL if len(piece.skills) > 1 else _NOBODY,
                code="skill",
                skill=f"{skill.name_zh} / {skill.name_en}",
                level=piece.skills[unmet],
            )
        if not self.bays_for(piece):
            kinds = [BayKind(kind) for kind in piece.bay_kinds]
            message = N_("No bay here is fit for this work: %(kinds)s.")
            return RuleBroken(message, code="bay", kinds=kinds)
        return RuleBroken(
            N_("There is no free time for this work in the next %(days)s days."),
            code="full",
            days=calendar.HORIZON_DAYS,
        )

    def _find_unmet(self, piece: WorkPiece) -> int | None:
        """A skill for which nobody is here who has the others as well; None when somebody is."""
        first: int | None = None
        for each in self.technicians:
            unmet = list(queries.list_unmet(self.held[each.id], piece.skills, self._first))
            if not unmet:
                return None
            first = first or unmet[0]
        return first or next(iter(piece.skills), None)

    def split(self, piece: WorkPiece) -> list[WorkPiece]:
        """The piece in parts that each fit in one day: a longer one is carried over."""
        if any(minutes >= piece.minutes for minutes in self._list_day_minutes()):
            return [piece]
        longest = max(self._list_day_minutes(), default=0)
        if not longest:
            return [piece]
        whole, rest = divmod(piece.minutes, longest)
        return [replace(piece, minutes=each) for each in [longest] * whole + [rest] if each]

    def taken_of(self, technician: Technician, bay: Bay | None) -> list[Span]:
        """What is taken of the technician and the bay, buffers included."""
        return self._taken.get(("technician", technician.id), []) + self.taken_of_bay(bay)

    def taken_of_bay(self, bay: Bay | None) -> list[Span]:
        """What is taken of the bay, buffers included."""
        return self._taken.get(("bay", bay.id), []) if bay else []

    def rank(self, technician: Technician) -> tuple[int, int]:
        """Among equals the lowest is asked first: who could do least that is harder."""
        levels = sum(skill.level for skill in self.held.get(technician.id, {}).values())
        return levels, technician.id

    def _slots_of(
        self,
        technician: Technician,
        bays: Sequence[Bay | None],
        piece: WorkPiece,
        day: date,
        not_before: datetime,
    ) -> list[Slot]:
        if self.beside is not None and self.beside.id == technician.id:
            return []
        windows = self._windows(technician, day)
        across = piece.minutes > rules.longest_minutes(windows)
        slots = []
        for bay in bays:
            span = rules.earliest_span(
                piece.minutes,
                not_before,
                windows,
                [*self.taken_of(technician, bay), *self._taken_beside()],
                self.branch.buffer_minutes,
                across,
            )
            if span is not None:
                slots.append(Slot(technician, bay, *span, across))
        return sorted(slots, key=lambda slot: slot.ends_at)

    def _windows(self, technician: Technician, day: date) -> list[Span]:
        windows = self.table.shifts(technician.id, day)
        if self.beside is None:
            return windows
        return rules.intersect(windows, self.table.shifts(self.beside.id, day))

    def _taken_beside(self) -> list[Span]:
        return self.taken_of(self.beside, None) if self.beside is not None else []

    def _list_day_minutes(self) -> Iterator[int]:
        """How long each technician works on each day of the coming week."""
        for day in calendar.days(self._first, self._first + timedelta(days=6)):
            for technician in self.technicians:
                yield rules.minutes_of(self.table.shifts(technician.id, day))

    def _read_taken(self) -> dict[tuple[str, int], list[Span]]:
        begins = calendar.day_span(self.branch, self._first)[0]
        query = select(
            TakenTime.starts_at,
            TakenTime.blocked_until,
            TakenTime.technician_id,
            TakenTime.bay_id,
        ).where(
            TakenTime.branch_id == self.branch.id,
            TakenTime.status != AllocationStatus.CANCELLED,
            TakenTime.blocked_until > begins,
            TakenTime.starts_at > begins - LONGEST,
            TakenTime.id.not_in(list(self.without)),
        )
        taken: dict[tuple[str, int], list[Span]] = defaultdict(list)
        for starts_at, blocked_until, technician_id, bay_id in session.execute(query):
            taken["technician", technician_id].append((starts_at, blocked_until))
            if bay_id is not None:
                taken["bay", bay_id].append((starts_at, blocked_until))
        return dict(taken)
