"""Pages of the step: the lists, the quotation of an order, its offer and its answer."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.customers.contacts import queries as contacts
from workshop.db import session
from workshop.errors import N_, NotFound, require
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.quotation import (
    answers,
    forms,
    gates,
    lists,
    queries,
    today_offers,
    versions,
)
from workshop.steps.quotation import page as show
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.blueprint import bp
from workshop.steps.quotation.models import ConsentChannel, Quotation
from workshop.steps.quotation.pricing import todays_prices
from workshop.steps.quotation.sheet import pdf

_ANSWER = "/orders/<no>/quotation/<int:quotation_id>"


@bp.get("/quotation")
@requires(Permission.QUOTE)
def index() -> ResponseReturnValue:
    """What waits for a quotation, what waits for the customer, and what was approved today."""
    return web.page("quotation/index.html", lists=lists.Lists(me().branch_id, clock.now()))


@bp.get("/quotation/free-time")
@requires(Permission.QUOTE)
def free_time() -> ResponseReturnValue:
    """Today's free hours, and the work that cars here or booked today could still take."""
    branch = session.get_one(Branch, me().branch_id)
    return web.page("quotation/free_time.html", today=today_offers.find(branch, clock.now()))


@bp.get("/orders/<no>/quotation", endpoint="show")
@requires(Permission.QUOTE, Permission.VIEW_ORDERS, Permission.WARRANTY)
def show_page(no: str) -> ResponseReturnValue:
    """The quotation of an order beside the menu."""
    return show.render(show.order_of(no))


@bp.post("/orders/<no>/quotation/offer")
@requires(Permission.QUOTE)
def offer(no: str) -> ResponseReturnValue:
    """Offer the draft."""
    form = forms.OfferForm()
    without, despite = bool(form.without_parts.data), form.despite.data or ""
    if form.carry_out(
        lambda: quotation.offer(
            show.order_of(no),
            by=me(),
            at=clock.now(),
            seen_version=show.seen(),
            without_parts=without,
            despite=despite,
        )
    ):
        return redirect(url_for("quotation.show", no=no))
    return show.render(show.order_of(no), status=form.status, offer_form=form)


@bp.post(f"{_ANSWER}/renew")
@requires(Permission.QUOTE)
def renew(no: str, quotation_id: int) -> ResponseReturnValue:
    """Compute the offered time again."""
    offered = queries.get_quotation(show.order_of(no), quotation_id)
    quotation.renew_promise(offered, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("quotation.answer", no=no, quotation_id=quotation_id))


@bp.post(f"{_ANSWER}/revise")
@requires(Permission.QUOTE)
def revise(no: str, quotation_id: int) -> ResponseReturnValue:
    """Write a new version."""
    old = queries.get_quotation(show.order_of(no), quotation_id)
    versions.revise(old, by=me(), at=clock.now(), seen_version=show.seen())
    db.commit()
    return redirect(url_for("quotation.show", no=no))


@bp.post(f"{_ANSWER}/prices")
@requires(Permission.QUOTE)
def take_prices(no: str, quotation_id: int) -> ResponseReturnValue:
    """Let an open quotation cost what it costs today."""
    old = queries.get_quotation(show.order_of(no), quotation_id)
    todays_prices.take(old, by=me(), at=clock.now(), seen_version=show.seen())
    db.commit()
    return redirect(url_for("quotation.show", no=no))


@bp.post(f"{_ANSWER}/decline")
@requires(Permission.QUOTE)
def decline(no: str, quotation_id: int) -> ResponseReturnValue:
    """The customer wants nothing of it."""
    offered = queries.get_quotation(show.order_of(no), quotation_id)
    form = forms.DeclineForm()
    seen, reason = show.seen(), form.reason.data or ""
    if form.carry_out(
        lambda: quotation.decline(offered, reason, by=me(), at=clock.now(), seen_version=seen)
    ):
        return redirect(url_for("quotation.show", no=no))
    return show.render(show.order_of(no), status=form.status, decline_form=form)


@bp.route(f"{_ANSWER}/answer", methods=["GET", "POST"])
@requires(Permission.QUOTE)
def answer(no: str, quotation_id: int) -> ResponseReturnValue:
    """The customer decides on each line and signs, on this screen or by phone."""
    order = show.order_of(no)
    offered = queries.get_quotation(order, quotation_id)
    answers.require_offered(offered)
    form = forms.AnswerForm(seen=str(offered.version))
    if form.is_submitted():
        refusal = web.carry_out(lambda: _record_answer(offered, form))
        if refusal is None:
            return redirect(url_for("quotation.show", no=no))
        form.refuse(refusal)
    return _answer_page(show.order_of(no), quotation_id, form)


def _record_answer(offered: Quotation, form: forms.AnswerForm) -> None:
    groups = queries.list_groups(offered)
    record = quotation.authorise if offered.is_main else quotation.answer_addition
    record(
        offered,
        forms.read_decisions(request.form, groups),
        channel=web.member(ConsentChannel, form.channel.data) or ConsentChannel.IN_PERSON,
        evidence=form.evidence,
        signer_name=form.signature_typed.data or form.who.data or "",
        signature=web.signature_png(form.signature.data),
        authority=form.authority.data or "",
        device=request.user_agent.string,
        decline_reasons=forms.read_reasons(request.form, groups),
        seen_version=show.seen(),
        agreed_fen=forms.read_agreed(request.form),
        by=me(),
        at=clock.now(),
    )


def _answer_page(
    order: RepairOrder, quotation_id: int, form: forms.AnswerForm
) -> ResponseReturnValue:
    offered = queries.get_quotation(order, quotation_id)
    sheet = show.sheet(offered, clock.now())
    decisions = forms.read_decisions(request.form, sheet.groups)
    return web.page(
        "quotation/answer.html",
        form.status,
        order=order,
        sheet=sheet,
        form=form,
        decisions=decisions,
        reasons=forms.read_reasons(request.form, sheet.groups),
        chosen=show.add_up(sheet, decisions),
        photo=offered.photo_id,
        agreeing=contacts.list_agreeing(order.customer),
    )


@bp.get(f"{_ANSWER}/sum")
@requires(Permission.QUOTE)
def add_up(no: str, quotation_id: int) -> ResponseReturnValue:
    """What the lines ticked so far add up to."""
    sheet = show.sheet(queries.get_quotation(show.order_of(no), quotation_id))
    decisions = forms.read_decisions(request.args, sheet.groups)
    return web.page("quotation/_chosen.html", chosen=show.add_up(sheet, decisions))


@bp.get("/orders/<no>/quotation/authorisation.pdf")
@requires(Permission.QUOTE, Permission.VIEW_ORDERS)
def authorisation(no: str) -> ResponseReturnValue:
    """The service authorisation, or the offer while it is not signed; `version` names another."""
    order = show.order_of(no)
    wanted = request.args.get("version", type=int)
    found = queries.get_quotation(order, wanted) if wanted else queries.find_current(order)
    if found is None:
        raise NotFound(N_("There is no quotation yet."))
    require(gates.missing_to_print(found))
    data = pdf.service_authorisation(found, order_url=f"{request.url_root}orders/{no}")
    return web.paper(data, f"{found.no}-{found.version_no}")
