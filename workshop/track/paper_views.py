"""Pictures and papers of the visit, behind the customer's link."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from workshop import clock, web
from workshop.errors import N_, NotFound
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import public
from workshop.steps.handover import pdf as handover_pdf
from workshop.steps.reception import pdf as reception_pdf
from workshop.steps.settlement import pdf as settlement_pdf
from workshop.steps.settlement import queries as settlement
from workshop.track import ending, page, story
from workshop.track.blueprint import bp


@bp.get("/t/<token>/picture/<int:picture_id>")
@public
def picture(token: str, picture_id: int) -> ResponseReturnValue:
    """A picture of the visit's story; no other picture of the order."""
    order = page.open_order(token)
    if picture_id not in story.list_photos(order):
        raise NotFound(N_("There is no such picture."))
    kept = orders.get_attachment(picture_id, order.branch_id)
    answer = Response(kept.data, mimetype=kept.mime)
    # What was photographed does not change; the phone need not fetch it again.
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@bp.get("/t/<token>/papers/<name>.pdf")
@public
def visit_paper(token: str, name: str) -> ResponseReturnValue:
    """A paper of the visit that the customer has in the hand as well."""
    order = page.open_order(token)
    if name not in dict(ending.list_papers(order)):
        raise NotFound(N_("There is no such paper."))
    return web.paper(_DRAWN[name](order, token), f"{order.no}-{name}")


def _walkaround(order: RepairOrder, token: str) -> bytes:
    return reception_pdf.walkaround_sheet(order, _url(token), str(get_locale()), clock.now())


def _settlement(order: RepairOrder, token: str) -> bytes:
    return settlement_pdf.settlement_list(settlement.get_live(order), order_url=_url(token))


def _handover(order: RepairOrder, token: str) -> bytes:
    return handover_pdf.handover_sheet(order, order_url=_url(token))


def _url(token: str) -> str:
    return web.full_address("track.show_order", token=token)


_DRAWN: dict[str, Callable[[RepairOrder, str], bytes]] = {
    "walkaround": _walkaround,
    "settlement": _settlement,
    "handover": _handover,
}
