"""Two records of one customer or car are joined, and parted again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.customers import service as customers
from workshop.customers.merging import queries as merges
from workshop.customers.models import Customer, Vehicle
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking.blueprint import bp
from workshop.steps.booking.joining import page as join_page
from workshop.steps.booking.joining import service as joining
from workshop.steps.booking.joining.page import JoinForm, JoinPage


@bp.get("/customers/<int:customer_id>/join")
@requires(Permission.BOOK, Permission.RECEIVE)
def join_customer(customer_id: int) -> ResponseReturnValue:
    """Choose the other record, and see what would go over."""
    return _show(_customer_page(customer_id, request.args.get("with", "")), JoinForm(None))


@bp.post("/customers/<int:customer_id>/join")
@requires(Permission.BOOK, Permission.RECEIVE)
def do_join_customer(customer_id: int) -> ResponseReturnValue:
    """Join."""
    form = JoinForm()
    kept, gone = customers.get_customer(customer_id), _customer(form.gone_id.data or "")
    if form.carry_out(lambda: _join(gone, kept, form)):
        return _joined("booking.show_customer", customer_id=kept.id)
    return _show(_customer_page(customer_id, form.gone_id.data or ""), form)


@bp.post("/customers/joined/<int:merge_id>/part")
@requires(Permission.BOOK, Permission.RECEIVE)
def part_customers(merge_id: int) -> ResponseReturnValue:
    """Take a joining back."""
    merge = merges.get_customer_merge(merge_id)
    kept_id, gone_id = merge.kept_id, merge.gone_id
    error = web.carry_out(lambda: joining.part(merge, by=me(), at=clock.now()))
    flash(web.error_words(error) if error else gettext("Taken back."), "bad" if error else "good")
    shown = kept_id if error else gone_id
    return redirect(url_for("booking.show_customer", customer_id=shown))


@bp.get("/vehicles/<int:vehicle_id>/join")
@requires(Permission.BOOK, Permission.RECEIVE)
def join_vehicle(vehicle_id: int) -> ResponseReturnValue:
    """Choose the other record, and see what would go over."""
    return _show(_vehicle_page(vehicle_id, request.args.get("with", "")), JoinForm(None))


@bp.post("/vehicles/<int:vehicle_id>/join")
@requires(Permission.BOOK, Permission.RECEIVE)
def do_join_vehicle(vehicle_id: int) -> ResponseReturnValue:
    """Join."""
    form = JoinForm()
    kept, gone = customers.get_vehicle(vehicle_id), _vehicle(form.gone_id.data or "")
    if form.carry_out(lambda: _join(gone, kept, form)):
        return _joined("booking.show_vehicle", vehicle_id=kept.id)
    return _show(_vehicle_page(vehicle_id, form.gone_id.data or ""), form)


@bp.post("/vehicles/joined/<int:merge_id>/part")
@requires(Permission.BOOK, Permission.RECEIVE)
def part_vehicles(merge_id: int) -> ResponseReturnValue:
    """Take a joining back."""
    merge = merges.get_vehicle_merge(merge_id)
    kept_id, gone_id = merge.kept_id, merge.gone_id
    error = web.carry_out(lambda: joining.part(merge, by=me(), at=clock.now()))
    flash(web.error_words(error) if error else gettext("Taken back."), "bad" if error else "good")
    shown = kept_id if error else gone_id
    return redirect(url_for("booking.show_vehicle", vehicle_id=shown))


def _join(gone: Customer | Vehicle | None, kept: Customer | Vehicle, form: JoinForm) -> None:
    # Without a second record it is the same one, and the refusal says so.
    joining.join(gone or kept, kept, form.seen.data or "", by=me(), at=clock.now())


def _customer(text: str) -> Customer | None:
    number = web.whole(text)
    return customers.get_customer(number) if number else None


def _vehicle(text: str) -> Vehicle | None:
    number = web.whole(text)
    return customers.get_vehicle(number) if number else None


def _customer_page(customer_id: int, other: str) -> JoinPage:
    text = request.args.get("q", "").strip()
    return join_page.of_customer(customers.get_customer(customer_id), _customer(other), text)


def _vehicle_page(vehicle_id: int, other: str) -> JoinPage:
    text = request.args.get("q", "").strip()
    return join_page.of_vehicle(customers.get_vehicle(vehicle_id), _vehicle(other), text)


def _show(shown: JoinPage, form: JoinForm) -> ResponseReturnValue:
    return web.page("customers/join.html", form.status, page=shown, form=form)


def _joined(endpoint: str, **values: Any) -> ResponseReturnValue:
    flash(gettext("Joined. It can be taken back while nothing new hangs on it."), "good")
    return redirect(url_for(endpoint, **values))
