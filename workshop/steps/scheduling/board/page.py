"""The job control board of a day: rows, cards, loads, the queue and the holding lanes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workshop.allocation import service as allocations
from workshop.attendance.presence import Presence
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import Bay, Branch, Technician
from workshop.shop.rules import Span, minutes_of
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries, rules
from workshop.steps.scheduling.board import drawn, lanes, whereabouts
from workshop.steps.scheduling.board.cards import Card, make_cards
from workshop.steps.scheduling.board.lanes import Lanes
from workshop.steps.scheduling.teamwork import cards as helping
from workshop.steps.scheduling.teamwork.cards import HelpCard
from workshop.steps.scheduling.watch import outlook


@dataclass(frozen=True)
class Row:
    """A technician's or a bay's day."""

    title: str
    note: str
    technician: Technician | None
    bay: Bay | None
    working: list[Span]
    cards: list[Card]
    available_minutes: int
    # Where the person is, shown on today's board from the begin of the shift on.
    here: Presence | None = None
    helps: list[HelpCard] = field(default_factory=list)

    def may_be_corrected_by(self, user: User) -> bool:
        """Whether the row is a person's, whose attendance this reader may put right."""
        return self.technician is not None and user.may(Permission.CORRECT_ATTENDANCE)

    @property
    def planned_minutes(self) -> int:
        helped = sum(card.help.minutes for card in self.helps)
        return helped + sum(card.allocation.minutes for card in self.cards if not card.is_ahead)


@dataclass(frozen=True)
class QueueItem:
    """A job that needs a place, and why it stands where it stands."""

    job: Job
    minutes: int
    label: str
    carried_over: bool
    # On the first of an order's cards: how many of its jobs one press would place.
    of_order: int = 0


@dataclass(frozen=True)
class Board:
    """All that the page draws; times from `begins` to `ends`, whole hours.

    `helpers` are the second technicians by the lead's allocation.
    """

    day: date
    closed: bool
    day_name: str
    begins: datetime
    ends: datetime
    rows: list[Row]
    queue: list[QueueItem]
    left_over: list[Card]
    lanes: Lanes
    helpers: dict[int, Technician]

    @property
    def hours(self) -> list[datetime]:
        count = int((self.ends - self.begins).total_seconds() // 3600)
        return [self.begins + timedelta(hours=n) for n in range(count + 1)]

    @property
    def queue_minutes(self) -> int:
        return sum(item.minutes for item in self.queue)

    @property
    def planned_minutes(self) -> int:
        return sum(row.planned_minutes for row in self.rows)

    @property
    def available_minutes(self) -> int:
        return sum(row.available_minutes for row in self.rows)

    @property
    def alarm_count(self) -> int:
        return sum(1 for row in self.rows for card in row.cards if card.alarms)


def make_board(branch: Branch, day: date, *, by_bay: bool, at: datetime) -> Board:
    """Read the board of a day; rows are technicians, or bays."""
    technicians = shop.list_technicians(branch)
    table = calendar.Timetable(branch, day, day, technicians)
    is_today = day == calendar.local_day(branch, at)
    found = allocations.list_for_day(branch, day)
    ahead = drawn.list_begun_ahead(branch, calendar.day_span(branch, day)[1]) if is_today else []
    found = [*found, *ahead]
    left_over = allocations.list_left_over(branch, calendar.local_day(branch, at))
    going_on = outlook.spans_of_begun(branch, found, at) if is_today else {}
    cards = make_cards([*found, *left_over], branch, table, at, going_on, ahead)
    today = cards[: len(found)]
    if by_bay:
        rows = _bay_rows(branch, table, day, today)
    else:
        places = {card.allocation.id: card.drawn for card in today}
        helps = helping.list_cards(branch, *calendar.day_span(branch, day), table, places)
        rows = _rows(technicians, table, day, today, helps, at)
    begins, ends = _axis(branch, table, day, today)
    return Board(
        day=day,
        closed=not table.is_open(day),
        day_name=table.name_of(day),
        begins=begins,
        ends=ends,
        rows=rows,
        queue=list_queue(branch),
        left_over=cards[len(found) :] if is_today else [],
        lanes=lanes.read(branch),
        helpers=helping.helpers_of(found),
    )


def list_queue(branch: Branch) -> list[QueueItem]:
    """The jobs that need a place, the next one first."""
    jobs = queries.list_queue(branch)
    counts = Counter(job.order_id for job in jobs)
    return [
        QueueItem(
            job,
            queries.minutes_left(job),
            rules.PRIORITIES[queries.priority_of(job)],
            job.started_at is not None,
            counts.pop(job.order_id, 0),
        )
        for job in jobs
    ]


def _rows(
    technicians: Iterable[Technician],
    table: calendar.Timetable,
    day: date,
    cards: list[Card],
    helps: list[HelpCard],
    at: datetime,
) -> list[Row]:
    by_person: dict[int, list[Card]] = defaultdict(list)
    people = {technician.id: technician for technician in technicians}
    for card in cards:
        by_person[card.allocation.technician_id].append(card)
        people.setdefault(card.allocation.technician_id, card.allocation.technician)
    people |= {each.help.technician_id: each.help.technician for each in helps}
    here = whereabouts.to_show(people.values(), table, day, at)
    rows = []
    for technician in people.values():
        working = table.shifts(technician.id, day)
        minutes = minutes_of(working)
        note = "" if minutes else N_("Not at work")
        mine = [each for each in helps if each.help.technician_id == technician.id]
        rows.append(
            Row(
                technician.name,
                note,
                technician,
                None,
                working,
                by_person[technician.id],
                minutes,
                here.get(technician.id),
                mine,
            )
        )
    return rows


def _bay_rows(branch: Branch, table: calendar.Timetable, day: date, cards: list[Card]) -> list[Row]:
    by_bay: dict[int | None, list[Card]] = defaultdict(list)
    bays: dict[int, Bay] = {bay.id: bay for bay in shop.list_bays(branch)}
    for card in cards:
        by_bay[card.allocation.bay_id].append(card)
        if card.allocation.bay is not None:
            bays.setdefault(card.allocation.bay.id, card.allocation.bay)
    opened = table.opening(day)
    minutes = minutes_of(opened)
    rows = [
        Row(bay.code, bay.kind.label, None, bay, opened, by_bay[bay.id], minutes)
        for bay in bays.values()
    ]
    if by_bay[None]:
        rows.append(Row("—", N_("Without a bay"), None, None, opened, by_bay[None], minutes))
    return rows


def _axis(
    branch: Branch, table: calendar.Timetable, day: date, cards: list[Card]
) -> tuple[datetime, datetime]:
    zone = ZoneInfo(branch.zone)
    usual = [tuple(datetime.combine(day, time(hour), tzinfo=zone) for hour in (8, 18))]
    spans = table.opening(day) or usual
    spans = [*spans, *((each.drawn.begins_at, each.drawn.buffer_until) for each in cards)]
    # Work that goes over midnight is cut off there.
    since, until = calendar.day_span(branch, day)
    marks = [each for span in spans for each in span if since <= each <= until]
    begins, ends = min(marks), max(marks)
    # The hours of the wall: some zones stand half an hour beside those of UTC.
    beside = timedelta(minutes=begins.astimezone(zone).minute)
    first = begins.astimezone(UTC).replace(second=0, microsecond=0) - beside
    count = -((first - ends) // timedelta(hours=1))
    return first, first + timedelta(hours=count)
