"""Which inspections a job sells, and how every red line of a visit ended.

A red line ends by its work, put off, or declined and signed; else the car stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from workshop.catalogue.checklists.models import Checklist
from workshop.catalogue.models import Operation
from workshop.db import session
from workshop.inspections import queries
from workshop.inspections import queries as inspections
from workshop.inspections.models import InspectionAnswer, RedEnd
from workshop.inspections.rules import Ending
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.steps.quotation.models import (
    ConsentChannel,
    Decision,
    Quotation,
    QuotationLine,
    QuotationState,
)
from workshop.steps.repair.models import AdditionalWork


def list_sold(job: Job) -> list[Checklist]:
    """The templates that the job's lines sell; one that is out of use is not asked for."""
    query = (
        select(Operation.sells)
        .join(QuotationLine, QuotationLine.operation_id == Operation.id)
        .where(
            QuotationLine.job_id == job.id,
            QuotationLine.decision == Decision.ACCEPTED,
            Operation.sells != "",
        )
        .distinct()
    )
    topics = list(session.scalars(query))
    return inspections.list_templates(topics) if topics else []


def list_offered(order: RepairOrder) -> list[Checklist]:
    """The templates that may be filled in for a car: those in use and those begun already."""
    begun = [each.checklist for each in inspections.list_of(order)]
    known = {each.id for each in begun}
    return begun + [each for each in inspections.list_templates() if each.id not in known]


@dataclass(frozen=True)
class Red:
    """A red line of the visit, and how it ended; open without an ending."""

    answer: InspectionAnswer
    ending: Ending | None
    end: RedEnd | None = None


@dataclass(frozen=True)
class _Said:
    """What the customer said to the work that mends a line, and whether it is done."""

    decision: Decision
    channel: ConsentChannel | None
    job_state: JobState | None

    @property
    def ending(self) -> Ending | None:
        """The end that it makes; a no on the telephone is no signed one."""
        if self.decision is Decision.ACCEPTED:
            return Ending.DONE if self.job_state is JobState.DONE else None
        return Ending.DECLINED if self.channel is not ConsentChannel.PHONE else None


def list_reds(order: RepairOrder) -> list[Red]:
    """The red lines of a visit, each with its end."""
    answers = queries.list_red(order)
    if not answers:
        return []
    ends, requests = queries.ends_of(answers), _list_requests(answers)
    by_operation, by_quotation = _list_said(order)
    found = []
    for answer in answers:
        end, request = ends.get(answer.id), requests.get(answer.id)
        no = request.quotation.no if request and request.quotation else ""
        said = by_quotation.get(no) or by_operation.get(answer.item.recommend.lower())
        ending = end.kind if end else said.ending if said else None
        found.append(Red(answer, ending, end))
    return found


def find_request(answer: InspectionAnswer) -> AdditionalWork | None:
    """The request that this line has made."""
    return _list_requests([answer]).get(answer.id)


def list_asked(answers: Iterable[InspectionAnswer]) -> set[int]:
    """Which of these answers the advisor knows of as a request."""
    found = [each for each in answers if each.result.is_finding]
    return set(_list_requests(found)) if found else set()


def _list_requests(answers: list[InspectionAnswer]) -> dict[int, AdditionalWork]:
    query = select(AdditionalWork).where(
        AdditionalWork.answer_id.in_([each.id for each in answers])
    )
    return {each.answer_id: each for each in session.scalars(query) if each.answer_id}


def _list_said(order: RepairOrder) -> tuple[dict[str, _Said], dict[str, _Said]]:
    """The customer's word on the order's work, by operation code and by quotation number."""
    query = (
        select(QuotationLine, Quotation, Operation.code, Job.state)
        .join(Quotation, Quotation.id == QuotationLine.quotation_id)
        .join(Operation, Operation.id == QuotationLine.operation_id)
        .outerjoin(Job, Job.id == QuotationLine.job_id)
        .where(
            Quotation.order_id == order.id,
            Quotation.state.in_([QuotationState.SIGNED, QuotationState.DECLINED]),
            QuotationLine.decision != Decision.PENDING,
        )
        .order_by(Quotation.signed_at, Quotation.id, QuotationLine.id)
    )
    by_operation, by_quotation = {}, {}
    for line, quotation, code, state in session.execute(query):
        said = _Said(line.decision, quotation.channel, state)
        by_operation[code.lower()] = said
        by_quotation[quotation.no] = said
    return by_operation, by_quotation
