"""A week of the shop at one look: who does what on which day, and what is carried over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workshop.allocation import service as allocations
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop import rules as shop_rules
from workshop.shop.models import Branch, Technician
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.board.cards import Card, make_cards
from workshop.steps.scheduling.teamwork import cards as helping
from workshop.steps.scheduling.teamwork.cards import HelpCard

DAYS = 7


@dataclass(frozen=True)
class Day:
    """A column: what the shop can do on that day, and what of it is planned."""

    day: date
    is_open: bool
    name: str
    planned_minutes: int
    available_minutes: int

    @property
    def free_minutes(self) -> int:
        return max(0, self.available_minutes - self.planned_minutes)


@dataclass(frozen=True)
class Cell:
    """One person's day."""

    day: date
    cards: list[Card]
    available_minutes: int
    helps: list[HelpCard]

    @property
    def planned_minutes(self) -> int:
        helped = sum(card.help.minutes for card in self.helps)
        return helped + sum(card.allocation.minutes for card in self.cards)


@dataclass(frozen=True)
class Row:
    """One person's week."""

    technician: Technician
    cells: list[Cell]


@dataclass(frozen=True)
class Week:
    """All that the page draws; `carried` are the allocations that go on with earlier work.

    `helpers` are the second technicians by the lead's allocation.
    """

    days: list[Day]
    rows: list[Row]
    carried: set[int]
    left_over: list[Card]
    queue_minutes: int
    helpers: dict[int, Technician]


def make_week(branch: Branch, day: date, at: datetime) -> Week:
    """The week, from Monday on, in which the day lies."""
    first = day - timedelta(days=day.weekday())
    days = [first + timedelta(days=n) for n in range(DAYS)]
    people = {each.id: each for each in shop.list_technicians(branch)}
    table = calendar.Timetable(branch, days[0], days[-1], people.values())
    found = [each for day in days for each in allocations.list_for_day(branch, day)]
    since, until = calendar.day_span(branch, days[0])[0], calendar.day_span(branch, days[-1])[1]
    cards = make_cards(found, branch, table, at)
    places = {card.allocation.id: card.drawn for card in cards}
    helps = helping.list_cards(branch, since, until, table, places)
    people |= {each.technician_id: each.technician for each in found}
    people |= {each.help.technician_id: each.help.technician for each in helps}
    by_place: dict[tuple[int, date], list[Card]] = defaultdict(list)
    for card in cards:
        where = calendar.local_day(branch, card.allocation.shown_from)
        by_place[card.allocation.technician_id, where].append(card)
    rows = [_row(person, days, by_place, helps, table) for person in people.values()]
    left_over = allocations.list_left_over(branch, calendar.local_day(branch, at))
    return Week(
        days=[_day(each, rows, table) for each in days],
        rows=rows,
        carried=_carried([each.job_id for each in found]),
        left_over=make_cards(left_over, branch, table, at),
        queue_minutes=sum(queries.minutes_left(job) for job in queries.list_queue(branch)),
        helpers=helping.helpers_of(found),
    )


def _row(
    person: Technician,
    days: list[date],
    by_place: dict[tuple[int, date], list[Card]],
    helps: list[HelpCard],
    table: calendar.Timetable,
) -> Row:
    mine = [each for each in helps if each.help.technician_id == person.id]
    cells = [
        Cell(
            day,
            by_place[person.id, day],
            shop_rules.minutes_of(table.shifts(person.id, day)),
            [
                each
                for each in mine
                if calendar.local_day(table.branch, each.help.shown_from) == day
            ],
        )
        for day in days
    ]
    return Row(person, cells)


def _day(day: date, rows: list[Row], table: calendar.Timetable) -> Day:
    cells = [cell for row in rows for cell in row.cells if cell.day == day]
    return Day(
        day,
        table.is_open(day),
        table.name_of(day),
        sum(cell.planned_minutes for cell in cells),
        sum(cell.available_minutes for cell in cells),
    )


def _carried(job_ids: list[int]) -> set[int]:
    """The pieces of work that go on with an earlier piece of the same job."""
    begun: set[int] = set()
    later: set[int] = set()
    for each in allocations.list_of(job_ids):
        if each.job_id in begun:
            later.add(each.id)
        begun.add(each.job_id)
    return later
