"""The page of kinds of parts: what operations need, and whether the shelf has any of it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.catalogue import checking, kinds, page, queries
from workshop.catalogue.blueprint import bp
from workshop.catalogue.models import PartKind
from workshop.catalogue.price_forms import KindForm
from workshop.errors import WorkshopError
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission

_MANAGE = requires(Permission.MANAGE_CATALOGUE)


@bp.get("/catalogue/kinds")
@_MANAGE
def list_kinds() -> ResponseReturnValue:
    """The kinds of parts."""
    return _list()


def _list(
    form: KindForm | None = None, status: int = 200, refusal: WorkshopError | None = None
) -> ResponseReturnValue:
    wanted = page.Filter.of_request()
    return web.page(
        "catalogue/kinds.html",
        form.status if form else status,
        wanted=wanted,
        found=page.list_rows(PartKind, wanted),
        parts=queries.count_parts_of_kinds(),
        needs=queries.count_needs_of_kinds(),
        unchecked=page.count_unchecked(),
        form=form or KindForm.blank(unit="件"),
        refusal=page.said(refusal),
    )


@bp.post("/catalogue/kinds")
@_MANAGE
def add_kind() -> ResponseReturnValue:
    """A new kind."""
    form = KindForm.posted()
    if form.carry_out(
        lambda: kinds.make(form.code.data or "", *form.said(), by=me(), at=clock.now())
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("catalogue.list_kinds"))
    return _list(form)


@bp.post("/catalogue/kinds/confirm")
@_MANAGE
def confirm_kinds() -> ResponseReturnValue:
    """Confirm all kinds that the list shows."""
    found = page.list_found(PartKind, page.Filter.of_request())
    refusal = web.carry_out(lambda: checking.confirm(found, by=me(), at=clock.now()))
    if refusal is not None:
        return _list(None, web.status_of(refusal), refusal)
    flash(gettext("Rows confirmed: %(count)s.", count=len(found)), "good")
    return redirect(url_for("catalogue.list_kinds"))


@bp.get("/catalogue/kinds/<int:kind_id>")
@_MANAGE
def kind(kind_id: int) -> ResponseReturnValue:
    """One kind."""
    found = kinds.get_kind(kind_id)
    return _page(found, KindForm.of(found))


def _page(
    found: PartKind, form: KindForm, refusal: WorkshopError | None = None
) -> ResponseReturnValue:
    return web.page(
        "catalogue/kind.html",
        web.status_of(refusal) if refusal else form.status,
        kind=found,
        form=form,
        users=kinds.list_users(found),
        parts=queries.list_parts_of_kind(found.code),
        refusal=page.said(refusal),
    )


@bp.post("/catalogue/kinds/<int:kind_id>")
@_MANAGE
def save_kind(kind_id: int) -> ResponseReturnValue:
    """Other names or another unit."""
    form, found = KindForm.posted(), kinds.get_kind(kind_id)
    seen = form.seen.data
    if form.carry_out(
        lambda: kinds.change(found, *form.said(), seen=seen, by=me(), at=clock.now())
    ):
        return _done(kind_id)
    return _page(kinds.get_kind(kind_id), form)


@bp.post("/catalogue/kinds/<int:kind_id>/use")
@_MANAGE
def use_kind(kind_id: int) -> ResponseReturnValue:
    """Retire it, or use it again."""
    found, active = kinds.get_kind(kind_id), request.form.get("active") == "yes"
    refusal = web.carry_out(lambda: kinds.put_in_use(found, active, by=me(), at=clock.now()))
    if refusal is None:
        return _done(kind_id)
    found = kinds.get_kind(kind_id)
    return _page(found, KindForm.of(found), refusal)


def _done(kind_id: int) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    return redirect(url_for("catalogue.kind", kind_id=kind_id))
