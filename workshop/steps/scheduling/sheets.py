"""The queue, the plan of a day or a week, the forecast and the calendar as lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from werkzeug.datastructures import MultiDict

from workshop import web
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Msgid
from workshop.orders import columns
from workshop.orders.models import Job
from workshop.shop import absences, calendar
from workshop.shop.models import Branch
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.board import page as board
from workshop.steps.scheduling.board import week_page as week
from workshop.steps.scheduling.watch import outlook


def day_of(asked: Asked) -> date:
    """The day that is asked for, else today. Raises Invalid for what is no day."""
    return web.parse_day(asked.args.get("day"), calendar.local_day(asked.branch, asked.at))


def year_in(values: MultiDict[str, str], branch: Branch, at: datetime) -> int:
    """The year that is asked for, else this one."""
    year = web.whole(values.get("year"))
    return year if 2000 <= year <= 2100 else calendar.local_day(branch, at).year


@dataclass(frozen=True)
class _Planned:
    """A piece of work with its place in the plan."""

    allocation: Allocation
    job: Job


def _plan_of(asked: Asked, days: list[date]) -> Iterator[_Planned]:
    for day in days:
        found = allocations.list_for_day(asked.branch, day)
        jobs = queries.jobs_of(found)
        yield from (_Planned(each, jobs[each.job_id]) for each in found)


def _of_day(asked: Asked) -> Iterator[_Planned]:
    return _plan_of(asked, [day_of(asked)])


def _of_week(asked: Asked) -> Iterator[_Planned]:
    day = day_of(asked)
    first = day - timedelta(days=day.weekday())
    return _plan_of(asked, [first + timedelta(days=each) for each in range(week.DAYS)])


_PLANNED = (
    Column(N_("Technician"), lambda row: row.allocation.technician.name),
    Column(N_("Bay"), lambda row: row.allocation.bay and row.allocation.bay.code),
    Column(N_("From"), lambda row: row.allocation.starts_at),
    Column(N_("Until"), lambda row: row.allocation.ends_at),
    Column(N_("Minutes"), lambda row: row.allocation.minutes),
    *columns.car(lambda row: row.job.order),
    Column(N_("Job"), lambda row: row.job),
    Column(N_("State"), lambda row: row.job.state),
    Column(N_("Promised time"), lambda row: row.job.order.promised_at),
)

SHEETS = (
    ListSheet(
        "queue",
        N_("Jobs without a place"),
        "scheduling.index",
        (
            *columns.car(lambda row: row.job.order),
            Column(N_("Job"), lambda row: row.job),
            Column(N_("Why here"), lambda row: Msgid(row.label)),
            Column(N_("Minutes"), lambda row: row.minutes),
            Column(N_("Skill"), lambda row: row.job.skill),
            Column(N_("Level"), lambda row: row.job.level),
            Column(N_("Begun already"), lambda row: row.carried_over),
            Column(N_("Promised time"), lambda row: row.job.order.promised_at),
            columns.advisor(lambda row: row.job.order),
        ),
        lambda asked: board.list_queue(asked.branch),
    ),
    ListSheet("day-plan", N_("Plan of the day"), "scheduling.index", _PLANNED, _of_day),
    ListSheet("week-plan", N_("Plan of the week"), "scheduling.show_week", _PLANNED, _of_week),
    ListSheet(
        "forecast",
        N_("Forecast and promise"),
        "scheduling.show_watch",
        (
            *columns.car(lambda row: row.order),
            Column(N_("Stage"), lambda row: row.order.stage),
            Column(N_("Work ends (forecast)"), lambda row: row.finish_at),
            Column(N_("Promised time"), lambda row: row.order.promised_at),
            Column(N_("Minutes to spare"), lambda row: row.slack_minutes),
            Column(N_("At risk"), lambda row: row.is_at_risk),
        ),
        lambda asked: outlook.look(asked.branch, asked.at).cars,
    ),
    ListSheet(
        "calendar",
        N_("Holidays and worked days"),
        "scheduling.working_calendar",
        (
            Column(N_("Day"), lambda row: row.day),
            Column(N_("Open"), lambda row: row.is_open),
            Column(N_("Name"), lambda row: row.name),
        ),
        lambda asked: calendar.list_exceptions(
            asked.branch, year_in(asked.args, asked.branch, asked.at)
        ),
    ),
    ListSheet(
        "absences",
        N_("Absences"),
        "scheduling.working_calendar",
        (
            Column(N_("Name"), lambda row: row.user.display_name),
            Column(N_("From"), lambda row: row.starts_at),
            Column(N_("Until"), lambda row: row.ends_at),
            Column(N_("Reason"), lambda row: row.reason),
        ),
        lambda asked: absences.list_absences(asked.branch, asked.at),
    ),
)
