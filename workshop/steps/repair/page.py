"""The record page of an order: all its work, its checks, and the forms that are due on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from workshop import clock, web
from workshop.catalogue import queries as catalogue
from workshop.errors import Missing, NotAllowed
from workshop.inspections import queries as inspections
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.phone import applied
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Ruling
from workshop.staff.access import me
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import Quotation
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import help_clocks, helping, queries, work
from workshop.steps.repair.forms import (
    DismissForm,
    FindingForm,
    PriceForm,
    SendBackForm,
)
from workshop.steps.repair.models import AdditionalWork
from workshop.steps.repair.quality import gates, rework
from workshop.steps.repair.quality import queries as certified
from workshop.steps.repair.quality.forms import CheckForm, FinalCheckForm, QualityCheckForm
from workshop.steps.repair.rules import AdditionState, Level, Point
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.scheduling.dispatch import more_time

_FORMS: dict[str, Any] = {
    "quality_form": QualityCheckForm,
    "final_form": FinalCheckForm,
    "back_form": SendBackForm,
    "finding_form": FindingForm,
    "price_form": PriceForm,
    "dismiss_form": DismissForm,
}


def page(
    order: RepairOrder, refused: web.Form | None = None, *, addition_id: int = 0
) -> ResponseReturnValue:
    """The page, with the refused form as it was typed; `addition_id` is the request it answers."""
    forms = {name: _blank(kind, order) for name, kind in _FORMS.items()}
    for name, kind in _FORMS.items():
        if isinstance(refused, kind):
            forms[name] = refused
        offer(forms[name], order)
    return web.page(
        "repair/show.html",
        refused.status if refused is not None else 200,
        order=order,
        refused=refused,
        addition_id=addition_id,
        new_action_id=applied.new_id,
        **forms,
        **_facts(order, refused),
        **_checks(order),
    )


def _blank(kind: Any, order: RepairOrder) -> Any:
    if issubclass(kind, CheckForm):
        kind = kind.asking(queries.list_jobs(order), at=clock.now())
    return kind(formdata=None)


def offer(form: Any, order: RepairOrder) -> None:
    """Fill in the choices of a form that has any: the jobs of the order, the catalogue."""
    if hasattr(form, "offer"):
        form.offer(queries.list_jobs(order), str(get_locale() or "zh_CN"))


def _facts(order: RepairOrder, refused: web.Form | None) -> dict[str, Any]:
    jobs = queries.list_jobs(order)
    can_find = permits(order.stage, Action.REQUEST_ADDITION) and bool(jobs)
    may_find = me().may(Permission.REQUEST_ADDITION)
    return {
        "jobs": [_job_record(job) for job in jobs],
        "all_points": list(Point),
        "missing": repair_gates.missing(order),
        "nothing_left": work.has_nothing_left(order),
        "additions": [
            Found(each, me().may(Permission.QUOTE)) for each in queries.list_additions(order)
        ],
        "may_send_back": order.stage is Stage.READY and me().may(Permission.FINAL_CHECK),
        # What was typed is never dropped, whatever has become of the right meanwhile.
        "shows_finding_form": (can_find and may_find) or isinstance(refused, FindingForm),
        "leaves_finding_to_others": can_find and not may_find,
        "reworks": queries.list_reworks(order),
        "alarm": rework.find_alarm(order),
        "inspected": inspections.list_of(order),
        "hurried_lines": inspections.count_hurried(order),
        "operations": catalogue.search_operations("", limit=300),
        "certificate_lines": certified.list_certified(order),
        "authorised": quotation.find_signed(order),
    }


@dataclass(frozen=True)
class Found:
    """Additional work that was found, with what its reader may do about it."""

    work: AdditionalWork
    may_quote: bool

    @property
    def offer(self) -> Quotation | None:
        """What it was offered for, for who may see prices."""
        return self.work.offer if self.may_quote else None

    @property
    def is_to_be_priced(self) -> bool:
        return self.may_quote and self.work.state is AdditionState.REQUESTED

    @property
    def is_to_be_asked(self) -> bool:
        return self.may_quote and self.work.state is AdditionState.OFFERED


def _checks(order: RepairOrder) -> dict[str, Any]:
    inspections = queries.list_inspections(order)
    return {
        "inspections": inspections,
        "exceptions": {each.id: separation.list_for(each) for each in inspections},
        "needs_road_test": queries.needs_road_test(order),
        "quality": _check(order, Level.QUALITY_CHECK),
        "final": _check(order, Level.FINAL_CHECK),
    }


@dataclass(frozen=True)
class DueCheck:
    """What stands against the reader's check of a level, and who may make it instead."""

    missing: list[Missing]
    ruling: Ruling
    refusal: NotAllowed | None
    able: list[User]


def _check(order: RepairOrder, level: Level) -> DueCheck | None:
    if not permits(order.stage, gates.ACTIONS[level][0]):
        return None
    at = clock.now()
    refusal = gates.find_refusal(order, level, me(), at)
    able = gates.list_able(order, level, at) if refusal is not None else []
    missing, ruling = gates.missing_to_check(order, level), gates.judge(order, level, me(), at)
    return DueCheck(missing, ruling, refusal, able)


def _job_record(job: Job) -> dict[str, Any]:
    technician = scheduling.technician_of(job)
    may_plan = me().may(Permission.SCHEDULE)
    asked = more_time.list_of(job)
    waits = any(each.waits for each in asked)
    is_alone = job.kind.is_rework and job.state.is_waiting and technician is None
    return {
        "job": job,
        "technician": technician,
        "may_assign": may_plan and technician is None and job.state is JobState.WAITING,
        # What is in work, waits for an answer, or is to be mended by nobody yet.
        "unfolds": job.state.is_begun or waits or is_alone,
        "may_stop": may_plan and job.state is JobState.RUNNING,
        "sessions": queries.list_sessions(job),
        "help": help_clocks.list_of(job),
        "team": helping.team_of(job, clock.now()),
        "clocked": queries.clocked_minutes(job, clock.now()),
        "points": {each.point: each for each in queries.list_points(job)},
        "self_check": queries.find_self_check(job),
        "notes": queries.list_notes(job),
        "more_time": asked,
        "to_answer": [each for each in asked if may_plan and each.waits],
        "missing": repair_gates.missing_to_start(job, clock.now())
        if job.state is JobState.WAITING
        else [],
    }
