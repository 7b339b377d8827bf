"""All parts: looked for, made, copied, changed, retired."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, paging, web
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.register import forms, part_page, retiring, sheets
from workshop.stock import queries as stock
from workshop.stock.models import Part
from workshop.stock.parts import places
from workshop.stock.parts import queries as register
from workshop.stock.parts import service as parts
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import rules as markup
from workshop.web import versions


@bp.get("/parts/register")
@requires(Permission.PICK_PARTS, Permission.MANAGE_PARTS)
def list_parts() -> ResponseReturnValue:
    """All parts by number, with what they cost today."""
    asked = access.asked()
    text, retired = asked.text, sheets.is_retired(asked)
    found = paging.read_page(sheets.find_parts(asked), asked.page)
    day = part_page.today()
    return web.page(
        "parts/register.html",
        text=text,
        view="retired" if retired else "used",
        found=found,
        prices=prices.prices_on([part for part, _ in found.rows], day),
        margin=markup.margin_fen,
        url=url_for(".list_parts", q=text or None, view="retired" if retired else None),
    )


@bp.get("/parts/register/new")
@requires(Permission.MANAGE_PARTS)
def new_part() -> ResponseReturnValue:
    """The form for a new part; a copy begins with what another is."""
    copied = request.args.get("copy", type=int)
    data = {"no": request.args.get("no", ""), "choice_group": request.args.get("kind", "")}
    if copied is not None:
        data = forms.DescriptionForm.data_of(register.get_part(copied)) | {"no": "", "barcode": ""}
    return _new_page(forms.NewPartForm(formdata=None, data=data))


def _new_page(form: forms.NewPartForm) -> ResponseReturnValue:
    return web.page("parts/new_part.html", form.status, form=form, groups=register.list_groups())


@bp.post("/parts/register/new")
@requires(Permission.MANAGE_PARTS)
def make_part() -> ResponseReturnValue:
    """Add the part."""
    form = forms.NewPartForm()
    if not form.carry_out(
        lambda: parts.make(form.values(), form.money_of(me()), g.branch.id, by=me(), at=clock.now())
    ):
        return _new_page(form)
    flash(gettext("Part %(no)s is in the register.", no=form.outcome.no), "good")
    return redirect(url_for(".part", part_id=form.outcome.id))


@bp.get("/parts/register/<int:part_id>")
@requires(Permission.MANAGE_PARTS)
def edit_part(part_id: int) -> ResponseReturnValue:
    """What the part is, to be changed."""
    part = register.get_part(part_id)
    seen = versions.mark(parts.state_of(parts.particulars_of(part)))
    data = forms.DescriptionForm.data_of(part) | {"seen": seen}
    return _edit_page(part, forms.DescriptionForm(formdata=None, data=data))


def _edit_page(part: Part, form: forms.DescriptionForm) -> ResponseReturnValue:
    return web.page(
        "parts/edit_part.html", form.status, part=part, form=form, groups=register.list_groups()
    )


@bp.post("/parts/register/<int:part_id>")
@requires(Permission.MANAGE_PARTS)
def change_part(part_id: int) -> ResponseReturnValue:
    """Keep what was changed."""
    part = register.get_part(part_id)
    form = forms.DescriptionForm()
    seen = form.seen.data
    if not form.carry_out(
        lambda: parts.change(part, form.values(), seen=seen, by=me(), at=clock.now())
    ):
        return _edit_page(register.get_part(part_id), form)
    return _to_part(part_id)


def _to_part(part_id: int) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    return redirect(url_for(".part", part_id=part_id))


@bp.post("/parts/register/<int:part_id>/use")
@requires(Permission.MANAGE_PARTS)
def use_part(part_id: int) -> ResponseReturnValue:
    """Out of use, or into use again."""
    part = register.get_part(part_id)
    form = web.Form()
    active = request.form.get("active") == "yes"
    if form.carry_out(lambda: retiring.use(part, active, by=me(), at=clock.now())):
        return _to_part(part_id)
    return part_page.render(register.get_part(part_id), use=form)


@bp.post("/parts/register/<int:part_id>/place")
@requires(Permission.PICK_PARTS)
def place_part(part_id: int) -> ResponseReturnValue:
    """The bin and the minimum at this branch."""
    part = register.get_part(part_id)
    form = forms.PlaceForm.posted()
    seen = form.seen.data

    def act() -> None:
        bin_code = form.bin_code.data or ""
        minimum = form.minimum_milli
        places.place(part, g.branch, bin_code, minimum, seen=seen, by=me(), at=clock.now())

    if form.carry_out(act):
        return _to_part(part_id)
    return part_page.render(register.get_part(part_id), place=form)


@bp.post("/parts/register/<int:part_id>/successor")
@requires(Permission.MANAGE_PARTS)
def replace_part(part_id: int) -> ResponseReturnValue:
    """Which part replaces this one."""
    part = register.get_part(part_id)
    form = forms.SuccessorForm.posted()

    def act() -> None:
        no = form.successor_no.data
        successor = stock.get_part(no) if no else None
        retiring.replace(part, successor, by=me(), at=clock.now())

    if form.carry_out(act):
        return _to_part(part_id)
    return part_page.render(register.get_part(part_id), successor=form)
