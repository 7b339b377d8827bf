"""Opening a case, handing it over, and bringing it to its end (domain.md, step 11; P14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from workshop.cases import gates
from workshop.cases.models import Case, CaseEntry, CaseKind, CaseState, CaseTopic, Verdict
from workshop.customers.models import Customer
from workshop.db import session
from workshop.errors import N_, Invalid, NotAllowed, NotFound, RuleBroken
from workshop.orders.models import RepairOrder
from workshop.shop import numbers
from workshop.shop.models import Branch
from workshop.shop.separation import service as separation
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

# P14: acknowledge within one hour, a plan within three, resolved within seventy-two.
ACKNOWLEDGE, PLAN, RESOLVE = timedelta(hours=1), timedelta(hours=3), timedelta(hours=72)
# N11: what is urgent gets its first answer within a quarter of an hour.
ACKNOWLEDGE_URGENT = timedelta(minutes=15)


def open_case(
    customer: Customer,
    owner: User,
    summary: str,
    *,
    topic: CaseTopic,
    day: date,
    by: User,
    at: datetime,
    kind: CaseKind = CaseKind.COMPLAINT,
    order: RepairOrder | None = None,
    is_urgent: bool = False,
) -> Case:
    """Open a case with its due times; `day` is the shop's local day, for the number."""
    if not summary.strip():
        raise Invalid(N_("Say in a sentence what it is about."), field="summary")
    case = Case(
        branch_id=owner.branch_id,
        no=numbers.next_number(owner.branch_id, "CS", day),
        kind=kind,
        topic=topic,
        owner_id=owner.id,
        customer_id=customer.id,
        order_id=order.id if order else None,
        summary=summary.strip(),
        opened_at=at,
        opened_by_id=by.id,
        due_ack_at=at + (ACKNOWLEDGE_URGENT if is_urgent else ACKNOWLEDGE),
        due_plan_at=at + PLAN,
        due_resolve_at=at + RESOLVE,
    )
    session.add(case)
    session.flush()
    write(case, summary, by=by, at=at)
    audit.write(by, "cases.open", case, at)
    return case


def report(
    order: RepairOrder, words: str, *, topic: CaseTopic, day: date, by: User, at: datetime
) -> Case:
    """Open a case about an order, or add to the one that is open already.

    The first person asked owns it (domain.md §2); whoever may not handle cases hands it to the
    order's advisor at once.
    """
    still_open = [each for each in list_for_order(order) if each.state is not CaseState.CLOSED]
    if still_open:
        write(still_open[-1], words, by=by, at=at)
        return still_open[-1]
    owner = by if by.may(Permission.HANDLE_CASE) else order.advisor
    return open_case(order.customer, owner, words, topic=topic, day=day, order=order, by=by, at=at)


def get_case(no: str, branch_id: int) -> Case:
    """The case of this number in this branch; raises NotFound."""
    query = select(Case).where(Case.no == no, Case.branch_id == branch_id)
    case = session.scalars(query).one_or_none()
    if case is None:
        raise NotFound(N_("There is no case %(no)s."), no=no)
    return case


def list_open(branch_id: int) -> list[Case]:
    """Cases that are not closed, by what is due first."""
    query = select(Case).where(Case.branch_id == branch_id, Case.state != CaseState.CLOSED)
    return sorted(session.scalars(query), key=lambda case: (case.due_at, case.id))


def list_closed(branch_id: int, limit: int | None = 20) -> list[Case]:
    """Closed cases, the newest first."""
    query = select(Case).where(Case.branch_id == branch_id, Case.state == CaseState.CLOSED)
    return list(session.scalars(query.order_by(Case.closed_at.desc()).limit(limit)))


def list_for_order(order: RepairOrder) -> list[Case]:
    """Cases that concern the order."""
    return list(session.scalars(select(Case).where(Case.order_id == order.id).order_by(Case.id)))


def list_entries(case: Case) -> list[CaseEntry]:
    """The log, newest first."""
    query = select(CaseEntry).where(CaseEntry.case_id == case.id).order_by(CaseEntry.id.desc())
    return list(session.scalars(query))


def write(case: Case, words: str, *, by: User, at: datetime) -> CaseEntry:
    """Add a line to the log."""
    if not words.strip():
        raise Invalid(N_("Write what was done or said."), field="words")
    entry = CaseEntry(case_id=case.id, at=at, by_id=by.id, words=words.strip())
    session.add(entry)
    return entry


