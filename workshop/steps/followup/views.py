"""Pages of the follow-up: the day's calls and one call."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.cases import service as cases
from workshop.cases.models import Case
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import N_, Conflict
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.shop.separation import service as separation
from workshop.staff import service as staff
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission, RoleName
from workshop.steps.followup import gates, queries
from workshop.steps.followup import service as followup
from workshop.steps.followup.blueprint import bp
from workshop.steps.followup.forms import AnswersForm, AttemptForm
from workshop.steps.followup.models import FollowUp
from workshop.steps.followup.rules import MOST_ATTEMPTS, Outcome
from workshop.web.pages import Fold


@bp.get("/followup")
@requires(Permission.FOLLOW_UP, Permission.HANDLE_CASE)
def index() -> ResponseReturnValue:
    """Calls that are due, those to come, and what was answered."""
    at = clock.now()
    planned = queries.list_planned(me().branch_id)
    return web.page(
        "followup/index.html",
        due=[each for each in planned if each.planned_at <= at],
        later=[each for each in planned if each.planned_at > at],
        finished=queries.list_finished(me().branch_id),
        attempts=queries.count_days_tried,
        find_result=queries.find_result,
        most=MOST_ATTEMPTS,
    )


@bp.get("/orders/<no>/followup")
@requires(Permission.VIEW_ORDERS)
def show(no: str) -> ResponseReturnValue:
    """One call: what is known, attempts, questions and answers."""
    return _page(orders.get_order(no, me().branch_id), AttemptForm(), _answers_form())


@bp.post("/orders/<no>/followup/attempt")
@requires(Permission.FOLLOW_UP)
def attempt(no: str) -> ResponseReturnValue:
    """Note a try that did not reach the customer."""
    order = orders.get_order(no, me().branch_id)
    form = AttemptForm()
    done = form.carry_out(
        lambda: followup.record_attempt(
            queries.get(order),
            Outcome(form.outcome.data),
            Channel(form.attempt_channel.data),
            form.note.data or "",
            exception=form.exception.data or "",
            by=me(),
            at=clock.now(),
        )
    )
    if done:
        return redirect(url_for("followup.index"))
    return _page(orders.get_order(no, me().branch_id), form, _answers_form(formdata=None))


@bp.post("/orders/<no>/followup/answers")
@requires(Permission.FOLLOW_UP)
def answers(no: str) -> ResponseReturnValue:
    """Keep the answers; a dissatisfied customer's case is opened at once."""
    order = orders.get_order(no, me().branch_id)
    form = _answers_form(posted=request.form.get("seen"))
    if form.carry_out(lambda: _record(order, form)):
        return _go_on(order)
    return _page(orders.get_order(no, me().branch_id), AttemptForm(formdata=None), form)


def _answers_form(*, posted: str | None = None, **options: Any) -> AnswersForm:
    """The form with the questions that the page showed, if they may still be answered."""
    seen = web.whole(posted) or None
    try:
        items = queries.list_asked(seen, clock.now())
    except Conflict:
        # The act refuses it in words; the page comes back with what is asked now.
        items = queries.list_asked(None, clock.now())
    form: AnswersForm = AnswersForm.asking(items)(**options)
    return form


def _go_on(order: RepairOrder) -> ResponseReturnValue:
    """To the case that the answers have opened, or to the next call."""
    result = queries.find_result(queries.get(order))
    if result is None or result.case_id is None:
        return redirect(url_for("followup.index"))
    case = session.get_one(Case, result.case_id)
    flash(gettext("The case %(no)s was opened.", no=case.no), "warn")
    return redirect(url_for("followup.case", no=case.no))


def _record(order: RepairOrder, form: AnswersForm) -> None:
    at = clock.now()
    followup.record_answers(
        queries.get(order),
        form.scores(),
        is_fixed=form.is_fixed.data == "yes",
        recommendation=form.recommendation.data,
        words=form.words.data or "",
        channel=Channel(form.channel.data),
        owner=_case_owner(order),
        seen=web.whole(form.seen.data) or None,
        exception=form.exception.data or "",
        day=calendar.local_day(g.branch, at),
        by=me(),
        at=at,
    )


def _case_owner(order: RepairOrder) -> User:
    """The caller was asked first and owns the case until somebody accepts it (首问责任制)."""
    caller = me()
    if caller.may(Permission.HANDLE_CASE) and caller.id != order.advisor_id:
        return caller
    return next(iter(staff.list_users(order.branch_id, RoleName.SERVICE_MANAGER)), caller)


def _page(order: RepairOrder, attempt: AttemptForm, answers: AnswersForm) -> ResponseReturnValue:
    is_refused = attempt.refusal is not None or answers.refusal is not None
    follow_up = queries.find(order)
    return web.page(
        "followup/show.html",
        max(attempt.status, answers.status),
        order=order,
        follow_up=follow_up,
        cases=cases.list_for_order(order),
        attempt_form=attempt,
        not_reached=Fold("not-reached", N_("Not reached"), "phone-missed"),
        answers_form=answers,
        is_refused=is_refused,
        most=MOST_ATTEMPTS,
        **(_about(follow_up, is_refused) if follow_up else {}),
    )


def _about(follow_up: FollowUp, is_refused: bool) -> dict[str, Any]:
    result = queries.find_result(follow_up)
    # Who was refused sees the form with what was typed, not the list of what is missing.
    missing = [] if is_refused else gates.missing_to_call(follow_up, clock.now())
    return {
        "ruling": gates.judge_caller(follow_up, me()),
        "exceptions": separation.list_for(follow_up),
        "can_call": follow_up.is_planned and me().may(Permission.FOLLOW_UP),
        "missing": missing,
        "attempts": queries.list_attempts(follow_up),
        "tried": queries.count_days_tried(follow_up),
        "result": result,
        "answers": queries.list_answers(result) if result else [],
        "is_over_without_answers": not follow_up.is_planned and result is None,
    }
