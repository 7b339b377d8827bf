"""The page of set-up: each step with its state, its page, and what it still needs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from workshop.setup import queries, standing
from workshop.setup.gaps import rules
from workshop.setup.places_page import PLACES, STARTER
from workshop.setup.rules import SetupStep, StepState
from workshop.setup.standing import Known, Standing
from workshop.shop import branches, calendar
from workshop.shop.models import Branch
from workshop.staff.models import User


@dataclass(frozen=True)
class Row:
    """One step as its reader sees it."""

    number: int
    standing: Standing
    icon: str
    url: str | None

    @property
    def name(self) -> str:
        """The step's value, as addresses have it."""
        return str(self.standing.step.value)


class SetupPage:
    """All that the page shows."""

    def __init__(self, branch: Branch, reader: User, at: datetime) -> None:
        self.reader = reader
        self.standings = standing.list_standings(_known(branch, at))
        self.rows = [_row(number, each, reader) for number, each in enumerate(self.standings, 1)]
        self.away = queries.find_put_away(branch, SetupStep.ALL)

    @property
    def minutes_left(self) -> int:
        """About how long the rest takes."""
        return standing.minutes_left(self.standings)

    @property
    def open_rows(self) -> list[Row]:
        """What still waits for somebody."""
        return [row for row in self.rows if row.standing.is_open]

    @property
    def other_rows(self) -> list[Row]:
        """What is done or put away."""
        return [row for row in self.rows if not row.standing.is_open]

    @property
    def done_count(self) -> int:
        """How many steps need nobody any more."""
        return len(self.other_rows)

    @property
    def next_row(self) -> Row | None:
        """What is best done now."""
        return next(iter(self.open_rows), None)

    @property
    def starter_url(self) -> str | None:
        """Where the starter set is laid, while the menu is empty and it saves most work."""
        by_step = {each.step: each.state for each in self.standings}
        is_empty = by_step[SetupStep.OPERATIONS] is StepState.MISSING
        return STARTER.url_for(self.reader) if is_empty else None


def _row(number: int, each: Standing, reader: User) -> Row:
    place = PLACES[each.step]
    return Row(number, each, place.icon, place.url_for(reader))


def _known(branch: Branch, at: datetime) -> Known:
    day = calendar.local_day(branch, at)
    facts = queries.read_facts(branch, day)
    return Known(
        facts=facts,
        gaps=tuple(rules.find_gaps(facts)),
        counts=queries.count_things(branch, day),
        particulars=asdict(branches.particulars_of(branch)),
        away=frozenset(queries.list_put_away(branch)),
    )
