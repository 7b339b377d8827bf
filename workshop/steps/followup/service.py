"""Planning the call, recording attempts and answers, and closing the order (domain.md, step 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from workshop.cases import service as cases
from workshop.cases.models import Case, CaseState, CaseTopic, Verdict
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage
from workshop.orders.models import RepairOrder
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Ruling
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.followup import gates, queries, rules
from workshop.steps.followup.models import (
    FollowUp,
    FollowUpAnswer,
    FollowUpAttempt,
    FollowUpResult,
    FollowUpState,
)
from workshop.steps.followup.rules import Outcome
from workshop.steps.handover import queries as handover


def plan_call(order: RepairOrder, at: datetime) -> FollowUp:
    """Plan the call of a delivered order at the time agreed at the handover (P13).

    A customer who wished no call is not called; the refusal is the documented result (N18).
    """
    if order.delivered_at is None:
        raise RuleBroken(N_("The car has not been delivered yet."))
    record = handover.find_handover(order)
    wished_at = record.followup_wished_at if record else None
    channel = record.followup_channel if record else None
    follow_up = FollowUp(
        branch_id=order.branch_id,
        order_id=order.id,
        channel=channel or Channel.PHONE,
        planned_at=rules.plan(order.delivered_at, wished_at),
        wished_at=wished_at,
    )
    session.add(follow_up)
    session.flush()
    if record is not None and record.followup_refused:
        _finish(follow_up, FollowUpState.REFUSED, None, at)
    return follow_up


def plan_due(at: datetime) -> int:
    """Plan the call of every delivered order that has none; returns how many."""
    unplanned = queries.list_unplanned(at)
    for order in unplanned:
        plan_call(order, at)
    return len(unplanned)


def record_attempt(
    follow_up: FollowUp,
    outcome: Outcome,
    channel: Channel,
    note: str,
    *,
    exception: str = "",
    by: User,
    at: datetime,
) -> FollowUpAttempt:
    """Note a try that did not lead to answers, and plan the next or document the end of it."""
    ruling = _require_caller(follow_up, exception, by)
    _require_planned(follow_up)
    require(gates.missing_to_call(follow_up, at))
    if outcome is Outcome.REACHED:
        raise Invalid(N_("A reached customer's answers are recorded below."), field="outcome")
    attempt = _add_attempt(follow_up, outcome, channel, note, by, at)
    separation.note(ruling, follow_up, follow_up.order.branch, exception, by=by, at=at)
    if outcome is Outcome.REFUSED:
        _finish(follow_up, FollowUpState.REFUSED, by, at)
    elif queries.count_days_tried(follow_up) >= rules.MOST_ATTEMPTS:
        _finish(follow_up, FollowUpState.UNREACHED, by, at)
    else:
        follow_up.planned_at = rules.next_attempt(at)
    if outcome is Outcome.WRONG_NUMBER or follow_up.state is FollowUpState.UNREACHED:
        # P13: ask for the right number at the next visit.
        follow_up.order.customer.phone_invalid = True
    return attempt


def record_answers(
    follow_up: FollowUp,
    scores: Mapping[str, int],
    *,
    is_fixed: bool,
    recommendation: int | None,
    words: str,
    channel: Channel,
    owner: User,
    day: date,
    seen: int | None = None,
    exception: str = "",
    by: User,
    at: datetime,
) -> Case | None:
    """Keep the answers; a dissatisfied customer's case is opened at once and returned.

    `scores` are the answers by the code of the question, `seen` is the version of the questions
    that were asked, `owner` is who will own the case: the service manager's delegate, never the
    serving advisor.
    """
    ruling = _require_caller(follow_up, exception, by)
    _require_planned(follow_up)
    require(gates.missing_to_call(follow_up, at))
    asked = queries.list_asked(seen, at)
    _require_scores(scores, asked)
    _add_attempt(follow_up, Outcome.REACHED, channel, "", by, at)
    separation.note(ruling, follow_up, follow_up.order.branch, exception, by=by, at=at)
    result = FollowUpResult(
        follow_up_id=follow_up.id,
        at=at,
        by_id=by.id,
        is_fixed=is_fixed,
        recommendation=recommendation,
        words=words.strip(),
    )
    session.add(result)
    session.flush()
    for item in asked:
        score = scores[item.code]
        answer = FollowUpAnswer(result_id=result.id, question=item.code, score=score)
        answer.asked_id = item.id
        session.add(answer)
    case = None
    if rules.is_dissatisfied(list(scores.values()), is_fixed, recommendation):
        case = _open_case(follow_up, scores, is_fixed, words, owner, day, by, at)
        result.case_id = case.id
    _finish(follow_up, FollowUpState.ANSWERED, by, at)
    return case


def _require_caller(follow_up: FollowUp, exception: str, by: User) -> Ruling:
    staff.require_permission(by, Permission.FOLLOW_UP)
    ruling = gates.judge_caller(follow_up, by)
    separation.require(ruling, exception)
    return ruling


def _require_planned(follow_up: FollowUp) -> None:
    if not follow_up.is_planned:
        raise Conflict(N_("This follow-up has its result already."))


def _require_scores(scores: Mapping[str, int], asked: Sequence[ChecklistItem]) -> None:
    for item in asked:
        if item.code not in scores:
            raise Invalid(N_("Ask every question."), field=item.code)
        if not 1 <= scores[item.code] <= 5:
            raise Invalid(N_("An answer is a number from 1 to 5."), field=item.code)


def _add_attempt(
    follow_up: FollowUp, outcome: Outcome, channel: Channel, note: str, by: User, at: datetime
) -> FollowUpAttempt:
    attempt = FollowUpAttempt(
        follow_up_id=follow_up.id,
        at=at,
        by_id=by.id,
        channel=channel,
        outcome=outcome,
        note=note.strip(),
    )
    session.add(attempt)
    session.flush()
    return attempt


def _open_case(
    follow_up: FollowUp,
    scores: Mapping[str, int],
    is_fixed: bool,
    words: str,
    owner: User,
    day: date,
    by: User,
    at: datetime,
) -> Case:
    order = follow_up.order
    topic = CaseTopic.OTHER if is_fixed else CaseTopic.QUALITY
    if is_fixed and scores:
        worst = min(scores, key=lambda question: scores[question])
        topic = _TOPICS.get(worst, CaseTopic.OTHER)
    summary = words.strip() or order.concern
    return cases.open_case(
        order.customer, owner, summary, topic=topic, day=day, by=by, at=at, order=order
    )


# What the case is about by the question that was answered worst; a shop's own question says less.
_TOPICS = {
    "on_time": CaseTopic.BROKEN_PROMISE,
    "price_as_told": CaseTopic.PRICE,
    "explanation": CaseTopic.ATTITUDE,
    "cleanliness": CaseTopic.FACILITIES,
    "advisor": CaseTopic.ATTITUDE,
}


def _finish(follow_up: FollowUp, state: FollowUpState, by: User | None, at: datetime) -> None:
    order = follow_up.order
    orders.require_stage(order, Action.FOLLOW_UP)
    follow_up.state, follow_up.closed_at = state, at
    order.move_to(Stage.FOLLOWED_UP, by, at)
    audit.write(by, "followup.finish", follow_up, at, state=state.value)
    close_if_settled(order, by=by, at=at)


def close_if_settled(order: RepairOrder, *, by: User | None, at: datetime) -> bool:
    """Close a followed-up order when no case about it is open."""
    session.flush()
    still_open = [case for case in cases.list_for_order(order) if case.state != CaseState.CLOSED]
    if order.stage is not Stage.FOLLOWED_UP or still_open:
        return False
    order.move_to(Stage.CLOSED, by, at)
    return True


def record_second_call(
    case: Case, verdict: Verdict, words: str, *, exception: str = "", by: User, at: datetime
) -> None:
    """The supervisor's second call; when it closes the case, the order may close too."""
    cases.record_second_call(case, verdict, words, exception=exception, by=by, at=at)
    if case.order is not None:
        close_if_settled(case.order, by=by, at=at)
