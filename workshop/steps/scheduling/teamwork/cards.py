"""Who helps whom, as the board and the week draw it: a card of its own beside the lead's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import Allocation, AllocationStatus, Assistance, TakenTime
from workshop.errors import N_
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop.models import Branch, Technician
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.board import drawn
from workshop.steps.scheduling.board.drawn import Drawn
from workshop.steps.scheduling.rules import Alarm


@dataclass(frozen=True)
class HelpCard:
    """The time of who helps with a job; the lead's card is the one that is moved."""

    help: Assistance
    job: Job
    lead: Technician
    alarms: list[Alarm]
    drawn: Drawn

    @property
    def is_done(self) -> bool:
        return is_over(self.help, self.job)

    @property
    def tone(self) -> str:
        return tone_of(self.help, self.job, self.alarms)


def is_over(work: TakenTime, job: Job) -> bool:
    """Whether nobody moves the card of this work any more."""
    return work.status is AllocationStatus.DONE or job.state is JobState.DONE


def tone_of(work: TakenTime, job: Job, alarms: Sequence[Alarm]) -> str:
    """The colour of a card: what is wrong first, then how far the job is."""
    if is_over(work, job):
        return "done"
    if alarms:
        return alarms[0].tone
    at_work = {JobState.RUNNING: "running", JobState.PAUSED: "paused"}
    return at_work.get(job.state, "planned")


def list_cards(
    branch: Branch,
    since: datetime,
    until: datetime,
    table: calendar.Timetable,
    leads: Mapping[int, Drawn],
) -> list[HelpCard]:
    """The help in this span of time, by start; `leads` are the places of the leads' cards."""
    found = allocation_queries.list_help_between(branch, since, until)
    jobs = queries.jobs_of(found)
    return [
        HelpCard(
            each,
            jobs[each.job_id],
            each.lead.technician,
            _alarms_of(each, table),
            _place_of(each, leads.get(each.lead_id or 0)),
        )
        for each in found
    ]


def _place_of(help_: Assistance, lead: Drawn | None) -> Drawn:
    """Beside the lead's card while the work goes on; who came later begins later."""
    if lead is None or lead.planned is None or not help_.is_planned:
        return drawn.place_of(help_, None)
    came_later = help_.starts_at > lead.planned[0]
    begins_at = max(help_.starts_at, lead.begins_at) if came_later else lead.begins_at
    return drawn.place_of(help_, (min(begins_at, lead.ends_at), lead.ends_at))


def helpers_of(found: Iterable[Allocation]) -> dict[int, Technician]:
    """The second technician of each of these pieces of work that has one, by the piece."""
    leads = {each.id: each for each in found}
    helps = allocation_queries.list_help_of({each.job_id for each in leads.values()})
    # Of several who helped one after the other, the last one.
    return {each.lead_id: each.technician for each in helps if each.lead_id in leads}


def _alarms_of(help_: Assistance, table: calendar.Timetable) -> list[Alarm]:
    is_over = help_.status is AllocationStatus.DONE
    if is_over or not table.is_absent(help_.technician_id, (help_.starts_at, help_.ends_at)):
        return []
    return [Alarm(N_("The technician is not at work for all of this time."), "absent", "bad")]
