"""Pages of the cases: the list by what is due, and one case."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from workshop import clock, db, web
from workshop.cases import gates as cases_gates
from workshop.cases import service as cases
from workshop.cases.models import Case, Verdict
from workshop.shop.separation import service as separation
from workshop.staff import service as staff
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.followup import service as followup
from workshop.steps.followup.blueprint import bp
from workshop.steps.followup.forms import (
    EntryForm,
    OfferForm,
    PlanForm,
    ResolveForm,
    SecondCallForm,
)


@bp.get("/cases", endpoint="cases")
@requires(Permission.HANDLE_CASE, Permission.SUPERVISE)
def index() -> ResponseReturnValue:
    """Open cases by what is due first, and those that were closed."""
    branch_id = me().branch_id
    return web.page(
        "followup/cases.html",
        open_cases=cases.list_open(branch_id),
        closed=cases.list_closed(branch_id),
        missing=cases_gates.missing_to_close,
    )


@bp.get("/cases/<no>", endpoint="case")
@requires(Permission.HANDLE_CASE, Permission.SUPERVISE)
def show(no: str) -> ResponseReturnValue:
    """One case with its log and its next act."""
    return _page(no)


@bp.post("/cases/<no>/acknowledge", endpoint="case_acknowledge")
@requires(Permission.HANDLE_CASE)
def acknowledge(no: str) -> ResponseReturnValue:
    """The customer was told that somebody cares."""
    cases.acknowledge(_get(no), by=me(), at=clock.now())
    return _saved(no)


@bp.post("/cases/<no>/accept", endpoint="case_accept")
@requires(Permission.HANDLE_CASE)
def accept(no: str) -> ResponseReturnValue:
    """Take the case over."""
    cases.accept(_get(no), by=me(), at=clock.now())
    return _saved(no)


@bp.post("/cases/<no>/plan", endpoint="case_plan")
@requires(Permission.HANDLE_CASE)
def plan(no: str) -> ResponseReturnValue:
    """Say what will be done."""
    form = PlanForm()

    def act(case: Case) -> None:
        cases.make_plan(case, form.plan.data, by=me(), at=clock.now())

    return _submit(no, form, act, "plan_form")


@bp.post("/cases/<no>/resolve", endpoint="case_resolve")
@requires(Permission.HANDLE_CASE)
def resolve(no: str) -> ResponseReturnValue:
    """Note cause and remedy."""
    form = ResolveForm()

    def act(case: Case) -> None:
        cases.resolve(case, form.cause.data, form.remedy.data, by=me(), at=clock.now())

    return _submit(no, form, act, "resolve_form")


@bp.post("/cases/<no>/second_call", endpoint="case_second_call")
@requires(Permission.SUPERVISE)
def second_call(no: str) -> ResponseReturnValue:
    """The supervisor's own call."""
    form = SecondCallForm()

    def act(case: Case) -> None:
        verdict = Verdict(form.verdict.data)
        words, exception = form.words.data, form.exception.data or ""
        followup.record_second_call(
            case, verdict, words, exception=exception, by=me(), at=clock.now()
        )

    return _submit(no, form, act, "second_form")


@bp.post("/cases/<no>/note", endpoint="case_note")
@requires(Permission.HANDLE_CASE, Permission.SUPERVISE)
def note(no: str) -> ResponseReturnValue:
    """Add a line to the log."""
    form = EntryForm(prefix="entry")

    def act(case: Case) -> None:
        cases.write(case, form.words.data, by=me(), at=clock.now())

    return _submit(no, form, act, "entry_form")


@bp.post("/cases/<no>/offer", endpoint="case_offer")
@requires(Permission.HANDLE_CASE)
def offer(no: str) -> ResponseReturnValue:
    """Offer the case to somebody else."""
    form = OfferForm()
    form.to.choices = _colleagues()

    def act(case: Case) -> None:
        cases.offer(case, staff.get_user(form.to.data), by=me(), at=clock.now())

    return _submit(no, form, act, "offer_form")


def _submit(no: str, form: web.Form, act: Callable[[Case], None], name: str) -> ResponseReturnValue:
    if form.carry_out(lambda: act(_get(no))):
        return redirect(url_for("followup.case", no=no))
    return _page(no, form.status, **{name: form})


def _saved(no: str) -> ResponseReturnValue:
    db.commit()
    return redirect(url_for("followup.case", no=no))


def _get(no: str) -> Case:
    return cases.get_case(no, me().branch_id)


def _colleagues() -> list[SelectChoice]:
    def handles(user: User) -> bool:
        return user.may(Permission.HANDLE_CASE) and user.id != me().id

    users = filter(handles, staff.list_users(me().branch_id))
    return [SelectChoice(user.id, user.display_name) for user in users]


def _page(no: str, status: int = 200, **forms: web.Form) -> ResponseReturnValue:
    case = _get(no)
    offer_form = forms.get("offer_form") or OfferForm(formdata=None)
    offer_form["to"].choices = _colleagues()
    is_mine = case.owner_id == me().id or me().may(Permission.OVERRIDE)
    ruling = cases_gates.judge_second_call(case, me())
    refused_call = next(iter(ruling.refused), None) if me().may(Permission.SUPERVISE) else None
    return web.page(
        "followup/case.html",
        status,
        case=case,
        can_book=case.order is not None and me().may(Permission.BOOK),
        refused_call=refused_call,
        entries=cases.list_entries(case),
        missing=cases_gates.missing_to_close(case),
        is_mine=is_mine,
        ruling=ruling,
        exceptions=separation.list_for(case),
        plan_form=forms.get("plan_form") or PlanForm(formdata=None),
        resolve_form=forms.get("resolve_form") or ResolveForm(formdata=None),
        second_form=forms.get("second_form") or SecondCallForm(formdata=None),
        entry_form=forms.get("entry_form") or EntryForm(formdata=None, prefix="entry"),
        offer_form=offer_form,
        can_offer=is_mine and not case.is_closed and bool(offer_form["to"].choices),
        refused=[form for form in forms.values() if form.refusal is not None],
    )
