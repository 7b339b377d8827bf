"""Another plan: ask for it, look at before and after, take it or leave it."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import current_app, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from workshop import clock, db, web
from workshop.errors import Conflict, WorkshopError
from workshop.shop import queries as shop
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.replanning import acceptance, chart, consequences, history, supervise
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.comparison import Comparison
from workshop.steps.scheduling.replanning.forms import ReplanForm
from workshop.steps.scheduling.replanning.models import Failure, PlanRun, RunState
from workshop.steps.scheduling.teamwork import queries as teamwork


@bp.get("/scheduling/replan")
@requires(Permission.SCHEDULE)
def replan_form() -> ResponseReturnValue:
    """What has happened? An address may say it already (?reason=…&job_id=…&minutes=…)."""
    return _form_page(_form(request.args))


@bp.post("/scheduling/replan")
@requires(Permission.SCHEDULE)
def ask_replan() -> ResponseReturnValue:
    """Put the question, start the planner beside this request, and show the quick answer."""
    form = _form(None)
    asked: list[PlanRun] = []
    if form.carry_out(
        lambda: asked.append(replan.ask(g.branch, form.cause(), by=me(), at=clock.now()))
    ):
        run_id = asked[0].id
        supervise.start(run_id, _host())
        return redirect(url_for("scheduling.show_replan", run_id=run_id))
    return _form_page(form)


@bp.get("/scheduling/replan/<int:run_id>")
@requires(Permission.SCHEDULE)
def show_replan(run_id: int) -> ResponseReturnValue:
    """Before and after: who moves, whom to call, what it saves."""
    return _run_page(history.get_run(g.branch, run_id))


@bp.get("/scheduling/replan/<int:run_id>/progress")
@requires(Permission.SCHEDULE)
def replan_progress(run_id: int) -> ResponseReturnValue:
    """How far the planner is, for a page that asks every second."""
    run = history.get_run(g.branch, run_id)
    state = RunState.FAILED if supervise.is_lost(run) else run.state
    objective = run.plan["objective"] if run.plan else None
    answer = jsonify(state=state.value, objective=objective, stamp=_stamp(run, state))
    answer.set_etag(_stamp(run, state))
    return answer.make_conditional(request)


@bp.post("/scheduling/replan/<int:run_id>/stop")
@requires(Permission.SCHEDULE)
def stop_replan(run_id: int) -> ResponseReturnValue:
    """Enough: the best plan so far is the plan."""
    replan.stop(history.get_run(g.branch, run_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("scheduling.show_replan", run_id=run_id))


@bp.post("/scheduling/replan/<int:run_id>/reject")
@requires(Permission.SCHEDULE)
def reject_replan(run_id: int) -> ResponseReturnValue:
    """Leave the board as it is."""
    replan.reject(history.get_run(g.branch, run_id), by=me(), at=clock.now())
    db.commit()
    flash(gettext("The board stays as it is."), "good")
    return redirect(url_for("scheduling.index"))


@bp.post("/scheduling/replan/<int:run_id>/propose")
@requires(Permission.SCHEDULE)
def propose_replan(run_id: int) -> ResponseReturnValue:
    """The controller gives the plan to the advisor."""
    replan.propose(history.get_run(g.branch, run_id), by=me(), at=clock.now())
    db.commit()
    flash(gettext("The plan waits for the advisor."), "good")
    return redirect(url_for("scheduling.show_replan", run_id=run_id))


@bp.post("/scheduling/replan/<int:run_id>/accept")
@requires(Permission.SCHEDULE)
def accept_replan(run_id: int) -> ResponseReturnValue:
    """Take the whole plan (`all`), or the cars that are ticked."""
    run = history.get_run(g.branch, run_id)
    shown = Comparison(run)
    consents = _consent_forms(shown)
    at = clock.now()
    chosen = _chosen(run, shown)
    if not all(form.validate() for order_id, form in consents.items() if order_id in chosen):
        return _run_page(run, 422, consents=consents, chosen=chosen)
    given = {key: form.consent(at) for key, form in consents.items() if key in chosen}
    agreed = {key: consent for key, consent in given.items() if consent is not None}
    steps: list[object] = []
    refusal = web.carry_out(
        lambda: steps.extend(acceptance.accept(run, chosen, agreed, by=me(), at=at))
    )
    if refusal is not None:
        return _refused(run_id, refusal, consents, chosen)
    flash(gettext("Moved by the plan: %(count)s jobs.", count=len(steps)), "good")
    return redirect(url_for("scheduling.show_replan", run_id=run_id))


@bp.post("/scheduling/replan/<int:run_id>/undo")
@requires(Permission.SCHEDULE)
def undo_replan(run_id: int) -> ResponseReturnValue:
    """Put everything back to where the plan found it."""
    steps = acceptance.undo(history.get_run(g.branch, run_id), by=me(), at=clock.now())
    db.commit()
    flash(gettext("Undone: %(count)s jobs are back where they were.", count=len(steps)), "good")
    return redirect(url_for("scheduling.show_replan", run_id=run_id))


def _host() -> supervise.Host:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return supervise.Host(app.app_context, clock.now, db.commit, db.rollback)


def _refused(
    run_id: int, error: WorkshopError, consents: dict[int, forms.ConsentFields], chosen: set[int]
) -> ResponseReturnValue:
    run = history.get_run(g.branch, run_id)
    if isinstance(error, Conflict):
        replan.mark_outdated(run, by=me(), at=clock.now())
        db.commit()
    form = consents.get(error.values.get("order_id", 0))
    if form is not None:
        form.refuse(error)
        error = form.refusal or error
    return _run_page(run, web.status_of(error), consents=consents, chosen=chosen, refusal=error)


def _form(given: MultiDict[str, str] | None) -> ReplanForm:
    """The form as it was sent, or as an address fills it in."""
    form = ReplanForm() if given is None else ReplanForm(formdata=given or None)
    form.offer(g.branch, shop.list_technicians(g.branch))
    return form


def _form_page(form: ReplanForm) -> ResponseReturnValue:
    return web.page(
        "scheduling/replan.html",
        form.status if form.is_submitted() else 200,
        form=form,
        runs=history.list_runs(g.branch),
    )


def _run_page(
    run: PlanRun,
    status: int = 200,
    *,
    consents: dict[int, forms.ConsentFields] | None = None,
    chosen: set[int] | None = None,
    refusal: WorkshopError | None = None,
) -> ResponseReturnValue:
    shown = Comparison(run)
    is_lost = supervise.is_lost(run)
    state = RunState.FAILED if is_lost else run.state
    still_open = acceptance.open_orders(run, shown)
    steps = acceptance.list_steps(run)
    left_out = history.list_left_out(run)
    gone = [run.cause.technician_id] if run.cause.technician_id else []
    return web.page(
        "scheduling/replan_run.html",
        status,
        run=run,
        state=state,
        failure=Failure.LOST if is_lost else run.failure,
        stamp=_stamp(run, state),
        shown=shown,
        teams=teamwork.list_teams([job for job, _ in left_out], gone),
        days=chart.days(shown),
        open_orders=still_open,
        can_decide=state.is_decidable and bool(still_open),
        waits_for_advisor=state.is_decidable and bool(still_open) and run.proposed_by is not None,
        decidable=still_open if state.is_decidable else set(),
        chosen=still_open if chosen is None else chosen,
        consents=consents or _consent_forms(shown, blank=True),
        together={each.order.id: _others(shown, each.order.id) for each in shown.changes},
        may_accept=acceptance.may_accept(run, shown, me()),
        steps=steps,
        to_tell=consequences.list_to_tell(run, steps, shown.calls),
        parts=consequences.parts_word(run),
        changes_of={each.order.id: each for each in shown.changes},
        left_out=left_out,
        refusal=refusal,
        refusal_words=web.error_words(refusal) if refusal else "",
        versions=web.both_versions(refusal),
        at=clock.now(),
    )


def _others(shown: Comparison, order_id: int) -> list[str]:
    """The plates that must move with this one."""
    wanted = shown.together_with(order_id)
    orders = [each.order for each in shown.changes if each.order.id in wanted]
    return [order.vehicle.called for order in orders]


def _consent_forms(shown: Comparison, *, blank: bool = False) -> dict[int, forms.ConsentFields]:
    """One consent for each customer whose car goes to another day."""
    values: dict[str, Any] = {"formdata": None} if blank else {}
    return {
        each.order.id: forms.ConsentFields(prefix=f"o{each.order.id}-", **values)
        for each in shown.changes
        if each.needs_consent
    }


def _chosen(run: PlanRun, shown: Comparison) -> set[int]:
    if request.form.get("all"):
        return acceptance.open_orders(run, shown)
    return {web.whole(each) for each in request.form.getlist("order")}


def _stamp(run: PlanRun, state: RunState) -> str:
    """Changes whenever the page would look different."""
    objective = run.plan["objective"] if run.plan else None
    return hashlib.sha256(f"{state.value} {objective}".encode()).hexdigest()[:16]
