"""The manager's page of online booking: open or closed, its limits, its services, its address."""

from __future__ import annotations

from dataclasses import asdict

import segno
from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from workshop import clock, web
from workshop.book.blueprint import bp
from workshop.book.forms import SettingsForm
from workshop.catalogue import queries as catalogue
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking.online import queries, settings
from workshop.steps.booking.online.settings import Values


@bp.get("/shop/online-booking")
@requires(Permission.MANAGE_SHOP)
def edit_settings() -> ResponseReturnValue:
    """The rules as they are, the services, and the address with its printed square."""
    kept = queries.rules_of(g.branch)
    form = SettingsForm(formdata=None, obj=kept)
    form.version.data = str(kept.version)
    return _page(form)


@bp.post("/shop/online-booking")
@requires(Permission.MANAGE_SHOP)
def save_settings() -> ResponseReturnValue:
    """Set them."""
    form = SettingsForm()
    if form.carry_out(lambda: _save(form)):
        flash(gettext("Saved."), "good")
        return redirect(url_for("book.edit_settings"))
    return _page(form)


def _save(form: SettingsForm) -> None:
    names = asdict(Values(is_open=False))
    values = Values(**{name: form[name].data for name in names if form[name].data is not None})
    settings.set_rules(
        g.branch,
        values,
        seen_version=web.whole(form.version.data),
        by=me(),
        at=clock.now(),
    )
    settings.offer(g.branch, _offered(), by=me(), at=clock.now())


def _offered() -> dict[int, tuple[str, str]]:
    """The packages that are ticked, each with its words."""
    chosen = [web.whole(each) for each in request.form.getlist("offered")]
    words = request.form
    return {each: (words.get(f"zh{each}", ""), words.get(f"en{each}", "")) for each in chosen}


def _frame(form: SettingsForm) -> str:
    """What another site's page needs, once a site may show it."""
    address = web.full_address("book.embed_start", code=g.branch.code)
    return (
        f'<iframe src="{address}" width="100%" height="900"></iframe>' if form.origins.data else ""
    )


def _page(form: SettingsForm) -> ResponseReturnValue:
    address = web.full_address("book.start", code=g.branch.code)
    code = segno.make_qr(address, error="m")
    return web.page(
        "book/settings.html",
        form.status,
        form=form,
        packages=[each for each in catalogue.list_packages() if each.active],
        offered={each.package_id: each for each in queries.list_services(g.branch)},
        address=address,
        frame=_frame(form),
        code=Markup(code.svg_inline(scale=5, border=2, omitsize=True, lineclass="", svgclass="qr")),
    )
