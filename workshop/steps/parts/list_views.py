"""One pick list: into the basket, out to the technician, and back."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.errors import N_, Invalid
from workshop.shop import queries as shop
from workshop.shop.models import Technician
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts import picking, queries, replacing, returns, timing, worklist
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.forms import BasketForm, IssueForm, ReturnForm, UnusedForm
from workshop.steps.parts.models import PickLine, PickList


@bp.get("/parts/<list_no>")
@requires(Permission.PICK_PARTS)
def pick_list(list_no: str) -> ResponseReturnValue:
    """One pick list: tap each part into the basket, give it out, take it back."""
    return _list_page(queries.get_list(me().branch_id, list_no))


def _list_page(
    shown: PickList,
    *,
    issue_form: IssueForm | None = None,
    basket_form: BasketForm | None = None,
    line_form: web.QuantityForm | None = None,
    line_id: int | None = None,
) -> ResponseReturnValue:
    row = worklist.make_row(shown)
    issue_form = issue_form or IssueForm(formdata=None)
    issue_form.offer(shop.list_technicians(g.branch), row.technician)
    basket_form = basket_form or BasketForm(formdata=None, basket_no=shown.basket_no)
    forms = [issue_form, basket_form, *([line_form] if line_form else [])]
    return web.page(
        "parts/pick_list.html",
        max(form.status for form in forms),
        row=row,
        pick_list=shown,
        order=shown.order,
        lines=sorted(row.lines, key=lambda line: (worklist.bin_of(line), line.id)),
        bin_of=worklist.bin_of,
        jobs=timing.list_jobs(line.quotation_line for line in row.lines),
        moves=queries.list_moves(shown),
        issue_form=issue_form,
        basket_form=basket_form,
        line_form=line_form,
        line_id=line_id,
        return_form=_return_form(line_form),
        is_open=replacing.is_open,
        at=clock.now(),
    )


def _return_form(refused: web.QuantityForm | None) -> ReturnForm:
    return refused if isinstance(refused, ReturnForm) else ReturnForm(formdata=None)


@bp.post("/parts/lines/<int:line_id>/pick")
@requires(Permission.PICK_PARTS)
def pick(line_id: int) -> ResponseReturnValue:
    """Put a line into the basket: all that is reserved, or the quantity that was typed."""
    line = queries.get_line(me().branch_id, line_id)
    if "quantity" not in request.form:
        picking.pick(line, by=me(), at=clock.now())
        return _done(line)
    form = web.QuantityForm()
    if form.carry_out(
        lambda: picking.pick(line, by=me(), at=clock.now(), quantity_milli=form.quantity_milli)
    ):
        return _to_line(line)
    return _list_page(line.pick_list, line_form=form, line_id=line.id)


@bp.post("/parts/lines/<int:line_id>/put-back")
@requires(Permission.PICK_PARTS)
def put_back(line_id: int) -> ResponseReturnValue:
    """Take a line out of the basket again."""
    line = queries.get_line(me().branch_id, line_id)
    picking.put_back(line, by=me(), at=clock.now())
    return _done(line)


def _done(line: PickLine) -> ResponseReturnValue:
    db.commit()
    return _to_line(line)


def _to_line(line: PickLine) -> ResponseReturnValue:
    address = url_for(".pick_list", list_no=line.pick_list.no)
    return redirect(f"{address}#line-{line.id}")


@bp.post("/parts/<list_no>/issue")
@requires(Permission.PICK_PARTS)
def issue(list_no: str) -> ResponseReturnValue:
    """Give the basket to a technician."""
    shown = queries.get_list(me().branch_id, list_no)
    form = IssueForm()
    form.offer(shop.list_technicians(g.branch), None)
    taken_by: list[Technician] = []

    def act() -> None:
        technician = shop.get_technician(form.technician_id.data, g.branch)
        picking.issue(shown, technician, by=me(), at=clock.now())
        taken_by.append(technician)

    if form.carry_out(act):
        flash(gettext("Issued to %(name)s.", name=taken_by[0].name), "good")
        return redirect(url_for(".pick_list", list_no=list_no))
    return _list_page(queries.get_list(me().branch_id, list_no), issue_form=form)


@bp.post("/parts/<list_no>/basket")
@requires(Permission.PICK_PARTS)
def change_basket(list_no: str) -> ResponseReturnValue:
    """Use another basket."""
    shown = queries.get_list(me().branch_id, list_no)
    form = BasketForm()
    if form.carry_out(
        lambda: picking.change_basket(shown, form.basket_no.data, by=me(), at=clock.now())
    ):
        return redirect(url_for(".pick_list", list_no=list_no))
    return _list_page(queries.get_list(me().branch_id, list_no), basket_form=form)


@bp.post("/parts/<list_no>/clear")
@requires(Permission.PICK_PARTS)
def clear(list_no: str) -> ResponseReturnValue:
    """The basket of a cancelled order is back on the shelf."""
    shown = queries.get_list(me().branch_id, list_no)
    picking.clear_cancelled(shown, by=me(), at=clock.now())
    db.commit()
    flash(gettext("Basket %(number)s is empty and free.", number=shown.basket_no), "good")
    return redirect(url_for(".index", view="back"))


@bp.post("/parts/lines/<int:line_id>/unused")
@requires(Permission.PICK_PARTS, Permission.QUOTE)
def report_unused(line_id: int) -> ResponseReturnValue:
    """Say that issued pieces are not needed; the counter sees that they have to come back."""
    line = queries.get_line(me().branch_id, line_id)
    form = UnusedForm()
    if not form.validate():
        raise Invalid(N_("Enter a quantity such as 2 or 4.5."))
    returns.report_unused(line, form.quantity_milli, reason=form.why, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for(".show", no=line.pick_list.order.no))


@bp.post("/parts/lines/<int:line_id>/return")
@requires(Permission.PICK_PARTS)
def give_back(line_id: int) -> ResponseReturnValue:
    """Take pieces back: good ones onto the shelf, defective ones apart."""
    line = queries.get_line(me().branch_id, line_id)
    form = ReturnForm()

    def act() -> None:
        milli, note = form.quantity_milli, form.note.data or ""
        returns.give_back(line, milli, reason=form.why, note=note, by=me(), at=clock.now())

    if form.carry_out(act):
        return _to_line(line)
    return _list_page(line.pick_list, line_form=form, line_id=line.id)


@bp.post("/parts/lines/<int:line_id>/again")
@requires(Permission.PICK_PARTS)
def need_again(line_id: int) -> ResponseReturnValue:
    """Another piece is needed in the place of one that came back."""
    return _replace(line_id, replacing.need_again)


@bp.post("/parts/lines/<int:line_id>/give-up")
@requires(Permission.PICK_PARTS)
def give_up(line_id: int) -> ResponseReturnValue:
    """No other piece is needed after all."""
    return _replace(line_id, replacing.give_up)


def _replace(line_id: int, act: Callable[..., None]) -> ResponseReturnValue:
    line = queries.get_line(me().branch_id, line_id)
    form = web.QuantityForm()
    if form.carry_out(lambda: act(line, form.quantity_milli, by=me(), at=clock.now())):
        return _to_line(line)
    return _list_page(line.pick_list, line_form=form, line_id=line.id)


@bp.post("/parts/lines/<int:line_id>/old-wanted")
@requires(*returns.MAY_WANT_OLD)
def want_old(line_id: int) -> ResponseReturnValue:
    """Keep the replaced part for the customer or the warranty, or do not."""
    line = queries.get_line(me().branch_id, line_id)
    wanted = request.form.get("wanted") == "yes"
    returns.want_old(line, wanted, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for(".show", no=line.pick_list.order.no))


@bp.post("/parts/lines/<int:line_id>/old-bagged")
@requires(Permission.PICK_PARTS)
def bag_old(line_id: int) -> ResponseReturnValue:
    """The replaced part lies in a tagged bag."""
    line = queries.get_line(me().branch_id, line_id)
    returns.bag_old(line, by=me(), at=clock.now())
    return _done(line)
