"""The advisor's home, the repair-order page, search, and pictures."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.desk import found_page, order_page, sheets, style_page
from workshop.desk.blueprint import bp
from workshop.desk.inbox import page as inbox_page
from workshop.desk.inbox import rows as inbox
from workshop.errors import N_, NotFound
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import AttachmentKind
from workshop.orders.rows import Need
from workshop.staff import access, audit
from workshop.staff import service as staff
from workshop.staff.access import me, on_floor, requires, signed_in
from workshop.staff.permissions import Permission
from workshop.web import navigation


@bp.get("/")
@on_floor
@signed_in
def home() -> ResponseReturnValue:
    """What needs doing next; people without orders are shown to their own first page."""
    if not me().may(Permission.VIEW_ORDERS):
        return redirect(_first_page())
    asked = access.asked()
    whose, rows = sheets.whose(asked), sheets.list_rows(asked)
    counts = {need: sum(row.need is need for row in rows) for need in Need}
    advisor = me() if whose == "mine" else None
    return web.page(
        "desk/home.html",
        rows=sheets.list_shown(asked, rows),
        counts=counts,
        whose=whose,
        wanted=sheets.need_of(asked),
        arrivals=inbox.list_arrivals(g.branch, advisor, clock.now()),
        inbox=inbox_page.find(g.branch, me(), clock.now()),
    )


@bp.get("/changes")
@on_floor
@signed_in
def changes() -> ResponseReturnValue:
    """The number of the last act; 304 for a page that knows it: for pages without a socket."""
    number = str(audit.newest())
    if number in request.if_none_match:
        return "", HTTPStatus.NOT_MODIFIED
    return {"tag": number}


def _first_page() -> str:
    groups = navigation.menu(me())
    return groups[0][1][0].url if groups else url_for("desk.nothing")


@bp.get("/nothing-to-do")
@signed_in
def nothing() -> ResponseReturnValue:
    """For somebody whose roles open no page yet."""
    return web.page("desk/nothing.html")


@bp.get("/orders/<no>")
@requires(Permission.VIEW_ORDERS)
def order(no: str) -> ResponseReturnValue:
    """One repair order: where it is, what it still needs, and who did what when."""
    return order_page.show(orders.get_order(no, me().branch_id), clock.now())


@bp.get("/search")
@requires(Permission.VIEW_ORDERS, Permission.VIEW_CUSTOMERS)
def search() -> ResponseReturnValue:
    """What the palette shows for the words typed so far."""
    text = request.args.get("q", "")
    found = found_page.look_up(text, g.branch, me(), clock.now())
    return web.page("desk/_found.html", found=found)


@bp.get("/attachments/<int:attachment_id>")
@on_floor
@signed_in
def attachment(attachment_id: int) -> ResponseReturnValue:
    """A kept picture of an order of this branch."""
    found = orders.get_attachment(attachment_id, me().branch_id)
    if found.kind is AttachmentKind.SIGNATURE:
        staff.require_permission(me(), Permission.VIEW_CUSTOMERS)
    answer = Response(found.data, mimetype=found.mime)
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.get("/style")
@signed_in
def style() -> ResponseReturnValue:
    """Every component of the visual language, for those who build pages."""
    settings = current_app.extensions["workshop_settings"]
    if not (settings.demo or settings.testing):
        raise NotFound(N_("There is no such page."))
    return web.page("desk/style.html", stages=Stage, **style_page.samples(clock.now()))
