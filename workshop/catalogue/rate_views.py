"""The pages of labour rates: the grades with today's prices, one grade with its history."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, money, web
from workshop.catalogue import grades, page, pricing, queries
from workshop.catalogue.blueprint import bp
from workshop.catalogue.models import LabourRate, Payer
from workshop.catalogue.price_forms import GradeForm, LabourPriceForm, NamesForm
from workshop.errors import WorkshopError
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.web import versions

_MANAGE = requires(Permission.MANAGE_CATALOGUE)


@bp.get("/catalogue/rates")
@_MANAGE
def rates() -> ResponseReturnValue:
    """The grades with what an hour costs today."""
    return _list()


def _list(form: GradeForm | None = None) -> ResponseReturnValue:
    known = page.list_grades()
    return web.page(
        "catalogue/rates.html",
        form.status if form else 200,
        grades=known,
        unpriced=page.list_unpriced(),
        unchecked=page.count_unchecked(),
        form=form or GradeForm.first(page.today(), not known),
    )


@bp.post("/catalogue/rates")
@_MANAGE
def add_rate() -> ResponseReturnValue:
    """A new grade with its first price."""
    form = GradeForm.posted()
    if form.carry_out(lambda: _make(form)):
        flash(gettext("Saved."), "good")
        return redirect(url_for("catalogue.rates"))
    return _list(form)


def _make(form: GradeForm) -> LabourRate:
    return grades.make(
        g.branch.id,
        form.code.data or "",
        form.name_zh.data or "",
        form.name_en.data or "",
        money.fen_from_text(form.price.data or "", "price"),
        valid_from=form.valid_from.data,
        today=page.today(),
        by=me(),
        at=clock.now(),
    )


@bp.get("/catalogue/rates/<int:rate_id>")
@_MANAGE
def rate(rate_id: int) -> ResponseReturnValue:
    """One grade: prices by payer, what comes, and what was."""
    return _page(_get(rate_id))


def _get(rate_id: int) -> LabourRate:
    return queries.get_grade(g.branch.id, rate_id)


@bp.post("/catalogue/rates/<int:rate_id>/price")
@_MANAGE
def set_rate(rate_id: int) -> ResponseReturnValue:
    """The price of an hour for a payer from a day on."""
    form, found = LabourPriceForm.posted(), _get(rate_id)
    seen = request.form.get(f"seen-{form.chosen_payer.value}")
    if form.carry_out(
        lambda: pricing.set_labour_price(
            found,
            form.chosen_payer,
            form.fen(),
            valid_from=form.valid_from.data,
            today=page.today(),
            reason=form.reason.data or "",
            seen=seen,
            by=me(),
            at=clock.now(),
        )
    ):
        return _done(rate_id)
    return _page(_get(rate_id), price=form)


def _done(rate_id: int) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    return redirect(url_for("catalogue.rate", rate_id=rate_id))


@bp.post("/catalogue/rates/<int:rate_id>/price/<int:line_id>/take-back")
@_MANAGE
def take_back_rate(rate_id: int, line_id: int) -> ResponseReturnValue:
    """Take back a price that has not begun."""
    found = _get(rate_id)
    refusal = web.carry_out(
        lambda: pricing.take_back_labour_price(
            found, line_id, today=page.today(), by=me(), at=clock.now()
        )
    )
    return _done(rate_id) if refusal is None else _page(_get(rate_id), refusal=refusal)


@bp.post("/catalogue/rates/<int:rate_id>/names")
@_MANAGE
def rename_rate(rate_id: int) -> ResponseReturnValue:
    """Other names."""
    form, found = NamesForm.posted(), _get(rate_id)
    seen = form.seen.data
    if form.carry_out(
        lambda: grades.rename(
            found,
            form.name_zh.data or "",
            form.name_en.data or "",
            seen=seen,
            by=me(),
            at=clock.now(),
        )
    ):
        return _done(rate_id)
    return _page(_get(rate_id), names=form)


@bp.post("/catalogue/rates/<int:rate_id>/use")
@_MANAGE
def use_rate(rate_id: int) -> ResponseReturnValue:
    """Retire it, or use it again."""
    found, active = _get(rate_id), request.form.get("active") == "yes"
    refusal = web.carry_out(lambda: grades.put_in_use(found, active, by=me(), at=clock.now()))
    return _done(rate_id) if refusal is None else _page(_get(rate_id), refusal=refusal)


def _page(
    found: LabourRate,
    *,
    price: LabourPriceForm | None = None,
    names: NamesForm | None = None,
    refusal: WorkshopError | None = None,
) -> ResponseReturnValue:
    day = page.today()
    prices = queries.price_list(g.branch.id, day)
    refused = price or names
    seen = {payer.value: versions.mark(pricing.labour_state(found, payer)) for payer in Payer}
    return web.page(
        "catalogue/rate.html",
        web.status_of(refusal) if refusal else refused.status if refused else 200,
        rate=found,
        prices=[(payer, prices.hours.get((found.code, payer.value))) for payer in Payer],
        customer_fen=prices.hour_fen(found.code),
        history=page.history(queries.list_labour_prices(found)),
        take_back=lambda line_id: url_for(
            "catalogue.take_back_rate", rate_id=found.id, line_id=line_id
        ),
        seen=seen,
        price=price or LabourPriceForm.blank(valid_from=day),
        names=names or _names(found),
        refusal=page.said(refusal),
    )


def _names(found: LabourRate) -> NamesForm:
    state = grades.state_of(found.name_zh, found.name_en)
    return NamesForm.blank(name_zh=found.name_zh, name_en=found.name_en, seen=versions.mark(state))
