"""What a part costs us and what it is sold for; who sells it; the mark-up of the branch."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.register import forms, markup_forms, part_page
from workshop.stock.parts import queries as register
from workshop.stock.parts import service as parts
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import service as pricing
from workshop.stock.suppliers import queries as suppliers
from workshop.stock.suppliers import service as supplying


def _to_part(part_id: int) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    return redirect(url_for(".part", part_id=part_id))


@bp.post("/parts/register/<int:part_id>/price")
@requires(Permission.MANAGE_PARTS)
def set_price(part_id: int) -> ResponseReturnValue:
    """A price from a day on."""
    part = register.get_part(part_id)
    form = forms.PriceForm.posted()
    if form.carry_out(
        lambda: pricing.set_price(
            part,
            form.price_fen,
            form.valid_from.data,
            form.reason.data or "",
            today=part_page.today(),
            is_meant=form.is_meant.data,
            by=me(),
            at=clock.now(),
        )
    ):
        return _to_part(part_id)
    return part_page.render(register.get_part(part_id), price=form)


@bp.post("/parts/register/<int:part_id>/prices/<int:price_id>/take-back")
@requires(Permission.MANAGE_PARTS)
def take_back_price(part_id: int, price_id: int) -> ResponseReturnValue:
    """A price that has not begun is taken back."""
    part = register.get_part(part_id)
    row = prices.get_price(part, price_id)
    form = forms.TakeBackForm()
    if form.carry_out(
        lambda: pricing.take_back(
            row, part, form.reason.data or "", today=part_page.today(), by=me(), at=clock.now()
        )
    ):
        return _to_part(part_id)
    return part_page.render(register.get_part(part_id), take_back=form)


@bp.post("/parts/register/<int:part_id>/cost")
@requires(Permission.MANAGE_PARTS)
def set_cost(part_id: int) -> ResponseReturnValue:
    """What it costs us, and whether the price follows."""
    part = register.get_part(part_id)
    form = forms.CostForm.posted()
    seen_fen = form.seen_fen
    if form.carry_out(
        lambda: parts.set_cost(
            part,
            form.cost_fen,
            g.branch.id,
            follows=form.follows.data,
            today=part_page.today(),
            seen_fen=seen_fen,
            is_meant=form.is_meant.data,
            by=me(),
            at=clock.now(),
        )
    ):
        return _to_part(part_id)
    return part_page.render(register.get_part(part_id), cost=form)


@bp.post("/parts/register/<int:part_id>/suppliers")
@requires(Permission.MANAGE_PARTS)
def tie_supplier(part_id: int) -> ResponseReturnValue:
    """Who sells it."""
    part = register.get_part(part_id)
    form = forms.OfferForm.posted()
    form.offer(suppliers.list_suppliers(only_active=True))

    def act() -> None:
        supplier = suppliers.get_supplier(form.supplier_id.data)
        cost_fen = form.cost_fen if me().may(Permission.SEE_COST) else None
        their_no, lead_days = form.their_no.data or "", form.lead_days.data
        supplying.tie(part, supplier, their_no, cost_fen, lead_days, by=me(), at=clock.now())

    if form.carry_out(act):
        return _to_part(part_id)
    return part_page.render(register.get_part(part_id), offer=form)


@bp.post("/parts/register/<int:part_id>/suppliers/<int:supplier_id>/untie")
@requires(Permission.MANAGE_PARTS)
def untie_supplier(part_id: int, supplier_id: int) -> ResponseReturnValue:
    """The supplier sells it no more."""
    offer = suppliers.find_offer(register.get_part(part_id), suppliers.get_supplier(supplier_id))
    if offer is not None:
        supplying.untie(offer, by=me(), at=clock.now())
        db.commit()
    return _to_part(part_id)


@bp.get("/parts/markup")
@requires(Permission.SEE_COST)
def markup() -> ResponseReturnValue:
    """The mark-up of this branch."""
    return _markup_page(markup_forms.MarkupForm.of(prices.list_tiers(g.branch.id)))


def _markup_page(form: markup_forms.MarkupForm) -> ResponseReturnValue:
    return web.page("parts/markup.html", form.status, form=form, rows=form.rows())


@bp.post("/parts/markup")
@requires(Permission.MANAGE_PARTS)
def set_markup() -> ResponseReturnValue:
    """Keep the mark-up; prices follow when their cost changes."""
    form = markup_forms.MarkupForm()
    seen = form.seen.data
    if form.carry_out(
        lambda: pricing.set_tiers(g.branch.id, form.tiers(), seen=seen, by=me(), at=clock.now())
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for(".markup"))
    return _markup_page(form)
