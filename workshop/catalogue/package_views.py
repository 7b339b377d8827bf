"""The pages of packages: the list, one package with the history of its price, a new one."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.catalogue import checking, packages, page, pricing, queries
from workshop.catalogue.blueprint import bp
from workshop.catalogue.models import Package
from workshop.catalogue.price_forms import PackageForm, PriceForm
from workshop.errors import WorkshopError
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.web import versions

_MANAGE = requires(Permission.MANAGE_CATALOGUE)


@bp.get("/catalogue/packages")
@_MANAGE
def list_packages() -> ResponseReturnValue:
    """The packages."""
    return _list()


def _list(status: int = 200, refusal: WorkshopError | None = None) -> ResponseReturnValue:
    wanted = page.Filter.of_request()
    return web.page(
        "catalogue/packages.html",
        status,
        wanted=wanted,
        found=page.list_rows(Package, wanted),
        unchecked=page.count_unchecked(),
        prices=queries.price_list(g.branch.id, page.today()),
        refusal=page.said(refusal),
    )


@bp.post("/catalogue/packages/confirm")
@_MANAGE
def confirm_packages() -> ResponseReturnValue:
    """Confirm all packages that the list shows."""
    found = page.list_found(Package, page.Filter.of_request())
    refusal = web.carry_out(lambda: checking.confirm(found, by=me(), at=clock.now()))
    if refusal is not None:
        return _list(web.status_of(refusal), refusal)
    flash(gettext("Rows confirmed: %(count)s.", count=len(found)), "good")
    return redirect(url_for("catalogue.list_packages"))


@bp.get("/catalogue/packages/new")
@_MANAGE
def new_package() -> ResponseReturnValue:
    """An empty form."""
    return _page(None, PackageForm.blank())


@bp.post("/catalogue/packages/new")
@_MANAGE
def add_package() -> ResponseReturnValue:
    """A new package."""
    form = PackageForm.posted()
    if form.carry_out(lambda: packages.make(form.particulars(), by=me(), at=clock.now())):
        return _done(form.outcome.id)
    return _page(None, form)


def _done(package_id: int) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    return redirect(url_for("catalogue.package", package_id=package_id))


@bp.get("/catalogue/packages/<int:package_id>")
@_MANAGE
def package(package_id: int) -> ResponseReturnValue:
    """One package."""
    found = queries.get_package(package_id)
    return _page(found, PackageForm.of(found))


@bp.post("/catalogue/packages/<int:package_id>")
@_MANAGE
def save_package(package_id: int) -> ResponseReturnValue:
    """Correct it."""
    form, found = PackageForm.posted(), queries.get_package(package_id)
    seen = form.seen.data
    if form.carry_out(
        lambda: packages.change(found, form.particulars(), seen=seen, by=me(), at=clock.now())
    ):
        return _done(package_id)
    return _page(queries.get_package(package_id), form)


@bp.post("/catalogue/packages/<int:package_id>/price")
@_MANAGE
def set_package_price(package_id: int) -> ResponseReturnValue:
    """A fixed price from a day on, or none any more."""
    form, found = PriceForm.posted(), queries.get_package(package_id)
    seen, day = form.seen.data, form.valid_from.data
    if form.carry_out(
        lambda: pricing.set_package_price(
            found,
            form.fen(),
            valid_from=day,
            today=page.today(),
            reason=form.reason.data or "",
            seen=seen,
            by=me(),
            at=clock.now(),
        )
    ):
        return _done(package_id)
    found = queries.get_package(package_id)
    return _page(found, PackageForm.of(found), price=form)


@bp.post("/catalogue/packages/<int:package_id>/price/<int:line_id>/take-back")
@_MANAGE
def take_back_package_price(package_id: int, line_id: int) -> ResponseReturnValue:
    """Take back a price that has not begun."""
    found = queries.get_package(package_id)
    refusal = web.carry_out(
        lambda: pricing.take_back_package_price(
            found, line_id, today=page.today(), by=me(), at=clock.now()
        )
    )
    return _after(package_id, refusal)


def _page(
    found: Package | None,
    form: PackageForm,
    *,
    price: PriceForm | None = None,
    refusal: WorkshopError | None = None,
) -> ResponseReturnValue:
    shown = price or form
    return web.page(
        "catalogue/package.html",
        web.status_of(refusal) if refusal else shown.status,
        package=found,
        form=form,
        price=price or (_price_form(found) if found else None),
        history=page.history(queries.list_package_prices(found)) if found else [],
        suggested=page.suggestions(),
        take_back=lambda line_id: url_for(
            "catalogue.take_back_package_price",
            package_id=found.id if found else 0,
            line_id=line_id,
        ),
        refusal=page.said(refusal),
    )


def _price_form(found: Package) -> PriceForm:
    day = page.today()
    return PriceForm.blank(valid_from=day, seen=versions.mark(pricing.package_state(found)))


@bp.post("/catalogue/packages/<int:package_id>/copy")
@_MANAGE
def copy_package(package_id: int) -> ResponseReturnValue:
    """Another one like it."""
    found = queries.get_package(package_id)
    made: list[Package] = []
    web.carry_out(lambda: made.append(packages.copy(found, by=me(), at=clock.now())))
    flash(gettext("This is the copy. Give it its own code and names."), "info")
    return redirect(url_for("catalogue.package", package_id=made[0].id))


@bp.post("/catalogue/packages/<int:package_id>/use")
@_MANAGE
def use_package(package_id: int) -> ResponseReturnValue:
    """Off the menu, or on it again."""
    found, active = queries.get_package(package_id), request.form.get("active") == "yes"
    refusal = web.carry_out(lambda: packages.put_in_use(found, active, by=me(), at=clock.now()))
    return _after(package_id, refusal)


@bp.post("/catalogue/packages/<int:package_id>/confirm")
@_MANAGE
def confirm_package(package_id: int) -> ResponseReturnValue:
    """It is right as the starter set has it."""
    found = queries.get_package(package_id)
    return _after(
        package_id, web.carry_out(lambda: checking.confirm([found], by=me(), at=clock.now()))
    )


def _after(package_id: int, refusal: WorkshopError | None) -> ResponseReturnValue:
    if refusal is None:
        return _done(package_id)
    found = queries.get_package(package_id)
    return _page(found, PackageForm.of(found), refusal=refusal)
