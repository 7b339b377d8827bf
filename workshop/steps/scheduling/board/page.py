"""The job control board of a day: rows, cards, loads, the queue and the holding lanes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation, AllocationStatus
from workshop.attendance.presence import Presence
from workshop.errors import N_
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import Bay, Branch, Technician
from workshop.shop.rules import Span, minutes_of
from workshop.steps.scheduling import queries, rules
from workshop.steps.scheduling.board import lanes, whereabouts
from workshop.steps.scheduling.board.lanes import Lanes
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.models import FolderState, JobFolder, PlacePin, TimeChange
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.replanning import history
from workshop.steps.scheduling.rules import Alarm
from workshop.steps.scheduling.teamwork import cards as helping
from workshop.steps.scheduling.teamwork.cards import HelpCard


@dataclass(frozen=True)
class Card:
    """One piece of work on the board."""

    allocation: Allocation
    job: Job
    folder: JobFolder | None
    proposal: TimeChange | None
    alarms: list[Alarm]
    pin: PlacePin | None = None
    by_plan: bool = False

    @property
    def is_done(self) -> bool:
        return helping.is_over(self.allocation, self.job)

    @property
    def tone(self) -> str:
        return helping.tone_of(self.allocation, self.job, self.alarms)


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

    @property
    def planned_minutes(self) -> int:
        helped = sum(card.help.minutes for card in self.helps)
        return helped + sum(card.allocation.minutes for card in self.cards)


@dataclass(frozen=True)
class QueueItem:
    """A job that needs a place, and why it stands where it stands."""

    job: Job
    minutes: int
    label: str
    carried_over: bool


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
    found = allocations.list_for_day(branch, day)
    left_over = allocations.list_left_over(branch, calendar.local_day(branch, at))
    cards = make_cards([*found, *left_over], branch, table, at)
    today = cards[: len(found)]
    if by_bay:
        rows = _bay_rows(branch, table, day, today)
    else:
        helps = helping.list_cards(branch, *calendar.day_span(branch, day), table)
        rows = _rows(technicians, table, day, today, helps, at)
    begins, ends = _axis(branch, table, day, found)
    return Board(
        day=day,
        closed=not table.is_open(day),
        day_name=table.name_of(day),
        begins=begins,
        ends=ends,
        rows=rows,
        queue=list_queue(branch),
        left_over=cards[len(found) :] if day == calendar.local_day(branch, at) else [],
        lanes=lanes.read(branch),
        helpers=helping.helpers_of(found),
    )


def list_queue(branch: Branch) -> list[QueueItem]:
    """The jobs that need a place, the next one first."""
    return [
        QueueItem(
            job,
            queries.minutes_left(job),
            rules.PRIORITIES[queries.priority_of(job)],
            job.started_at is not None,
        )
        for job in queries.list_queue(branch)
    ]


def make_cards(
    found: list[Allocation], branch: Branch, table: calendar.Timetable, at: datetime
) -> list[Card]:
    """The cards of these allocations, each with its alarms."""
    jobs = queries.jobs_of(found)
    folders = queries.folders_of(jobs)
    asked = more_time.asked_minutes(jobs)
    pins, planned = pinned.pins_of(found), history.placed_by_plan(found)
    proposals = {each.allocation_id: each for each in queries.list_proposals(branch)}
    return [
        Card(
            each,
            jobs[each.job_id],
            folders.get(each.job_id),
            proposals.get(each.id),
            alarms_of(
                each,
                jobs[each.job_id],
                folders.get(each.job_id),
                table,
                at,
                asked.get(each.job_id, 0),
            ),
            pins.get(each.id),
            each.id in planned,
        )
        for each in found
    ]


def alarms_of(
    allocation: Allocation,
    job: Job,
    folder: JobFolder | None,
    table: calendar.Timetable,
    at: datetime,
    more_minutes: int = 0,
) -> list[Alarm]:
    """What is wrong with a planned piece of work now; `more_minutes` are asked for, not planned."""
    if allocation.status is AllocationStatus.DONE:
        return []
    span = (allocation.starts_at, allocation.ends_at)
    state = folder.state if folder else None
    facts = rules.Facts(
        starts_at=allocation.starts_at,
        ends_at=allocation.ends_at,
        promised_at=job.order.promised_at,
        delivery_minutes=table.branch.delivery_minutes,
        waiting=job.state is JobState.WAITING,
        over=job.state in (JobState.DONE, JobState.CANCELLED),
        folder_taken=state in (FolderState.TAKEN, FolderState.RETURNED),
        folder_returned=state is FolderState.RETURNED,
        at_work=not table.is_absent(allocation.technician_id, span),
    )
    found = [*rules.alarms(facts, at), *rules.more_time_alarms(facts, more_minutes)]
    return sorted(found, key=lambda alarm: alarm.tone != "bad")


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
    branch: Branch, table: calendar.Timetable, day: date, found: list[Allocation]
) -> tuple[datetime, datetime]:
    zone = ZoneInfo(branch.zone)
    usual = [tuple(datetime.combine(day, time(hour), tzinfo=zone) for hour in (8, 18))]
    spans = table.opening(day) or usual
    spans = [*spans, *((each.shown_from, each.shown_buffer_until) for each in found)]
    begins, ends = min(a for a, _ in spans), max(b for _, b in spans)
    # The hours of the wall: some zones stand half an hour beside those of UTC.
    beside = timedelta(minutes=begins.astimezone(zone).minute)
    first = begins.astimezone(UTC).replace(second=0, microsecond=0) - beside
    count = -((first - ends) // timedelta(hours=1))
    return first, first + timedelta(hours=count)