def acknowledge(case: Case, *, by: User, at: datetime) -> None:
    """Tell the customer that somebody cares, within the hour."""
    _owner_only(case, by)
    _expect(case, case.is_new)
    case.state, case.acknowledged_at = CaseState.ACKNOWLEDGED, at
    audit.write(by, "cases.acknowledge", case, at)


def make_plan(case: Case, plan: str, *, by: User, at: datetime) -> None:
    """Say what will be done, until when."""
    _owner_only(case, by)
    _expect(case, case.takes_plan)
    if not plan.strip():
        raise Invalid(N_("Say what will be done."), field="plan")
    case.acknowledged_at = case.acknowledged_at or at
    was = case.state
    case.state, case.planned_at, case.plan = CaseState.PLANNED, at, plan.strip()
    write(case, plan, by=by, at=at)
    audit.write(by, "cases.make_plan", case, at, was=was.value, state=case.state.value)


def resolve(case: Case, cause: str, remedy: str, *, by: User, at: datetime) -> None:
    """Note the cause and the remedy; the supervisor's second call comes next."""
    _owner_only(case, by)
    _expect(case, case.takes_solution)
    if not cause.strip():
        raise Invalid(N_("Say what the cause was."), field="cause")
    if not remedy.strip():
        raise Invalid(N_("Say what was done about it."), field="remedy")
    was = case.state
    case.state, case.resolved_at = CaseState.RESOLVED, at
    case.cause, case.remedy = cause.strip(), remedy.strip()
    write(case, remedy, by=by, at=at)
    told = {"was": was.value, "state": case.state.value, "cause": case.cause}
    audit.write(by, "cases.resolve", case, at, **told)


def record_second_call(
    case: Case, verdict: Verdict, words: str, *, exception: str = "", by: User, at: datetime
) -> None:
    """The supervisor's own call: a satisfied customer closes the case, another one reopens it.

    The supervisor is neither the owner nor the advisor who served (domain.md, step 10; S2),
    unless the branch cannot keep them apart: then `exception` says why.
    """
    staff.require_permission(by, Permission.SUPERVISE)
    _expect(case, case.waits_for_second_call)
    ruling = gates.judge_second_call(case, by)
    separation.require(ruling, exception)
    write(case, words, by=by, at=at)
    case.second_call_at, case.second_call_by_id, case.verdict = at, by.id, verdict
    if verdict is Verdict.DISSATISFIED:
        case.state, case.resolved_at = CaseState.ACKNOWLEDGED, None
    else:
        case.state, case.closed_at = CaseState.CLOSED, at
    branch = session.get_one(Branch, case.branch_id)
    separation.note(ruling, case, branch, exception, by=by, at=at)
    told = separation.told(ruling, exception)
    audit.write(by, "cases.second_call", case, at, verdict=verdict.value, **told)


def offer(case: Case, to: User, *, by: User, at: datetime) -> None:
    """Offer the case to somebody else; the owner keeps it until it is accepted."""
    _owner_only(case, by)
    _refuse_closed(case)
    if not to.may(Permission.HANDLE_CASE) or to.branch_id != case.branch_id:
        raise Invalid(N_("This person does not handle cases."), field="to")
    case.offered_to_id = to.id
    audit.write(by, "cases.offer", case, at, to=to.id)


def accept(case: Case, *, by: User, at: datetime) -> None:
    """Take over a case that was offered; a closed one keeps the owner who closed it."""
    _refuse_closed(case)
    if case.offered_to_id != by.id:
        raise NotAllowed(N_("The case was not offered to you."))
    case.owner_id, case.offered_to_id = by.id, None
    audit.write(by, "cases.accept", case, at)


def _refuse_closed(case: Case) -> None:
    if case.is_closed:
        raise RuleBroken(N_("The case is closed."))


def _owner_only(case: Case, by: User) -> None:
    staff.require_permission(by, Permission.HANDLE_CASE)
    if case.owner_id != by.id and not by.may(Permission.OVERRIDE):
        raise NotAllowed(
            N_("The case is %(name)s's. Who may override acts on it instead."),
            code="not_owner",
            way=staff.instead(Permission.OVERRIDE),
            name=case.owner.display_name,
        )


def _expect(case: Case, is_possible: bool) -> None:
    if not is_possible:
        raise RuleBroken(N_("The case is “%(state)s”; this is not possible now."), state=case.state)
