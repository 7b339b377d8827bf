"""A technician's day in three figures that are never mixed (domain.md §5, glossary §8).

Attended: clocked in, less the breaks. Clocked: the clock ran on a car. Book: the flat-rate time of
the jobs finished that day. Each counts whole minutes of its own; none is added to another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from workshop.allocation import queries as allocated
from workshop.allocation.models import Assistance
from workshop.attendance import presence
from workshop.attendance import rules as attendance_rules
from workshop.attendance.models import Attendance
from workshop.db import session
from workshop.orders.models import Job, JobKind, JobState
from workshop.shop import calendar
from workshop.shop import rules as shop_rules
from workshop.shop.models import Branch, Technician
from workshop.shop.rules import Span
from workshop.steps.repair import helping, rates, rules
from workshop.steps.repair.models import WorkSession


@dataclass(frozen=True)
class DayHours:
    """Minutes of one technician's day, or of all together.

    `finished_minutes` is the clocked time of the finished jobs, on whatever days: what their book
    time is measured by. Rework is in neither: nobody has sold it.
    """

    attended_minutes: int
    clocked_minutes: int
    book_minutes: int
    finished_minutes: int
    finished_jobs: int

    @property
    def utilisation(self) -> int | None:
        """Clocked ÷ attended in percent; None when nobody attended."""
        return rates.percent(self.clocked_minutes, self.attended_minutes)

    @property
    def efficiency(self) -> int | None:
        """Book ÷ clocked on the finished jobs in percent; None when none is finished."""
        return rates.percent(self.book_minutes, self.finished_minutes)


def of_day(
    technicians: Sequence[Technician], branch: Branch, day: date, at: datetime
) -> dict[int, DayHours]:
    """The hours of each technician on this day until `at`, by technician id."""
    span = calendar.day_span(branch, day)
    span = (span[0], max(span[0], min(span[1], at)))
    ids = [each.id for each in technicians]
    stays = presence.list_stays(technicians, span)
    sessions = _list_sessions(ids, span)
    finished = _finished(ids, span)
    return {
        each: DayHours(
            attended_minutes=_attended([one for one in stays if one.technician_id == each], span),
            clocked_minutes=_clocked([one for one in sessions if one.technician_id == each], span),
            book_minutes=sum(book for book, _ in finished[each]),
            finished_minutes=sum(clocked for _, clocked in finished[each]),
            finished_jobs=len(finished[each]),
        )
        for each in ids
    }


def total_of(hours: Iterable[DayHours]) -> DayHours:
    """All of them together: rates are of the sums, never averages of rates."""
    found = list(hours)
    return DayHours(
        attended_minutes=sum(each.attended_minutes for each in found),
        clocked_minutes=sum(each.clocked_minutes for each in found),
        book_minutes=sum(each.book_minutes for each in found),
        finished_minutes=sum(each.finished_minutes for each in found),
        finished_jobs=sum(each.finished_jobs for each in found),
    )


def minutes_of_stay(stay: Attendance, until: datetime) -> int:
    """The attended minutes of a stay, an open one until the given moment."""
    return _attended([stay], (stay.started_at, stay.ended_at or max(until, stay.started_at)))


def _attended(stays: Iterable[Attendance], span: Span) -> int:
    worked = [piece for stay in stays for piece in _worked(stay, span[1])]
    return shop_rules.minutes_of(shop_rules.intersect(worked, [span]))


def _worked(stay: Attendance, until: datetime) -> list[Span]:
    ends_at = stay.ended_at or _end_of_open(stay, until)
    breaks = [(each.started_at, each.ended_at or ends_at) for each in stay.breaks]
    return attendance_rules.worked((stay.started_at, ends_at), breaks)


def _end_of_open(stay: Attendance, until: datetime) -> datetime:
    """An open stay goes on until now; a clock-out that was forgotten adds no night to it."""
    if until - stay.started_at < attendance_rules.LONGEST_STAY:
        return max(until, stay.started_at)
    known = [stay.started_at, *(each.ended_at or each.started_at for each in stay.breaks)]
    return max(known)


def _clocked(sessions: Iterable[WorkSession], span: Span) -> int:
    spans = [(each.started_at, each.ended_at or max(span[1], each.started_at)) for each in sessions]
    return shop_rules.minutes_of(shop_rules.intersect(spans, [span]))


def _list_sessions(ids: Sequence[int], span: Span) -> list[WorkSession]:
    query = select(WorkSession).where(
        WorkSession.technician_id.in_(ids),
        WorkSession.started_at < span[1],
        WorkSession.ended_at.is_(None) | (WorkSession.ended_at > span[0]),
    )
    return list(session.scalars(query.order_by(WorkSession.started_at)))


def _finished(ids: Sequence[int], span: Span) -> Mapping[int, list[tuple[int, int]]]:
    """(book, clocked) minutes of each job finished in the span, by technician.

    Two who were put on a job together share its book time as they were told to; those who did it
    one after the other, by the minutes that each clocked on it.
    """
    query = (
        select(WorkSession, Job)
        .join(Job, Job.id == WorkSession.job_id)
        .where(
            Job.state == JobState.DONE,
            Job.kind != JobKind.REWORK,
            Job.finished_at >= span[0],
            Job.finished_at <= span[1],
            Job.id.in_(_jobs_clocked_by(ids)) | Job.id.in_(_jobs_helped_by(ids)),
        )
    )
    clocked: dict[Job, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for each, job in session.execute(query):
        minutes = rules.minutes_between(each.started_at, each.ended_at or each.started_at)
        clocked[job][each.technician_id] += minutes
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    helped = {each.job_id for each in allocated.list_help_of([job.id for job in clocked])}
    for job, shares in clocked.items():
        team = helping.team_of(job) if job.id in helped else []
        credited = {each.technician.id: each.credited_minutes for each in team}
        credited = credited or rates.share(job.book_minutes, shares)
        for technician_id, book in credited.items():
            if technician_id in ids:
                found[technician_id].append((book, shares.get(technician_id, 0)))
    return found


def _jobs_clocked_by(ids: Sequence[int]) -> Select[int]:
    return select(WorkSession.job_id).where(WorkSession.technician_id.in_(ids))


def _jobs_helped_by(ids: Sequence[int]) -> Select[int]:
    return select(Assistance.job_id).where(Assistance.technician_id.in_(ids))
